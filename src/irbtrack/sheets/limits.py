"""How much a file may hold, so that a harmful one cannot bring down the machine.

The largest register of a council is 5,000 actions; 100,000 rows of 25 columns, with 200,000
different texts among them, fit within all of these limits. What is read stays below 300 MiB of
memory, whatever the file holds.
"""

from collections.abc import Sequence
from sys import getsizeof

from irbtrack.domain.tracker.sheet import Cell

CellRows = Sequence[Sequence[Cell]]

MIB = 1024 * 1024

FILE_LIMIT = 64 * MIB
PLAIN_TEXT_LIMIT = 16 * MIB
"""Bytes of a text that is no table, or that comes from standard input."""
UNPACKED_LIMIT = 512 * MIB
"""Bytes of all the parts of a workbook that are read, unpacked."""
PARTS_LIMIT = 4096
SHEETS_LIMIT = 500
ROWS_LIMIT = 1_048_576
COLUMNS_LIMIT = 16_384
CELLS_LIMIT = 4_000_000
"""Cells from the first to the last row and column with content, over all sheets."""
ELEMENTS_LIMIT = 5_500_000
"""Elements of a file's XML, or records of .xls: each cell takes one or two."""
STRANGE_LIMIT = 1_200_000
"""Elements in a part of XML that are no cells."""
NAMES_LIMIT = 10_000
"""Different names of elements and attributes in a part of XML."""
STYLES_LIMIT = 65_536
MARKS_LIMIT = 100_000
"""Cells of a file that are merged or can't be read."""
RECORDS_LIMIT = 120_000
"""The most rows that are compared with the register at once; each takes some 4 KiB of memory."""
TEXT_LIMIT = MIB
"""Characters in a cell; Excel takes 32,767."""
RECORD_LIMIT = 4 * MIB
"""Characters in one row of a text file."""
MEMORY_LIMIT = 224 * MIB
"""Bytes that reading may take: the file, what is unpacked of it, and the cells kept.

A quarter of 300 MiB is left to the program itself.
"""


class Unreadable(Exception):
    """The reason why a file cannot be read, and what to do; the file's name is put before it."""


def damaged() -> Unreadable:
    """Return the refusal of a workbook that is cut off, altered or put together wrongly."""
    return Unreadable("is damaged; open it in a spreadsheet program and save it again")


def locked() -> Unreadable:
    """Return the refusal of a file that is encrypted."""
    return Unreadable("is protected by a password; save it without one")


def too_much() -> Unreadable:
    """Return the refusal of a file that would take too much memory."""
    return Unreadable(
        "holds more than irbtrack reads at once;"
        " take out what it need not have, or save it as several files"
    )


class Allowance:
    """The cells that a file has had so far, and the memory that they and the file take."""

    def __init__(self, held: int) -> None:
        self._cells = self._marks = 0
        self._taken = held

    def take(self, size: int, cells: int = 0) -> None:
        """Count bytes and cells. Raise :class:`Unreadable` if that is more than a file may have."""
        self._cells += cells
        self._taken += size
        if self._cells > CELLS_LIMIT or self._taken > MEMORY_LIMIT:
            raise too_much()

    def keep(self, row: Sequence[Cell]) -> None:
        """Count a row, as :meth:`take` does."""
        self.take(64 + 8 * len(row) + sum(map(getsizeof, filter(None, row))), len(row))

    def mark(self) -> None:
        """Count a cell that is merged or unread, as :meth:`take` does."""
        self._marks += 1
        if self._marks > MARKS_LIMIT:
            raise too_much()
