"""Notes: which hold on a day, in what order, and what is said of a direction or milestone."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from irbtrack.domain.dates import PartialDate, say_date
from irbtrack.domain.records import Note, Section
from irbtrack.domain.words import natural_order
from irbtrack.errors import Refused

_SECTIONS = {section.value: place for place, section in enumerate(Section)}


def in_force(notes: Iterable[Note], day: date) -> list[Note]:
    """The notes that hold on ``day``, in the report's order.

    A note holds until it is dropped and, if it is for one board only, until that day. They are
    ordered by section and what they are about; commentary the newest first, themes as they
    were begun, and others by their place.
    """
    holding = [
        note
        for note in notes
        if not (note.dropped_on and note.dropped_on <= day)
        and not (note.board_on and note.board_on < day)
    ]
    begun: dict[str | None, int] = {}
    for note in sorted(holding, key=lambda note: natural_order(note.ref)):
        begun.setdefault(note.theme, len(begun))

    def in_order(note: Note) -> tuple[Any, ...]:
        about = natural_order(note.direction or note.milestone or note.workstream or "")
        newest_first = -note.dated_on.toordinal() if note.section == Section.COMMENTARY else 0
        place = (newest_first, note.position, natural_order(note.ref))
        return (_SECTIONS[note.section], about, begun[note.theme], *place)

    return sorted(holding, key=in_order)


def commentary(notes: Iterable[Note], noun: str, ref: str) -> list[Note]:
    """What of ``notes`` is said of a direction or milestone: commentary, the newest first.

    Of one date, as an old report's paragraphs are, in the order in which it was recorded.
    """
    return sorted(
        (n for n in notes if n.section == Section.COMMENTARY and getattr(n, noun) == ref),
        key=lambda note: (-note.dated_on.toordinal(), natural_order(note.ref)),
    )


def comment_date(dated: PartialDate, on: date) -> PartialDate:
    """The date of a commentary, unless it is after the day it is recorded for."""
    if dated.day > on:
        raise Refused(
            f"a text dated {say_date(dated.day)} cannot hold from {say_date(on)}, which is"
            " earlier; give it an earlier date, or a later --on"
        )
    return dated


class Placed(Protocol):
    """What has a place among others of its kind."""

    @property
    def ref(self) -> str:
        """Its reference."""

    @property
    def position(self) -> int:
        """Its place."""


def placed(others: Sequence[Placed], place: int | None) -> tuple[int, dict[str, int]]:
    """The position that something new takes among ``others``, and the new ones of those it moves.

    Without ``place`` it comes last; with it, it becomes the first, second and so on, and those
    from there on move down.
    """
    ordered = sorted(others, key=lambda one: (one.position, natural_order(one.ref)))
    if place is None:
        return max((one.position for one in ordered), default=0) + 1, {}
    before, after = ordered[: place - 1], ordered[place - 1 :]
    own = len(before) + 1
    numbered = [*enumerate(before, 1), *enumerate(after, own + 1)]
    return own, {one.ref: number for number, one in numbered if one.position != number}
