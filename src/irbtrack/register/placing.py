"""Make room for a record among others, by moving those that come after it."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.places import placed
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.register.session import Planned
from irbtrack.store.database import Reader
from irbtrack.store.gather import versions_by

P = TypeVar("P", Note, Workstream)


def place_among(
    reader: Reader, kind: type[P], beside: Callable[[P], bool], nth: int | None, day: date
) -> tuple[int, list[Planned]]:
    """Return the position of a record among those ``beside`` it, and whom it moves.

    Records that begin after ``day`` count too, and are moved from their first day on.
    """
    there: dict[str, tuple[P, date]] = {}
    for ref, versions in versions_by(reader, kind, FOREVER).items():
        record = version_on(versions, day) or versions[0].record
        if beside(record):
            there[ref] = record, max(day, versions[0].valid_from)
    position, moved = placed([record for record, _ in there.values()], nth)
    return position, [
        Planned(Change(kind.NOUN, ref, there[ref][1], {"position": to}), f"{ref}: place now {to}")
        for ref, to in moved.items()
    ]
