"""Part what is exported, so that an import can read each file."""

from collections.abc import Iterator, Sequence

from irbtrack.domain.tracker.sheet import Cell
from irbtrack.sheets.limits import FILE_LIMIT, MIB, RECORDS_LIMIT, Allowance, Unreadable

HELD = 128 * MIB
"""Bytes of memory that are not for rows: the file, and in a workbook each text once more."""
WRITTEN = FILE_LIMIT * 3 // 4
"""Bytes of the rows as a text. A quarter is left for what must be escaped."""


def parts(records: Sequence[Sequence[Sequence[Cell]]], names: Sequence[str]) -> Iterator[slice]:
    """Yield which records go into each file, as slices; all into one if a file may hold them.

    Each record is a sequence of rows, of which none goes into another file: a record's versions
    stay together. ``names`` are those of the columns, which JSON repeats in each row. What may be
    in a file is what ``irbtrack.sheets`` reads and an import takes in at once.
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
        self._keys = sum(len(name) + len('"": , ') for name in names)
        self._rows = self._written = 0
        self._allowance = Allowance(HELD)

    def takes(self, rows: Sequence[Sequence[Cell]]) -> bool:
        """Count some rows in, and say whether all that was counted may be in one file."""
        self._rows += len(rows)
        self._written += sum(self._keys + len(repr(row).encode()) for row in rows)
        try:
            for row in rows:
                self._allowance.keep(row)
        except Unreadable:
            return False
        return self._rows <= RECORDS_LIMIT and self._written <= WRITTEN
