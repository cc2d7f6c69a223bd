"""Show how an import would understand a file, without importing it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from irbtrack.domain.answers import Column, Kind
from irbtrack.domain.field import Field, Holds
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.tracker.cells import Reading, as_typed, fits
from irbtrack.domain.tracker.fitting import Fits
from irbtrack.domain.tracker.layout import Layout, table_rows
from irbtrack.domain.tracker.mapping import TrackerMapping as Asked
from irbtrack.domain.tracker.sheet import Book, Sheet, column_letters
from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.imports.lookup import Lookup
from irbtrack.imports.sheet_choice import (
    LaidOut,
    choice,
    layout_of,
    needed_first,
    sheets_meant,
    with_said,
)
from irbtrack.imports.sheet_rows import Wanted, book_rows
from irbtrack.imports.suggestions import Unread, unread_in, unread_texts
from irbtrack.register.session import Session
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

INSPECTED_COLUMNS = (
    Column("sheet"),
    Column("column", "Column", Kind.CODE),
    Column("header", "Header"),
    Column("field", "Taken for", Kind.CODE),
    Column("why", "Why", rank=2),
    Column("samples", "Cells", rank=1),
    Column("unread", "Not read", Kind.NUMBER, rank=1),
)


UNREAD = (
    Column("field", "Field", Kind.CODE),
    Column("text", "Text"),
    Column("cells", "Cells", Kind.NUMBER),
    Column("why", "Why", rank=1),
)


class Inspected(NamedTuple):
    """The sheets that may be meant, each with its layout if it has one, and those to be read."""

    sheets: Sequence[tuple[Sheet, Layout | None]]
    read: Sequence[str]


def inspected(session: Session, book: Book, asked: Asked, fields: Sequence[Field]) -> Inspected:
    """Return each sheet that may be meant with its layout, and which of them would be read.

    The names in the register help to recognise columns. Without a register it works all the same.
    """
    try:
        with session.reading() as reader:
            fits = _fits(session, council(reader), Lookup(reader))
            return _inspected(book, asked, fields, fits)
    except DatabaseUnusable:
        return _inspected(book, asked, fields, _fits(session, Council(name="The council"), None))


def _inspected(book: Book, asked: Asked, fields: Sequence[Field], fits: Fits) -> Inspected:
    found = [(one, layout_of(one, asked, fields, fits)) for one in sheets_meant(book, asked)]
    laid_out = [LaidOut(sheet, layout) for sheet, layout in found if layout is not None]
    if not laid_out:
        return Inspected(found, [])
    picked = with_said(choice(laid_out, asked, fields), asked, fields)
    said = {one.sheet.name: one.layout for one in picked.sheets}
    return Inspected([(one, said.get(one.name, layout)) for one, layout in found], picked.names)


def _fits(session: Session, scale: Council, lookup: Lookup | None) -> Fits:
    def look(holds: Holds, text: str, year: str | None) -> str:
        if lookup is None:
            raise Refused("there is no register to look in")
        return str(lookup.find(holds, text, year))

    reading = Reading(session.today, scale, look)
    return lambda field, cell: fits(field, cell, reading)


def sheet_row(sheet: Sheet, layout: Layout | None, fields: Sequence[Field]) -> tuple[object, ...]:
    """Return a row that describes a sheet: its extent, its header and its records."""
    width = max(map(len, sheet.rows), default=0)
    if layout is None:
        return (sheet.name, len(sheet.rows), width, None, None, None)
    records, passed = table_rows(sheet, layout, needed_first(fields))
    return (sheet.name, len(sheet.rows), width, layout.last + 1, len(records), len(passed))


def column_rows(
    sheet: Sheet, layout: Layout, unread: Mapping[str, int] = {}
) -> list[tuple[object, ...]]:
    """Return a row for each column that has a header, or is full, or is taken for something.

    ``unread`` has the number of cells of each field that could not be read, if that is known.
    """
    taken = layout.taken
    rows: list[tuple[object, ...]] = []
    for column, label in enumerate(layout.labels):
        names = taken.get(column, [])
        if not names and not label and column not in layout.untaken:
            continue
        why = layout.reasons[names[0]] if names else layout.untaken.get(column, "")
        samples = _samples(sheet, layout, column)
        letters = column_letters(column)
        bad = max((unread.get(name, 0) for name in names), default=0) if unread else None
        rows.append((sheet.name, letters, label, ", ".join(names) or None, why, samples, bad))
    return rows


def _samples(sheet: Sheet, layout: Layout, column: int) -> str:
    """Return the first few different things that a column holds, on one line."""
    seen: dict[str, None] = {}
    for row in sheet.rows[layout.last + 1 :]:
        text = " ".join(as_typed(row[column]).split()) if column < len(row) else ""
        if text:
            seen.setdefault(text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…")
        if len(seen) == SAMPLES:
            break
    return " | ".join(seen)


class Understood(NamedTuple):
    """How the sheets that are read are understood: their columns, and texts that can't be read.

    Without a ``register`` nothing can be said of either.
    """

    columns: Mapping[str, list[tuple[object, ...]]] = {}
    unread: Sequence[Unread] = ()
    register: bool = False


def understood(session: Session, wanted: Wanted) -> Understood:
    """Return how the sheets that are read are understood."""
    try:
        with session.reading() as reader:
            rows = book_rows(reader, wanted)
            columns = {
                one.sheet.name: column_rows(one.sheet, one.layout, unread_in(one, wanted))
                for one in rows.sheets
            }
            return Understood(columns, unread_texts(rows, wanted), register=True)
    except DatabaseUnusable:
        return Understood()
