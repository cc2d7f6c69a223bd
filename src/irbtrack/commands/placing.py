"""Places among others: what ``--place`` means for a note and for a workstream."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, TypeVar

import typer

from irbtrack.commands.session import Planned
from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.notes import placed
from irbtrack.domain.records import Note, Workstream
from irbtrack.errors import Misused, quoted
from irbtrack.store.database import Reader
from irbtrack.store.gather import versions_by

P = TypeVar("P", Note, Workstream)

Place = Annotated[
    str | None,
    typer.Option(
        "--place", metavar="N", help="1 to be the first of its kind, 2 the second; the last."
    ),
]


def read_place(given: str | None) -> int | None:
    """The place that ``--place`` names, from 1 on; None without it."""
    if given is None:
        return None
    if given.strip().isdecimal() and 1 <= int(given) <= 999:
        return int(given)
    raise Misused(f"{quoted(given)} is not a place; give 1 for the first, 2 for the second")


def place_among(
    reader: Reader, kind: type[P], beside: Callable[[P], bool], nth: int | None, day: date
) -> tuple[int, list[Planned]]:
    """The position of a record among those ``beside`` it, and the plan for those that it moves.

    Those that begin later than ``day`` count too, and are moved from their first day on.
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
