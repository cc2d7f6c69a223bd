"""Part what is exported, so that an import can read each file."""

from collections.abc import Iterator, Sequence

from irbtrack.domain.tracker.sheet import Cell
from irbtrack.sheets.limits import FILE_LIMIT, MIB, RECORDS_LIMIT, Allowance, Unreadable

HELD = 128 * MIB
"""Bytes of a reader's memory that rows can't have.

They are for the file itself. Of a workbook they are also for its texts, which the reader counts
twice: where they are listed, and where a cell has them.
"""
WRITTEN = FILE_LIMIT * 3 // 4
"""The most bytes of rows as a text. The rest of a file is for what must be escaped in them."""


def parts(records: Sequence[Sequence[Sequence[Cell]]], names: Sequence[str]) -> Iterator[slice]:
    """Yield which records go into each file, as slices; all into one if a file may hold them.

    Each record is a sequence of rows, which stay together, even if they are too many. ``names``
    are those of the columns. A file may hold what ``irbtrack.sheets`` reads, and what an import
    takes in at once.
    """
    begins = 0
    room = _Room(names)
    for n, rows in enumerate(records):
        if not room.takes(rows) and n > begins:
            yield slice(begins, n)
            begins, room = n, _Room(names)
            room.takes(rows)
    yield slice(begins, len(records))


class _Room:
    """What a file may still hold."""

    def __init__(self, names: Sequence[str]) -> None:
        self._keys = sum(len(f'"{name}": , ') for name in names)  # JSON has them in each row
        self._rows = self._written = 0
        self._allowance = Allowance(HELD)

    def takes(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Count some rows in, and say whether all that was counted may be in one file."""
        self._rows += len(rows)
        # what Python writes of a row is about as long as what JSON does, the longest of all formats
        self._written += sum(self._keys + len(repr(row).encode()) for row in rows)
        try:
            for row in rows:
                self._allowance.keep(row)
        except Unreadable:
            return False
        return self._rows <= RECORDS_LIMIT and self._written <= WRITTEN
