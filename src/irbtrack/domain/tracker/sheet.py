"""A sheet as data: rows of cells, as a file has them, and what its cells are called."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from irbtrack.errors import listed

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell holds. A cell that is empty or has only spaces is None."""

Span = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last of the cells that are merged: row and column, from 0."""


class Sheet(NamedTuple):
    """One table of a file. Its ``rows`` begin at the first row and column, empty or not.

    Rows may differ in length. ``merged`` cells hold their value in the first of them. ``unread``
    has, by row and column, why the value of a cell is not known: an error such as #REF!, or a
    formula that was never worked out. Such a cell is None.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    merged: tuple[Span, ...] = ()
    unread: Mapping[tuple[int, int], str] = {}


class RowPlace(NamedTuple):
    """Where a row stands: the name of its sheet, and its number, from 0."""

    sheet: str
    row: int


class Book(NamedTuple):
    """A file of sheets, with its ``name`` and the SHA-256 of its bytes in hexadecimal."""

    name: str
    digest: str
    sheets: tuple[Sheet, ...]


ROWS_NAMED = 12
"""The most rows of a sheet, or runs of rows, that a sentence names."""


def column_letters(column: int) -> str:
    """Return what a column, counted from 0, is called.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    number = column + 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return what the cell in a row and a column, counted from 0, is called.

    >>> cell_name(11, 5)
    'F12'
    """
    return f"{column_letters(column)}{row + 1}"


def say_rows(places: Iterable[RowPlace]) -> str:
    """Say which rows, as a spreadsheet counts them, and of which sheets. Of many, name the first.

    >>> say_rows([RowPlace("Open", 3)])
    'row 4 of Open'
    >>> say_rows([RowPlace("Open", 3), RowPlace("Closed", 1), RowPlace("Open", 4)])
    'rows 4-5 of Open and row 2 of Closed'
    """
    by_sheet: dict[str, list[int]] = {}
    for one in places:
        by_sheet.setdefault(one.sheet, []).append(one.row)
    return listed([f"{_say_numbers(rows)} of {sheet}" for sheet, rows in by_sheet.items()], "and")


def _say_numbers(rows: Sequence[int]) -> str:
    """Say which rows of one sheet, with runs of them as in ``rows 4-6``."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    named = [
        f"{run[0] + 1}" if len(run) == 1 else f"{run[0] + 1}-{run[-1] + 1}"
        for run in runs[:ROWS_NAMED]
    ]
    if len(runs) > ROWS_NAMED:
        named.append(f"{sum(map(len, runs[ROWS_NAMED:])):,} more")
    return f"{'row' if len(rows) == 1 else 'rows'} {listed(named, 'and')}"
