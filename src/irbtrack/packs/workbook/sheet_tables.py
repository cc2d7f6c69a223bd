"""The tables of a workbook. Numbers and days are typed, and all else is text."""

from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import wrap
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.packs.document import Grid, shown
from irbtrack.packs.lettering.table_layout import CONTINUED, HEADER_ROW
from irbtrack.packs.marked_text import plain_words
from irbtrack.packs.workbook.sheet_formats import CellFormats
from irbtrack.packs.workbook.sheet_texts import cell_parts, distinct_headers
from irbtrack.sheets.xlsx import fit_row

_NARROWEST, _WIDEST, _WIDEST_WORDS = 9, 34, 60
_LINE = 12.75  # the height of a line, in points
_BUTTON = 4  # the width of the button in a header that sorts


def add_table(
    sheet: Worksheet,
    header: Format,
    first: int,
    labels: Sequence[str],
    rows: int,
    *,
    sortable: bool,
) -> None:
    """Make cells a table of Excel, so that screen readers know its header.

    A table that people can sort has buttons in its header. One without rows gets an empty row,
    which Excel asks for.
    """
    columns = [{"header": label, "header_format": header} for label in labels]
    sheet.add_table(
        first, 0, first + max(rows, 1), len(labels) - 1,
        {"columns": columns, "style": None, "autofilter": sortable},
    )  # fmt: skip


def write_table(sheet: Worksheet, formats: CellFormats, grid: Grid) -> None:
    """Write a table, with its header in :data:`HEADER_ROW`.

    Totals at its end stand below the table of Excel, so that people can sort it. A table with
    totals in between can't be sorted.
    """
    table = in_cells(grid)
    count = len(table.rows)
    while count - 1 in grid.totals:
        count -= 1
    sortable = count > 0 and not any(row < count for row in grid.totals)
    labels = distinct_headers(column.label or "" for column in table.columns)
    widths = [
        _width(label, column, [shown(row[n], column) for row in table.rows])
        for n, (label, column) in enumerate(zip(labels, table.columns, strict=True))
    ]
    size = count if sortable else len(table.rows)
    add_table(sheet, formats.header, HEADER_ROW, labels, size, sortable=sortable)
    sheet.set_row(HEADER_ROW, _LINE * _header_lines(labels, widths) + 4)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for number, row in enumerate(table.rows):
        fit_row(sheet, HEADER_ROW + 1 + number, row, widths)
        for n, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            cell_format = formats.cell(value, column, total=number in grid.totals)
            _write_cell(sheet, HEADER_ROW + 1 + number, n, value, column, cell_format)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def in_cells(grid: Grid) -> Table:
    """Return a table whose texts are plain words that each fit into a cell.

    A column with a text that is too long is followed by others, which have the rest.
    """
    columns: list[Column] = []
    by_column: list[list[Any]] = []
    for n, column in enumerate(grid.table.columns):
        values = [_plain(row[n], column) for row in grid.table.rows]
        parted = [list(cell_parts(v)) if isinstance(v, str) else [v] for v in values]
        for part in range(max(map(len, parted), default=1)):
            again = f" {part}" if part > 1 else ""
            label = f"{column.label} {CONTINUED}{again}" if part else column.label
            columns.append(column._replace(label=label))
            by_column.append([parts[part] if part < len(parts) else None for parts in parted])
    return grid.table._replace(columns=tuple(columns), rows=list(zip(*by_column, strict=True)))


def _plain(value: Any, column: Column) -> Any:
    """Return what a cell of Excel is to hold: a number, a day, a rating's letter or a text."""
    if _is_typed(value) or value is None or column.kind is Kind.RAG:
        return value
    text = shown(value, column)
    return plain_words(text) if column.kind is Kind.MARKDOWN else text


def _is_typed(value: Any) -> bool:
    """Return whether Excel has a type for a value. It has none for moments with a time zone."""
    return isinstance(value, int | float) or type(value) is date


def _write_cell(
    sheet: Worksheet, row: int, n: int, value: Any, column: Column, cell_format: Format
) -> None:
    if value is None:
        sheet.write_blank(row, n, None, cell_format)
    elif isinstance(value, int | float):
        sheet.write_number(row, n, value, cell_format)
    elif type(value) is date:
        sheet.write_datetime(row, n, value, cell_format)
    else:
        sheet.write_string(row, n, shown(value, column), cell_format)


def _width(label: str, column: Column, texts: Iterable[str]) -> int:
    """Return the width of a column: that of its longest line and its header's longest word."""
    line = max((len(line) for text in texts for line in text.split("\n")), default=0) + 2
    word = max(map(len, label.split()), default=0) + _BUTTON
    most = _WIDEST_WORDS if column.kind is Kind.MARKDOWN else _WIDEST
    return min(max(line, word, _NARROWEST), most)


def _header_lines(labels: Iterable[str], widths: Iterable[int]) -> int:
    both = zip(labels, widths, strict=True)
    return max(len(wrap(label, width - _BUTTON)) or 1 for label, width in both)
