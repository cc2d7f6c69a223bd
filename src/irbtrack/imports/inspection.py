"""Show how an import would understand a file, without importing it."""

from collections.abc import Sequence

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
from irbtrack.imports.sheet_choice import layout_of, needed_first, sheets_meant
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
)


UNREAD = (
    Column("field", "Field", Kind.CODE),
    Column("text", "Text"),
    Column("cells", "Cells", Kind.NUMBER),
    Column("why", "Why", rank=1),
)


def laid_out_sheets(
    session: Session, book: Book, asked: Asked, fields: Sequence[Field]
) -> list[tuple[Sheet, Layout | None]]:
    """Return each sheet that is meant, and its layout.

    The names in the register help to recognise columns. Without a register it works all the same.
    """
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


def sheet_row(sheet: Sheet, layout: Layout | None, fields: Sequence[Field]) -> tuple[object, ...]:
    """Return a row that describes a sheet: its extent, its header and its records."""
    width = max(map(len, sheet.rows), default=0)
    if layout is None:
        return (sheet.name, len(sheet.rows), width, None, None, None)
    records, passed = table_rows(sheet, layout, needed_first(fields))
    return (sheet.name, len(sheet.rows), width, layout.last + 1, len(records), len(passed))


def column_rows(sheet: Sheet, layout: Layout) -> list[tuple[object, ...]]:
    """Return a row for each column that has a header, or is full, or is taken for something."""
    taken = layout.taken
    rows: list[tuple[object, ...]] = []
    for column, label in enumerate(layout.labels):
        names = taken.get(column, [])
        if not names and not label and column not in layout.untaken:
            continue
        why = layout.reasons[names[0]] if names else layout.untaken.get(column, "")
        samples = _samples(sheet, layout, column)
        letters = column_letters(column)
        rows.append((sheet.name, letters, label, ", ".join(names) or None, why, samples))
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
