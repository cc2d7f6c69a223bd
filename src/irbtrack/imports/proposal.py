"""Work out an import: from a file's cells to what each row would change or why it can't."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from irbtrack.domain.field import FROM, Field, Holds
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.record import Record
from irbtrack.domain.tracker.cells import Reading, as_typed, fits, read_ref_alike
from irbtrack.domain.tracker.layout import Layout, TableRow, filled, table_rows
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.merging import State, state_of
from irbtrack.domain.tracker.sheet import Book, Cell, column_letters
from irbtrack.domain.tracker.statements import Intake, of_columns
from irbtrack.domain.tracker.story import Occasion
from irbtrack.domain.words import folded
from irbtrack.errors import IrbtrackError, Misused, printable
from irbtrack.exports.names import names_of
from irbtrack.imports.account import Account
from irbtrack.imports.importer import Importer
from irbtrack.imports.lookup import Lookup
from irbtrack.imports.matching import KnownRecords, announced
from irbtrack.imports.returned import Exported
from irbtrack.imports.sheet_choice import Chosen, chosen
from irbtrack.render.messages import note
from irbtrack.render.progress import Bar
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, records_as_of


class Wanted(NamedTuple):
    """What to import: a file's records of a noun, how to read them, and from which day.

    ``take`` says whose value wins where the register too has changed since the export.
    """

    book: Book
    noun: str
    asked: Asked
    day: Occasion
    create_missing: bool = False
    take: str | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that a sheet of the noun may have."""
        return (*FIELDS[self.noun], FROM)


class _Rows(NamedTuple):
    """The rows of a sheet that are records, and which column each field is in."""

    layout: Layout
    rows: Sequence[TableRow]

    def of(self, name: str) -> list[Cell]:
        """Return all cells of a field."""
        column = self.layout.columns.get(name)
        return [] if column is None else [row.cell(column) for row in self.rows]

    def found(self, row: TableRow) -> dict[str, Cell]:
        """Return the cells of a row, by field."""
        return {name: row.cell(column) for name, column in self.layout.columns.items()}


def worked_out(reader: Reader, wanted: Wanted, bar: Bar) -> Account:
    """Return what an import would come to. Raises for what can't be used at all."""
    noun, asked, fields, day = wanted.noun, wanted.asked, wanted.fields, wanted.day
    state, exported = _own_export(reader, noun, wanted.book)
    scale = council(reader)
    if wanted.take is not None and exported is None:
        raise Misused("--take is for a workbook that this register exported; leave it out")
    reading = Reading(day.today, scale, Lookup(reader).find)
    picked = _picked(wanted, reading, own=state is not None)
    sheet, layout = picked.sheet, picked.layout
    if layout.own and state is None and FROM.name not in layout.columns:
        said = "no longer says what it was exported from; it is read like any other sheet"
        note(f"{printable(wanted.book.name)} {said}")
    needed = next((one.name for one in fields if one.needed), "ref")
    records, passed_over = table_rows(sheet, layout, needed)
    rows = _Rows(layout, records)
    own = _own_rows(noun, map(rows.found, records))
    lookup = Lookup(
        reader, create_missing=wanted.create_missing, own=own, former=_former_names(exported)
    )
    reading = Reading(day.today, scale, lookup.find)
    columns = of_columns(rows.of, fields, reading, asked, own=exported is not None)
    for cell in rows.of("ref"):
        lookup.allocator(noun).take(read_ref_alike(cell))  # given out to no other row
    read = {*layout.columns, *asked.defaults, "detail"}  # where long titles are kept
    intake = Intake((f for f in fields if f.name in read), columns, asked, _unread(picked))
    defaults = {**_of_one_directorate(state, exported), **_defaults(intake)}
    importer = Importer(reader, noun, lookup, day, defaults, layout.columns, exported, wanted.take)
    importer.matcher.repeated = _repeated(rows)
    bar.step("comparing with the register")
    taken = importer.take(
        intake.statement(row.row, rows.found(row), defaults.get("year"))
        for row in bar.over(records)
    )
    return Account(
        printable(wanted.book.name),
        noun,
        picked._replace(sheet=sheet._replace(rows=())),  # nothing more is asked of its cells
        taken,
        passed_over,
        {**columns.problems, **_doubted(layout)},
        [ref for ref in state.refs if ref.casefold() not in importer.matcher.seen]
        if state and exported
        else [],
        returned=exported is not None,
    )


def _picked(wanted: Wanted, reading: Reading, *, own: bool) -> Chosen:
    """Return the sheet that is meant, laid out; what a text was said to mean fits its field."""

    def could_be(field: Field, cell: Cell) -> bool:
        meant = wanted.asked.meant(field.name, as_typed(cell))
        return meant is not None or fits(field, cell, reading)

    return chosen(wanted.book, wanted.asked, wanted.fields, could_be, own=own)


def _repeated(rows: _Rows) -> dict[str, list[int]]:
    """Return the rows, from 0, of each reference that stands more than once."""
    places: dict[str, list[int]] = {}
    for row, cell in zip(rows.rows, rows.of("ref"), strict=False):
        if cell is not None:
            places.setdefault(read_ref_alike(cell), []).append(row.row)
    return {ref: where for ref, where in places.items() if len(where) > 1}


def _former_names(exported: Exported | None) -> dict[Holds, dict[str, str]]:
    """Return what records were called when a workbook was exported."""
    if exported is None:
        return {}
    of = exported.names.of.items()
    return {
        holds: {folded(name): ref for ref, name in names.items()}
        for holds, names in of
        if holds is not Holds.AUDIT  # found by its year, too
    }


_TELLING = ("status", "due_on", "completed_on")
"""The fields that give an action's status. Without them every action would seem open."""


def _doubted(layout: Layout) -> dict[str, str]:
    """Return the problems of columns that seem to be a telling field, but can't be read as it."""
    return {
        name: f"{layout.untaken[column]}; '--map {name}={column_letters(column)}' takes it, with"
        f" --value for what its texts mean, and '--map {name}=' leaves it out"
        for name, column in layout.doubted.items()
        if name in _TELLING and column in layout.untaken
    }


def _of_one_directorate(state: State | None, exported: Exported | None) -> dict[str, str]:
    """Return the directorate of new actions in a workbook exported for one alone."""
    if state is None or exported is None or state.noun != "action":
        return {}
    records = (exported.records.get(ref) for ref in state.refs)
    codes = {one.directorate for one in records if isinstance(one, Action)}
    return {"directorate": codes.pop()} if len(codes) == 1 else {}


def _unread(picked: Chosen) -> dict[tuple[int, str], str]:
    """Return why cells can't be read, by row and field."""
    names = {column: name for name, column in picked.layout.columns.items()}
    whole = filled(picked.sheet, picked.layout.last)
    return {
        (row, names[column]): why for (row, column), why in whole.unread.items() if column in names
    }


def _defaults(intake: Intake) -> Mapping[str, Any]:
    try:
        return intake.defaults()
    except IrbtrackError as error:
        raise Misused(f"--default: {error}") from None


def _own_rows(noun: str, rows: Iterable[Mapping[str, Any]]) -> dict[Holds, dict[str, str]]:
    """Return what the rows of a sheet that may refer to one another are called."""
    if noun != "workstream":
        return {}
    return {Holds.WORKSTREAM: announced(rows, "name")}


def _own_export(reader: Reader, noun: str, book: Book) -> tuple[State | None, Exported | None]:
    """Return what an own workbook was exported from, if this register still knows it."""
    state = state_of(book)
    if state is None:
        return None, None
    if state.noun != noun:
        raise Misused(
            f"{printable(book.name)} holds {state.noun}s; 'irbtrack import {state.noun}s' takes it"
        )
    found = list(reader.rows("SELECT digest FROM entry WHERE id = :id", id=state.entry))
    if found != [(state.digest,)]:
        said = "was exported from another register; it is read like any other sheet"
        note(f"{printable(book.name)} {said}")
        return state, None
    records = records_as_of(reader, NOUNS[noun], state.as_of, state.entry)
    names = names_of(reader, state.as_of, state.entry, for_people=True)
    names = names._replace(people={one.officer: one for one in state.people})
    exported = Exported({one.ref: one for one in records}, names, state.as_of)
    return state, exported


def before_changes(reader: Reader) -> Callable[[Change], Record | None]:
    """Return a function that tells how a change's record stood before it."""
    registers: dict[str, KnownRecords] = {}

    def before(change: Change) -> Record | None:
        kind = NOUNS[change.noun]
        if change.noun not in registers:
            registers[change.noun] = KnownRecords(reader, kind)
        known = registers[change.noun].changes.get(change.ref, ())
        return version_on(fold(kind, change.ref, known), change.effective_on)

    return before
