"""``irbtrack import inspect``: how a file is understood, before anything of it is taken in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from irbtrack.commands.choosing import layout_of, sheets_meant
from irbtrack.commands.importing import File, HeaderRow, SheetName, read_row
from irbtrack.commands.lookup import Lookup
from irbtrack.commands.options import Form
from irbtrack.commands.session import Session, note, session_of
from irbtrack.domain.board import Answer, Block, Column, Kind, Table
from irbtrack.domain.cells import Reading, as_typed, fits
from irbtrack.domain.fields import FIELDS, FROM, Field, Holds
from irbtrack.domain.guesses import Fits
from irbtrack.domain.mapping import Reader as Asked
from irbtrack.domain.records import Council
from irbtrack.domain.sheet import Book, Sheet, column_letters
from irbtrack.domain.tracker import Layout, table_rows
from irbtrack.domain.words import read_choice
from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.render import TABLE, put_out
from irbtrack.sheets.opening import read_book
from irbtrack.store.gather import council

SAMPLES = 3
SAMPLE_LENGTH = 40

SHEETS = (
    Column("sheet", "Sheet"),
    Column("rows", "Rows", Kind.NUMBER),
    Column("columns", "Columns", Kind.NUMBER),
    Column("header_row", "Header row", Kind.NUMBER),
    Column("records", "Records", Kind.NUMBER),
    Column("passed_over", "Passed over", Kind.NUMBER),
)

COLUMNS = (
    Column("sheet"),
    Column("column", "Column", Kind.CODE),
    Column("header", "Header"),
    Column("field", "Taken for", Kind.CODE),
    Column("why", "Why", rank=2),
    Column("samples", "Cells", rank=1),
)


def inspect(
    ctx: typer.Context,
    file: File,
    of: Annotated[
        str,
        typer.Option("--as", metavar="NOUN", help="What it holds: actions, audits, directions ..."),
    ] = "actions",
    sheet: SheetName = None,
    header_row: HeaderRow = None,
    form: Form = TABLE,
) -> None:
    """Show how a file is understood; nothing is stored.

    Its sheets, where the header seems to be, which column is taken for which field and why,
    and what some of the cells hold.
    """
    session = session_of(ctx)
    noun = read_choice("something to import", of, [f"{one}s" for one in FIELDS]).removesuffix("s")
    book = read_book(Path(file))
    asked = Asked(sheet, read_row(header_row))
    fields = (*FIELDS[noun], FROM)
    found = _laid_out(session, book, asked, fields)
    data = [row for one, layout in found if layout for row in _columns(one, layout)]
    sheets = Table(SHEETS, [_sheet(one, layout, fields) for one, layout in found])
    blocks: list[Block] = [sheets.shown()]
    for one, layout in found:
        if layout is not None:
            shown = Table(COLUMNS, _columns(one, layout), f"{one.name}, as {noun}s")
            blocks.append(shown.shown())
            missing = [f.name for f in fields if f.needed and f.name not in layout.columns]
            if missing:
                blocks.append(
                    f"No column is taken for {', '.join(missing)}: '--map FIELD=HEADER' names one,"
                    " '--default FIELD=VALUE' gives all the same."
                )
    taken = max((one for one in found if one[1]), key=_fields_taken, default=None)
    if taken is not None and len(found) > 1:
        command = f"'irbtrack import {noun}s {book.name}'"
        blocks.append(f"{command} would take the sheet {taken[0].name}.")
    put_out(Answer(Table(COLUMNS, data), tuple(blocks)), form)
    if not data:
        note("no header row is found; --header-row N says which it is, --as what it holds")


def _fields_taken(one: tuple[Sheet, Layout | None]) -> int:
    return len(one[1].columns) if one[1] else 0


def _laid_out(
    session: Session, book: Book, asked: Asked, fields: Sequence[Field]
) -> list[tuple[Sheet, Layout | None]]:
    """Each sheet that is meant, and how it is laid out, by the register's names if there is one."""
    meant = sheets_meant(book, asked)
    try:
        with session.reading() as reader:
            looking = Lookup(reader)
            known = _fits(session, council(reader), looking)
            return [(one, layout_of(one, asked, fields, known)) for one in meant]
    except DatabaseUnusable:
        alone = _fits(session, Council(name="The council"), None)
        return [(one, layout_of(one, asked, fields, alone)) for one in meant]


def _fits(session: Session, scale: Council, lookup: Lookup | None) -> Fits:
    def look(holds: Holds, text: str, year: str | None) -> str:
        if lookup is None:
            raise Refused("there is no register to look in")
        return str(lookup.find(holds, text, year))

    reading = Reading(session.today, scale, look)
    return lambda field, cell: fits(field, cell, reading)


def _sheet(sheet: Sheet, layout: Layout | None, fields: Sequence[Field]) -> tuple[object, ...]:
    width = max(map(len, sheet.rows), default=0)
    if layout is None:
        return (sheet.name, len(sheet.rows), width, None, None, None)
    needed = next((one.name for one in fields if one.needed), "ref")
    records, passed = table_rows(sheet, layout, needed)
    return (sheet.name, len(sheet.rows), width, layout.last + 1, len(records), len(passed))


def _columns(sheet: Sheet, layout: Layout) -> list[tuple[object, ...]]:
    """A row for each column that has a header or is taken for something."""
    taken = {column: name for name, column in layout.columns.items()}
    rows: list[tuple[object, ...]] = []
    for column, label in enumerate(layout.labels):
        name = taken.get(column)
        if name is None and not label:
            continue
        why = layout.reasons[name] if name else layout.untaken.get(column, "")
        rows.append(
            (sheet.name, column_letters(column), label, name, why, _samples(sheet, layout, column))
        )
    return rows


def _samples(sheet: Sheet, layout: Layout, column: int) -> str:
    """The first few different things that a column holds, on one line."""
    seen: dict[str, None] = {}
    for row in sheet.rows[layout.last + 1 :]:
        text = " ".join(as_typed(row[column]).split()) if column < len(row) else ""
        if text:
            seen.setdefault(text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…")
        if len(seen) == SAMPLES:
            break
    return " | ".join(seen)
