"""Read the cells of a workbook that was checked, with calamine."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any, TypeVar

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from irbtrack.domain.tracker.sheet import Cell, Sheet
from irbtrack.errors import quoted
from irbtrack.sheets.limits import COLUMNS_LIMIT, ROWS_LIMIT, Allowance, Unreadable, damaged
from irbtrack.sheets.packages import Checked, Found

Result = TypeVar("Result")

_WHOLE = 1e15
"""The number below which a float can still tell one whole number from the next."""


def sheets_of(checked: Checked) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, each from its first row and column.

    Empty cells at the end of a row are left out. Whole numbers are int: 45230.0 in the file
    is 45230. A cell that is unread is None, whatever the file has for it. Raise
    :class:`Unreadable`.
    """
    with _quiet():
        with checked.package as package:
            package.seek(0)
            workbook = _tried(lambda: CalamineWorkbook.from_filelike(package))
        listed = workbook.sheets_metadata
        if len(listed) != len(checked.sheets):
            raise damaged()
        _refuse_doubles(
            found.name or of.name for found, of in zip(checked.sheets, listed, strict=True)
        )
        allowance = Allowance()
        return tuple(
            _sheet(workbook, number, found, allowance)
            for number, found in enumerate(checked.sheets)
            if found.is_table
        )


def _refuse_doubles(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise Unreadable(f"has two sheets of the name {quoted(name)}; rename one of them")
        seen.add(name.casefold())


def _sheet(workbook: CalamineWorkbook, number: int, found: Found, allowance: Allowance) -> Sheet:
    allowance.hold(found.making)
    source = _tried(lambda: workbook.get_sheet_by_index(number))
    allowance.hold(found.holding)
    rows = _tried(lambda: list(_rows(source, allowance)))
    for row, column in found.unread:
        if row < len(rows) and column < len(rows[row]):
            rows[row] = (*rows[row][:column], None, *rows[row][column + 1 :])
    merged = found.merged
    if merged is None:
        merged = tuple(span for span in source.merged_cell_ranges or () if _is_span(span))
    listed = workbook.sheets_metadata[number]
    hidden = found.hidden or listed.visible != SheetVisibleEnum.Visible
    return Sheet(found.name or listed.name, rows, hidden, merged, found.unread)


def _rows(source: CalamineSheet, allowance: Allowance) -> Iterator[tuple[Cell, ...]]:
    if source.start is None:
        return
    lead: tuple[Cell, ...] = (None,) * source.start[1]
    for values in source.iter_rows():
        cells = [
            (value if value and not value.isspace() else None)
            if type(value) is str
            else (_number(value) if type(value) is float else value)
            for value in values
        ]
        while cells and cells[-1] is None:
            cells.pop()
        row = (*lead, *cells) if cells else ()
        allowance.keep(row)
        yield row


def _number(value: float) -> int | float:
    if value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    if not isfinite(value):  # no spreadsheet has such a number
        raise damaged()
    return value


def _is_span(span: Any) -> bool:
    (first_row, first_column), (last_row, last_column) = span
    return bool(first_row <= last_row < ROWS_LIMIT and first_column <= last_column < COLUMNS_LIMIT)


def _tried(reading: Callable[[], Result]) -> Result:
    """Return what ``reading`` returns. Raise the refusal of a damaged workbook if it fails."""
    try:
        return reading()
    except CalamineError:
        raise damaged() from None
    except BaseException as failure:
        # a panic of Rust is no Exception, so that nobody takes it for one; its class has no
        # name that could be imported
        if type(failure).__name__ != "PanicException":
            raise
        raise damaged() from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Rust writes about a panic off stderr; the refusal says it better."""
    try:
        kept = os.dup(2)
    except OSError:  # there is no stderr
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
