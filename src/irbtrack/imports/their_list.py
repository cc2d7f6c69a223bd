"""Read somebody else's list of actions: a sheet, or the references in a text."""

import sys
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from irbtrack.domain.field import FROM, Field
from irbtrack.domain.figures.reconciliation import COMPARED, TheirList, TheirRow
from irbtrack.domain.figures.selection import OPEN
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.tracker.cells import as_typed
from irbtrack.domain.tracker.layout import TableRow
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.mentions import Mentions
from irbtrack.domain.tracker.outcomes import Open
from irbtrack.domain.tracker.sheet import Book, cell_name
from irbtrack.domain.tracker.statements import Statement
from irbtrack.domain.tracker.story import Occasion
from irbtrack.domain.words import NOTHING, folded
from irbtrack.errors import Misused, SheetUnusable, listed, printable, quoted
from irbtrack.imports.account import say_passed_over
from irbtrack.imports.matching import KnownRecords, Matcher
from irbtrack.imports.sheet_choice import HeaderMissing
from irbtrack.imports.sheet_rows import SheetRows, Wanted, sheet_rows
from irbtrack.sheets.limits import FILE_LIMIT
from irbtrack.sheets.opening import (
    SUFFIXES,
    plain_text_of,
    read_book,
    read_bytes,
    table_of_text,
)
from irbtrack.store.database import Reader
from irbtrack.store.gather import refs

STANDARD_INPUT = "-"

FIELDS_READ = (*FIELDS[Action.NOUN], FROM)
"""The fields that a list may have columns for."""


def their_list(
    reader: Reader, file: str, asked: Asked, today: date, year: str | None = None
) -> TheirList:
    """Return what a file or, for ``-``, standard input lists.

    A table is read as an import reads it, and ``asked`` is what was said about it. ``year`` is
    that of rows that have none. Of anything else, and of a table without a header that is
    understood, all references are taken. Raise :class:`SheetUnusable` for what can't be read, has
    no reference in it, or lacks a column to know actions by.
    """
    book, text, name = _opened(file)
    if book is not None:
        try:
            return _of_table(reader, book, asked, today, year)
        except HeaderMissing:
            if asked != Asked():
                raise
    elif asked != Asked():
        raise Misused(f"{name} is no table, so there is nothing to say about its columns")
    mentions = Mentions(refs(reader, Action.NOUN))
    rows = tuple(_in_lines(mentions, text) if text else _in_cells(mentions, book))
    if not rows:
        raise SheetUnusable(
            f"no reference of an action is found in {name}; give a table with a header row, or a"
            " text with references such as 'irbtrack action list' shows"
        )
    return TheirList(name, rows, text=True)


def _opened(file: str) -> tuple[Book | None, str, str]:
    """Return the table that a file is, its text unless it is a workbook's kind, and its name."""
    if file != STANDARD_INPUT and Path(file).suffix.casefold() in SUFFIXES:
        book = read_book(Path(file))
        return book, "", printable(book.name)
    if file != STANDARD_INPUT:
        name, data = printable(Path(file).name or file), read_bytes(Path(file))
    elif sys.stdin is None:
        raise SheetUnusable("there is no standard input to read; name a file")
    else:
        name, data = "standard input", sys.stdin.buffer.read(FILE_LIMIT + 1)
    text = plain_text_of(data, name)
    return table_of_text(data, name), text, name


def _in_lines(mentions: Mentions, text: str) -> Iterator[TheirRow]:
    for one in mentions.of(text):
        yield TheirRow(f"line {one.line:,}", one.ref)


def _in_cells(mentions: Mentions, book: Book | None) -> Iterator[TheirRow]:
    """Yield the references in the cells of all sheets that are shown."""
    for sheet in book.sheets if book else ():
        if sheet.hidden:
            continue
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                for one in mentions.of(as_typed(cell)):
                    yield TheirRow(f"{sheet.name}!{cell_name(row, column)}", one.ref)


def _of_table(reader: Reader, book: Book, asked: Asked, today: date, year: str | None) -> TheirList:
    """Return the list that a sheet is. Raise :class:`SheetUnusable`, as an import does."""
    rows = sheet_rows(reader, Wanted(book, Action.NOUN, asked, Occasion(today, today)))
    columns = rows.layout.columns
    _refuse_unless_known(rows)
    told = _Told(reader, rows, year)
    found = tuple(told.row(record) for record in rows.records)
    fields = frozenset(one.name for one in COMPARED if one.name in columns) - rows.problems.keys()
    remarks = [f"{name} is not compared: {why}" for name, why in rows.problems.items()]
    remarks += say_passed_over(rows.passed_over)
    remarks += [
        f"not read: the sheet {name}; --sheet {quoted(name)} reads it"
        for name in rows.picked.others
    ]
    return TheirList(printable(book.name), found, fields, remarks=tuple(remarks))


def _refuse_unless_known(rows: SheetRows) -> None:
    """Raise :class:`SheetUnusable` if no column says which action a row is about."""
    columns = rows.layout.columns
    lacking = [name for name in ("audit", "title") if name not in columns]
    if "ref" not in columns and lacking:
        raise SheetUnusable(
            f"{rows.picked.sheet.name}: no column is taken for the reference, and none for the"
            f" {listed(lacking, 'and')} by which actions are known without one; '--map ref=HEADER'"
            " names it"
        )


class _Told:
    """Turns the rows of a sheet into rows of their list, and finds the action of each."""

    def __init__(self, reader: Reader, rows: SheetRows, year: str | None) -> None:
        self._reader, self._rows, self._year = reader, rows, year
        self._refs = {ref.casefold(): ref for ref in refs(reader, Action.NOUN)}
        self._fields: dict[str, Field] = {one.name: one for one in COMPARED}
        columns = rows.layout.columns
        self._column = next(columns[name] for name in ("ref", "title") if name in columns)

    @cached_property
    def _matcher(self) -> Matcher:
        defaults = {"year": self._year} if self._year else {}
        known = KnownRecords(self._reader, Action)
        return Matcher(known, defaults, self._rows.lookup.year_of_audit)

    def row(self, record: TableRow) -> TheirRow:
        """Return what a row says, and of which action."""
        statement = self._rows.intake.statement(record.row, self._rows.found(record), self._year)
        problems = dict(reversed(statement.problems))
        ref, hint = self._ref(statement, problems)
        typed = {
            name: " ".join(as_typed(cell).split())
            for name, cell in statement.cells.items()
            if cell is not None
        }
        return TheirRow(
            f"{self._rows.picked.sheet.name}!{cell_name(record.row, self._column)}",
            ref,
            {name: _plain(value) for name, value in statement.said.items() if _says(value)},
            typed,
            {name: self._unread(name, why) for name, why in problems.items() if name != "ref"},
            hint,
        )

    def _ref(self, statement: Statement, problems: dict[str, str]) -> tuple[str | None, str]:
        """Return the reference of a row's action, and why none is known, if the row tells."""
        said = statement.said
        given = said.get("ref")
        if given is not None and given.casefold() in self._refs:
            return self._refs[given.casefold()], ""
        by_title = {name: value for name, value in said.items() if name != "ref"}
        alike = None
        if {"audit", "title"} <= said.keys():
            alike, _ = self._matcher.known(by_title, statement.row)
        if given is not None:
            return given, f"no such reference; {alike} has that audit and title" if alike else ""
        if "ref" in problems:
            return as_typed(statement.cells["ref"]).strip(), problems["ref"]
        return alike, "" if alike else "no reference, and no action of that audit and title"

    def _unread(self, name: str, why: str) -> str:
        field = self._fields.get(name)
        noun = field.holds.noun if field else None
        return f"the register knows no such {noun}" if noun else why


def _plain(value: Any) -> Any:
    """Return a value as the register would hold it; a status as a word."""
    if isinstance(value, Open):
        return OPEN
    return str(value.value) if hasattr(value, "value") else value


def _says(value: Any) -> bool:
    return not (isinstance(value, str) and folded(value) in NOTHING)
