"""Find the rows of the sheets of a file that are records, and how they are to be read."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from irbtrack.domain.dates import year_of
from irbtrack.domain.field import FROM, Field, Holds
from irbtrack.domain.nouns import FIELDS, NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.tracker.cells import Reading, as_typed, fits
from irbtrack.domain.tracker.header_words import words_of
from irbtrack.domain.tracker.layout import (
    Layout,
    PassedOver,
    TableRow,
    filled,
    table_rows,
    with_findings,
)
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.merging import State, state_of
from irbtrack.domain.tracker.sheet import Book, Cell, RowPlace, Sheet, column_letters
from irbtrack.domain.tracker.statements import Intake, Statement, YearFrom, of_columns
from irbtrack.domain.tracker.story import Occasion
from irbtrack.domain.words import folded
from irbtrack.errors import Misused, SheetUnusable, listed, printable, quoted
from irbtrack.exports.names import names_of
from irbtrack.imports.absent import Absence
from irbtrack.imports.lookup import Lookup
from irbtrack.imports.matching import Same, announced, nobody_said
from irbtrack.imports.returned import Exported
from irbtrack.imports.sheet_choice import (
    Chosen,
    LaidOut,
    Other,
    chosen,
    is_of_refused_rows,
    needed_first,
)
from irbtrack.sheets.limits import RECORDS_LIMIT
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, records_as_of


class Wanted(NamedTuple):
    """What to import: a file's records of a noun, how to read them, and from which day.

    ``take`` says whose value wins where the register too has changed since the export. ``same``
    says whether a row is a known record with another title, and ``absence`` what becomes of the
    actions that the file leaves out.
    """

    book: Book
    noun: str
    asked: Asked
    day: Occasion
    take: str | None = None
    same: Same = nobody_said
    absence: Absence = Absence()

    @property
    def label(self) -> str:
        """The field that says what a record is called."""
        return NOUNS[self.noun].LABEL

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that a sheet of the noun may have."""
        return (*FIELDS[self.noun], FROM)


class SheetRows(NamedTuple):
    """The rows of a sheet that are records, and all that is needed to read them.

    ``problems`` are those of whole columns, by field.
    """

    sheet: Sheet
    layout: Layout
    records: Sequence[TableRow]
    passed_over: Sequence[PassedOver]
    intake: Intake
    problems: dict[str, str]

    def of(self, name: str) -> list[Cell]:
        """Return all cells of a field."""
        return _cells(self.layout, self.records, name)

    def statement(self, row: TableRow, year: str | None) -> Statement:
        """Return what a row says; ``year`` is that of an audit if the row has none."""
        return self.intake.statement(row.place, _found(self.layout, row), year)


class BookRows(NamedTuple):
    """The sheets of a file that are read, with their rows, and what they have in common.

    ``others`` and ``near`` are those of a :class:`Chosen`. ``state`` is what an own workbook says
    it was exported from, and ``exported`` what it had then, if it was exported from this register.
    ``key`` names the fields by which a row without a reference is known, if somebody said so.
    ``remarks`` are sentences on how the file is read.
    """

    sheets: Sequence[SheetRows]
    lookup: Lookup
    others: Sequence[Other] = ()
    near: Sequence[str] = ()
    state: State | None = None
    exported: Exported | None = None
    key: Sequence[str] = ()
    remarks: Sequence[str] = ()

    def of(self, name: str) -> list[Cell]:
        """Return all cells of a field, sheet by sheet."""
        return [cell for one in self.sheets for cell in one.of(name)]

    @property
    def columns(self) -> set[str]:
        """Return the fields that some sheet has a column for."""
        return {name for one in self.sheets for name in one.layout.columns}

    @property
    def passed_over(self) -> list[PassedOver]:
        """Return the rows that are no records, sheet by sheet."""
        return [row for one in self.sheets for row in one.passed_over]

    @property
    def undated(self) -> list[RowPlace]:
        """Return the rows whose date is of another status than complete, and was left out."""
        return [place for one in self.sheets for place in one.intake.undated]

    def defaults(self) -> dict[str, Any]:
        """Return what a new record has where its cells are empty."""
        return self.sheets[0].intake.defaults()

    def refusal(self, name: str, cell: Cell) -> str | None:
        """Return the sentence that refuses a cell of a field, or None if it can be read."""
        intakes = (one.intake for one in self.sheets if name in one.layout.columns)
        return next(filter(None, (one.refusal(name, cell) for one in intakes)), None)

    @property
    def records(self) -> list[tuple[SheetRows, TableRow]]:
        """Return the rows that are records, each with its sheet."""
        return [(one, row) for one in self.sheets for row in one.records]

    def within(self, sheet: SheetRows) -> str:
        """Return what stands before a field of --map to mean one of several sheets."""
        return f"{sheet.sheet.name}!" if len(self.sheets) > 1 else ""


def book_rows(reader: Reader, wanted: Wanted) -> BookRows:
    """Return the rows of the sheets that are meant, ready to be read as statements.

    Raise for what can't be used at all, such as a file without a header that is understood.
    """
    if is_of_refused_rows(wanted.book):
        by_names = replace(wanted.asked, header_row=None, columns={}, only={})
        wanted = wanted._replace(asked=by_names)
    noun, asked = wanted.noun, wanted.asked
    state, exported = _own_export(reader, noun, wanted.book)
    name = printable(wanted.book.name)
    remarks = []
    if state is not None and exported is None:
        remarks.append(f"{name} was exported from another register; {LIKE_ANY}")
    scale = council(reader)
    if wanted.take is not None and exported is None:
        raise Misused("--take is for a workbook that this register exported; leave it out")
    own = state is not None or is_of_refused_rows(wanted.book)
    picked = _picked(wanted, Reading(wanted.day.today, scale, Lookup(reader).find), own=own)
    if not own and any(
        one.layout.own and FROM.name not in one.layout.columns for one in picked.sheets
    ):
        remarks.append(f"{name} no longer says what it was exported from; {LIKE_ANY}")
    tables = [
        (one, *table_rows(one.sheet, one.layout, needed_first(wanted.fields)))
        for one in picked.sheets
    ]
    _refuse_too_many(name, sum(len(records) for _, records, _ in tables))
    rows = (_found(one.layout, row) for one, records, _ in tables for row in records)
    lookup = Lookup(
        reader,
        create_missing=asked.create_missing,
        own=_own_rows(noun, rows),
        former=_former_names(exported),
    )
    reading = Reading(wanted.day.today, scale, lookup.find)
    _refuse_without_column(asked, picked)
    directorates = {
        as_typed(cell)
        for one, records, _ in tables
        for cell in _cells(one.layout, records, "directorate")
    }
    whole = frozenset(lookup.whole_names(directorates)) if noun == Action.NOUN else frozenset()
    sheets = [
        _sheet_rows(one, records, passed_over, wanted, reading, whole, own=exported is not None)
        for one, records, passed_over in tables
    ]
    return BookRows(
        *(sheets, lookup, picked.others, picked.near, state, exported, asked.key, remarks)
    )


def _sheet_rows(
    picked: LaidOut,
    records: Sequence[TableRow],
    passed_over: Sequence[PassedOver],
    wanted: Wanted,
    reading: Reading,
    whole_names: frozenset[str],
    *,
    own: bool,
) -> SheetRows:
    """Return the rows of a sheet, and how its cells are to be read.

    ``own`` says whether it is of a workbook that this register exported.
    """
    asked, fields, layout = wanted.asked, wanted.fields, picked.layout
    columns = of_columns(partial(_cells, layout, records), fields, reading, asked, own=own)
    read = {*layout.columns, *asked.defaults, "detail"}  # where long titles are kept
    intake = Intake(
        (one for one in fields if one.name in read),
        columns,
        asked,
        _unread(picked),
        _said_year_from(asked, layout),
        status_date=_is_status_date(layout),
        end_date=_end_date(layout),
        of_refused_rows=is_of_refused_rows(wanted.book),
        places=layout.columns,
        whole_names=whole_names,
    )
    if not own and _lacks_year(wanted, layout) and "raised_on" in layout.columns:
        days = intake.dates("raised_on", set(_cells(layout, records, "raised_on")))
        if len(set(map(year_of, days))) > 1:
            intake.year_from = YearFrom("raised_on", certain=False)
    problems = {**columns.problems, **_doubted(picked)}
    return SheetRows(picked.sheet, layout, records, passed_over, intake, problems)


def _refuse_too_many(name: str, records: int) -> None:
    """Raise :class:`SheetUnusable` for a file of more records than are compared at once."""
    if records > RECORDS_LIMIT:
        raise SheetUnusable(
            f"{name} has {records:,} records, and at most {RECORDS_LIMIT:,} are taken in at once;"
            " save it as several files, each with the header, and import one after the other"
        )


LIKE_ANY = "it is read like any other sheet"


def _said_year_from(asked: Asked, layout: Layout) -> YearFrom | None:
    """Return what --year-from says, in a sheet that has that date."""
    if asked.year_from is None or asked.year_from not in layout.columns:
        return None
    return YearFrom(asked.year_from, certain=True)


def _refuse_without_column(asked: Asked, picked: Chosen) -> None:
    """Raise :class:`Misused` for a field that --year-from or --key names and a sheet lacks.

    A date may be missing in some sheets. A key must be in all, or have a default.
    """
    name, columns = asked.year_from, [one.layout.columns for one in picked.sheets]
    if name and all(name not in one for one in columns):
        raise Misused(
            f"--year-from {name}: no column is taken for it; '--map {name}=HEADER' names one"
        )
    for name in asked.key:
        lacking = [one.sheet.name for one in picked.sheets if name not in one.layout.columns]
        if lacking and name not in asked.defaults:
            raise Misused(
                f"--key has {name}, and no column is taken for it in"
                f" {listed(map(quoted, lacking), 'and')}; '--map {name}=HEADER' names one"
            )


def _lacks_year(wanted: Wanted, layout: Layout) -> bool:
    """Return whether nobody said what year an action without a year is of."""
    given = wanted.asked.year_from or wanted.asked.defaults.get("year")
    return wanted.noun == Action.NOUN and not given and "year" not in layout.columns


def _is_status_date(layout: Layout) -> bool:
    """Return whether the column of completions has the date of any status, by its header."""
    column = layout.columns.get("completed_on")
    return column is not None and "status" in re.findall(r"[a-z]+", folded(layout.labels[column]))


def _end_date(layout: Layout) -> str | None:
    """Return the field with the date of any end, as a lone column of completions has it.

    A lone column of closures has it only if it is called Closed, and not Withdrawn.
    """
    ends = [name for name in ("completed_on", "closed_on") if name in layout.columns]
    if layout.own or len(ends) != 1:
        return None
    words = words_of(layout.labels[layout.columns[ends[0]]])
    is_of_any = ends[0] == "completed_on" or not _CLOSED.isdisjoint(words)
    return ends[0] if is_of_any else None


_CLOSED = frozenset({"close", "closed", "closing", "closure"})


def _cells(layout: Layout, records: Sequence[TableRow], name: str) -> list[Cell]:
    return [_cell(layout, row, name) for row in records] if name in layout.columns else []


def _found(layout: Layout, row: TableRow) -> dict[str, Cell]:
    if layout.parts:
        return {name: _cell(layout, row, name) for name in layout.columns}
    cells = row.cells
    return {
        name: cells[column] if column < len(cells) else None
        for name, column in layout.columns.items()
    }


def _cell(layout: Layout, row: TableRow, name: str) -> Cell:
    """Return the cell of a field; of one in several columns, all of them as in ``2/3/4``."""
    if name not in layout.parts:
        return row.cell(layout.columns[name])
    texts = [as_typed(row.cell(column)).strip() for column in layout.parts[name]]
    return "/".join(text or "0" for text in texts) if any(texts) else None


def _picked(wanted: Wanted, reading: Reading, *, own: bool) -> Chosen:
    """Return the sheets that are meant, laid out; what a text was said to mean fits its field."""

    def could_be(field: Field, cell: Cell) -> bool:
        meant = wanted.asked.meant(field.name, as_typed(cell))
        return meant is not None or fits(field, cell, reading)

    picked = chosen(wanted.book, wanted.asked, wanted.fields, could_be, own=own)
    sheets = (
        one._replace(layout=with_parts(one, wanted.asked, wanted.fields, reading.scale))
        for one in picked.sheets
    )
    return picked._replace(sheets=tuple(sheets))


def with_parts(picked: LaidOut, asked: Asked, fields: Iterable[Field], scale: Council) -> Layout:
    """Return the layout with findings in columns of their own, unless somebody said otherwise."""
    layout, said = picked.layout, asked.of_sheet(picked.sheet.name).columns
    for one in fields:
        if one.holds is Holds.FINDINGS and one.name not in said and not layout.own:
            layout = with_findings(layout, one.name, scale.priorities)
    return layout


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


def _doubted(picked: LaidOut) -> dict[str, str]:
    """Return the problems of columns that seem to be a telling field, but can't be read as it."""
    layout = picked.layout
    return {
        name: f"{layout.untaken[column]}; '--map {name}={column_letters(column)}' takes it, with"
        f" --value for what its texts mean, and '--map {name}=' leaves it out"
        for name, column in layout.doubted.items()
        if name in _TELLING and column in layout.untaken
    }


def _unread(picked: LaidOut) -> dict[tuple[int, str], str]:
    """Return why cells can't be read, by row and field."""
    names = picked.layout.taken
    whole = filled(picked.sheet, picked.layout.last)
    return {
        (row, name): why
        for (row, column), why in whole.unread.items()
        for name in names.get(column, ())
    }


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
        return state, None
    records = records_as_of(reader, NOUNS[noun], state.as_of, state.entry)
    names = names_of(reader, state.as_of, state.entry, for_people=True)
    names = names._replace(people={one.officer: one for one in state.people})
    exported = Exported({one.ref: one for one in records}, names, state.as_of)
    return state, exported
