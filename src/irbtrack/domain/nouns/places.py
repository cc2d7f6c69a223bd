"""Give records a place among others of their kind."""

from collections.abc import Sequence
from typing import Protocol

from irbtrack.domain.words import natural_order


class Placed(Protocol):
    """What has a place among others of its kind."""

    @property
    def ref(self) -> str:
        """Its reference."""

    @property
    def position(self) -> int:
        """Its place."""


def placed(others: Sequence[Placed], place: int | None) -> tuple[int, dict[str, int]]:
    """Return the position of something new, and the new positions of those that it moves.

    Without ``place`` it comes last. Place 1 makes it the first, and so on; those from there on
    move down.
    """
    ordered = sorted(others, key=lambda one: (one.position, natural_order(one.ref)))
    if place is None:
        return max((one.position for one in ordered), default=0) + 1, {}
    before, after = ordered[: place - 1], ordered[place - 1 :]
    own = len(before) + 1
    numbered = [*enumerate(before, 1), *enumerate(after, own + 1)]
    return own, {one.ref: number for number, one in numbered if one.position != number}
