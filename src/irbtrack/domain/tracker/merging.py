"""A workbook that comes back: what was changed in it, and what in the register meanwhile.

A sheet that somebody else made says how things stand. A workbook that irbtrack made says so
only in the cells that were changed: the others are as they were on the day of the export.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from irbtrack.domain.nouns.officer import Person
from irbtrack.domain.tracker.cells import as_typed
from irbtrack.domain.tracker.sheet import Book, Cell
from irbtrack.errors import SheetUnusable

STATE_SHEET = "irbtrack"
"""The name of the hidden sheet that says what a workbook was exported from."""


_REFS_IN_A_CELL = 500


class State(NamedTuple):
    """What a workbook was exported from: the records of a noun on a day, as of an entry.

    ``people`` has who held each post then, because the journal doesn't.
    """

    noun: str
    as_of: date
    entry: int
    digest: str
    refs: tuple[str, ...]
    people: tuple[Person, ...] = ()

    def told(self) -> dict[str, str]:
        """Return the state as the rows of the hidden sheet.

        References are split over rows, because a cell has room for some hundred of them.
        """
        parts = range(0, len(self.refs), _REFS_IN_A_CELL)
        told = {
            "noun": self.noun,
            "as_of": self.as_of.isoformat(),
            "entry": str(self.entry),
            "digest": self.digest,
        } | {f"refs {n}": " ".join(self.refs[n : n + _REFS_IN_A_CELL]) for n in parts}
        for one in self.people:
            told |= {f"name {one.officer}": one.name or "", f"email {one.officer}": one.email or ""}
        return told


def state_of(book: Book) -> State | None:
    """Return what a workbook says it was exported from, or None if it is not irbtrack's.

    Raise :class:`SheetUnusable` if what it says has been changed beyond use.
    """
    for sheet in book.sheets:
        if sheet.name == STATE_SHEET:
            told = {as_typed(r[0]): as_typed(r[1]) for r in sheet.rows if len(r) > 1 and r[0]}
            if not told:
                return None
            try:
                day, entry = date.fromisoformat(told["as_of"]), int(told["entry"])
                refs = [ref for key in told if key.startswith("refs ") for ref in told[key].split()]
                people = _people(told, refs)
                return State(told["noun"], day, entry, told["digest"], tuple(refs), people)
            except (KeyError, ValueError):
                raise SheetUnusable(
                    f"{book.name}: its hidden sheet {STATE_SHEET!r} was changed, so nobody can say"
                    " what it was exported from; export it anew, or delete that sheet to have it"
                    " read as any other"
                ) from None
    return None


def _people(told: Mapping[str, str], refs: Iterable[str]) -> tuple[Person, ...]:
    return tuple(
        Person(ref, told[f"name {ref}"] or None, told.get(f"email {ref}") or None)
        for ref in refs
        if f"name {ref}" in told
    )


def same_cell(exported: Cell, returned: Cell) -> bool:
    """Return whether a cell still says what was exported.

    It may have another type, because spreadsheets change those.

    >>> same_cell("45", 45.0), same_cell(None, " "), same_cell(date(2023, 10, 31), "2023-10-31")
    (True, True, True)
    """
    return (
        as_typed(exported).replace("\r\n", "\n").strip()
        == as_typed(returned).replace("\r\n", "\n").strip()
    )


class Conflict(NamedTuple):
    """A field that was changed in the workbook and, since its export, in the register."""

    field: str
    theirs: Any
    ours: Any


def merged(
    said: Mapping[str, Any], exported: object, now: object, take: str | None
) -> tuple[dict[str, Any], list[Conflict]]:
    """Return what of a row's changes is to be recorded, and where they conflict.

    ``said`` has only what differs from what was ``exported``. A field conflicts if the register
    has changed it since. ``take`` decides: with ``theirs`` the workbook's value is recorded, with
    ``ours`` the register's is kept, and without it the conflicts are returned.
    """
    kept: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for field, value in said.items():
        was, ours = getattr(exported, field, None), getattr(now, field, None)
        if value == was:
            continue  # typed again as it was
        if ours in (was, value) or not hasattr(now, field):
            kept[field] = value
        elif take is None:
            conflicts.append(Conflict(field, value, ours))
        elif take == "theirs":
            kept[field] = value
    return kept, conflicts
