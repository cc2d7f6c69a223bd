"""Read somebody else's list of actions: a sheet, or the references in a text."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from irbtrack.domain.field import FROM
from irbtrack.domain.figures.reconciliation import COMPARED, TheirList, TheirRow
from irbtrack.domain.figures.selection import OPEN
from irbtrack.domain.nouns import FIELDS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.tracker.cells import as_typed
from irbtrack.domain.tracker.layout import TableRow, say_passed_over
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.mentions import Mentions
from irbtrack.domain.tracker.outcomes import Open
from irbtrack.domain.tracker.sheet import Book, RowPlace, cell_name, say_rows
from irbtrack.domain.tracker.statements import Statement
from irbtrack.domain.tracker.story import Occasion
from irbtrack.domain.words import NOTHING, folded
from irbtrack.errors import Misused, SheetUnusable, listed, printable
from irbtrack.imports.matching import KnownRecords, Matcher
from irbtrack.imports.sheet_choice import HeaderMissing
from irbtrack.imports.sheet_rows import BookRows, SheetRows, Wanted, book_rows
from irbtrack.sheets.limits import PLAIN_TEXT_LIMIT
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

MENTIONS_LIMIT = 200_000
"""The most references that are taken of a text, so that it can't use up the memory."""

UNCLEAR_SAID = 12
"""The most texts that can't be read and are said one by one."""

_NOUNS = {one.name: one.holds.noun for one in COMPARED}
"""The noun that each field refers to, or None."""

FIELDS_READ = (*FIELDS[Action.NOUN], FROM)
"""The fields that a list may have columns for."""


class ListFile(NamedTuple):
    """A file: the table that it is, its text unless it is a workbook, and its name."""

    book: Book | None
    text: str
    name: str


def their_list(
    reader: Reader, file: ListFile, asked: Asked, today: date, year: str | None = None
) -> TheirList:
    """Return what a file lists.

    A table is read as an import reads it, and ``asked`` is what was said about it. ``year`` is
    that of rows that have none. Of anything else, and of a table without a header that is
    understood, all references are taken. Raise :class:`SheetUnusable` for what can't be read, has
    no reference in it, or lacks a column to know actions by.
    """
    book, text, name = file
    if book is not None:
        try:
            return _of_table(reader, book, asked, today, year)
        except HeaderMissing:
            if asked != Asked() and not text:
                raise
    if asked != Asked():
        raise Misused(
            f"no table is found in {name}, so there is nothing to say of its columns; leave out"
            " what is said of them, and its references are taken"
        )
    mentions = Mentions(refs(reader, Action.NOUN))
    found = _in_lines(mentions, text) if text else _in_cells(mentions, book)
    rows = tuple(islice(found, MENTIONS_LIMIT + 1))
    if len(rows) > MENTIONS_LIMIT:
        raise SheetUnusable(
            f"{name} mentions more than {MENTIONS_LIMIT:,} references, the most that are compared;"
            " save it as several files"
        )
    if not rows:
        raise SheetUnusable(
            f"no reference of an action is found in {name}; give a table with a header row, or a"
            " text with references such as 'irbtrack action list' shows"
        )
    return TheirList(name, rows, text=True)


def list_file(file: str) -> ListFile:
    """Read a file or, for ``-``, standard input, before the database is opened.

    Whoever writes to standard input may be slow. Raise :class:`SheetUnusable` for what can't be
    read.
    """
    if file != STANDARD_INPUT and Path(file).suffix.casefold() in SUFFIXES:
        book = read_book(Path(file))
        return ListFile(book, "", printable(book.name))
    if file != STANDARD_INPUT:
        name, data = printable(Path(file).name or file), read_bytes(Path(file))
    elif sys.stdin is None:
        raise SheetUnusable("there is no standard input to read; name a file")
    else:
        name, data = "standard input", sys.stdin.buffer.read(PLAIN_TEXT_LIMIT + 1)
    text = plain_text_of(data, name)
    return ListFile(table_of_text(data, name), text, name)


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
    rows = book_rows(reader, Wanted(book, Action.NOUN, asked, Occasion(today, today)))
    for one in rows.sheets:
        _refuse_unless_known(one)
    told = _Told(reader, rows, year)
    mentions = Mentions(refs(reader, Action.NOUN))
    lone = [(one, row) for one in rows.sheets for row in _lone_references(mentions, one)]
    found = told.rows([*rows.records, *lone])
    unknown = _unknown_throughout(found)
    problems = {name: why for one in rows.sheets for name, why in one.problems.items()}
    remarks = [*rows.remarks]
    remarks += [f"{name} is not compared: {why}" for name, why in (problems | unknown).items()]
    remarks += told.unclear()
    named = {row.place for _, row in lone}
    remarks += say_passed_over(one for one in rows.passed_over if one.place not in named)
    remarks += [one.said("read", "reads") for one in rows.others]
    fields = {one.name for one in COMPARED if one.name in rows.columns}
    compared = frozenset(fields - problems.keys() - unknown.keys())
    return TheirList(printable(book.name), found, compared, remarks=tuple(remarks))


def _lone_references(mentions: Mentions, rows: SheetRows) -> list[TableRow]:
    """Return the rows that an import passes over, because they have little but a reference.

    A list names an action by it all the same.
    """
    column = rows.layout.columns.get("ref")
    if column is None:
        return []
    passed = [TableRow(one.place, rows.sheet.rows[one.place.row]) for one in rows.passed_over]
    return [one for one in passed if any(mentions.of(as_typed(one.cell(column))))]


def _unknown_throughout(rows: Sequence[TheirRow]) -> dict[str, str]:
    """Return the fields that are to name records, and name none that is known, and why.

    They are somebody's own words, such as the names of teams where we have posts.
    """
    unknown = {name for row in rows for name in row.unread if _NOUNS.get(name)}
    known = {name for row in rows for name in row.said}
    return {
        name: f"the register knows none of the {_NOUNS[name]}s that it names"
        for name in sorted(unknown - known)
    }


def _refuse_unless_known(rows: SheetRows) -> None:
    """Raise :class:`SheetUnusable` if no column says which action a row is about."""
    columns = rows.layout.columns
    lacking = [name for name in ("audit", "title") if name not in columns]
    if "ref" not in columns and lacking:
        raise SheetUnusable(
            f"{rows.sheet.name}: no column is taken for the reference, and none for the"
            f" {listed(lacking, 'and')} by which actions are known without one; '--map ref=HEADER'"
            " names it"
        )


class _Told:
    """Turns the rows of a file into rows of their list, and finds the action of each."""

    def __init__(self, reader: Reader, rows: BookRows, year: str | None) -> None:
        self._reader, self._rows, self._year = reader, rows, year
        self._refs = {ref.casefold(): ref for ref in refs(reader, Action.NOUN)}
        self._unclear: dict[tuple[str, str], list[RowPlace]] = {}

    def rows(self, records: Iterable[tuple[SheetRows, TableRow]]) -> tuple[TheirRow, ...]:
        """Return what each row says, and of which action, in the order of the file."""
        order = {one.sheet.name: number for number, one in enumerate(self._rows.sheets)}
        told = sorted(
            (sheet.statement(row, self._year) for sheet, row in records),
            key=lambda one: (order[one.place.sheet], one.place.row),
        )
        by_title = (self._without_reference(one) for one in told)
        self._matcher.meet(one for one in by_title if {"audit", "title"} <= one.said.keys())
        return tuple(self._row(one) for one in told)

    @cached_property
    def _matcher(self) -> Matcher:
        defaults = {"year": self._year} if self._year else {}
        known = KnownRecords(self._reader, Action)
        return Matcher(known, defaults, self._rows.lookup.year_of_audit, self._rows.key)

    def _without_reference(self, statement: Statement) -> Statement:
        """Return a statement without its reference, unless that is known."""
        if str(statement.said.get("ref", "")).casefold() in self._refs:
            return statement
        return statement.only(statement.said.keys() - {"ref"})

    def _row(self, statement: Statement) -> TheirRow:
        problems = dict(reversed(statement.problems))
        ref, hint = self._ref(statement, problems)
        typed = {
            name: " ".join(as_typed(cell).split())
            for name, cell in statement.cells.items()
            if cell is not None
        }
        sheet, row = statement.place
        column = statement.column("ref" if "ref" in statement.columns else "title")
        return TheirRow(
            f"{sheet}!{cell_name(row, column)}",
            ref,
            {
                name: _plain(value)
                for name, value in statement.said.items()
                if _says(value) and name not in statement.inferred
            },
            typed,
            self._read_problems(statement.place, problems),
            hint,
        )

    def _ref(self, statement: Statement, problems: dict[str, str]) -> tuple[str | None, str]:
        """Return the reference of a row's action, and why none is known, if the row tells."""
        said = statement.said
        given = said.get("ref")
        if given is not None and given.casefold() in self._refs:
            return self._refs[given.casefold()], ""
        alike, bars = self._matcher.ref_of(statement), self._matcher.bars(statement)
        if given is not None:
            return given, f"no such reference; {alike} has that audit and title" if alike else ""
        if "ref" in problems:
            return as_typed(statement.cells["ref"]).strip(), problems["ref"]
        why = bars[0][1] if bars else "no reference, and no action of that audit and title"
        return alike, "" if alike else why

    def _read_problems(self, row: RowPlace, problems: Mapping[str, str]) -> dict[str, str]:
        """Return why the cells of fields can't be read, and keep those that aren't compared."""
        unread: dict[str, str] = {}
        for name, why in problems.items():
            if noun := _NOUNS.get(name):
                unread[name] = f"the register knows no such {noun}"
            elif name in _NOUNS:
                unread[name] = why
                self._unclear.setdefault((name, why), []).append(row)
        return unread

    def unclear(self) -> list[str]:
        """Return a sentence for each text that could not be read, and which rows have it."""
        said = [
            f"{name} is not compared in {say_rows(rows)}: {why}"
            for (name, why), rows in self._unclear.items()
        ]
        if len(said) > UNCLEAR_SAID:
            said[UNCLEAR_SAID:] = [f"nor in {len(said) - UNCLEAR_SAID:,} other cases"]
        if said:
            said.append(
                "--value FIELD:TEXT=VALUE says what a text means, and --map FIELD= leaves"
                " a column out"
            )
        return said


def _plain(value: Any) -> Any:
    """Return a value as the register would hold it; a status as a word."""
    if isinstance(value, Open):
        return OPEN
    return str(value.value) if hasattr(value, "value") else value


def _says(value: Any) -> bool:
    return not (isinstance(value, str) and folded(value) in NOTHING)
