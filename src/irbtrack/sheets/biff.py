"""Check .xls workbooks record by record, before calamine reads them.

What calamine does not need and could stumble over is blanked out: names, formulas, and the
size that a sheet says it has. BIFF5 and BIFF8 are read; the kinds of records are those of
[MS-XLS].
"""

import io
import struct
from array import array
from collections.abc import Iterator
from typing import NamedTuple

from irbtrack.sheets.compound import compound_file, workbook_stream
from irbtrack.sheets.limits import (
    CELLS_LIMIT,
    COLUMNS_LIMIT,
    MEMORY_LIMIT,
    MERGES_LIMIT,
    SHEETS_LIMIT,
    UNREAD_LIMIT,
    Unreadable,
    damaged,
    locked,
    too_much,
)
from irbtrack.sheets.packages import Checked, Found
from irbtrack.sheets.textblocks import sizes_of_texts
from irbtrack.sheets.worksheets import NOT_WORKED_OUT

_CONTINUED_LIMIT = 20_000
"""The most records that continue another. calamine takes the square of their number in steps."""

_EOF, _BOF, _CONTINUE, _PASSWORD = 0x0A, 0x0809, 0x3C, 0x2F
_SHEET, _TEXTS, _DIMENSIONS, _NAME, _OUTSIDE, _MERGED = 0x85, 0xFC, 0x0200, 0x18, 0x17, 0xE5
_NUMBER, _LABEL, _RICH, _BOOL_OR_ERROR, _RK = 0x0203, 0x0204, 0xD6, 0x0205, 0x027E
_SHARED, _MANY, _FORMULA, _STRING = 0xFD, 0xBD, 0x06, 0x0207
_CELLS = frozenset({_NUMBER, _LABEL, _RICH, _BOOL_OR_ERROR, _RK, _SHARED, _MANY, _FORMULA})
_WITHIN_FORMULA = frozenset({_CONTINUE, 0x04BC, 0x0221, 0x0236})
_NOTHING = 0x0FFF
"""A kind that no record has."""
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


class _XlsRecord(NamedTuple):
    """One record: its kind, and where its data are in the stream."""

    kind: int
    start: int
    size: int


class _XlsEntry(NamedTuple):
    """A sheet as the workbook lists it: where its records begin, and its kind."""

    start: int
    hidden: bool
    is_table: bool


def checked_xls(data: bytes) -> Checked:
    """Check the workbook in ``data`` and return it. Raise :class:`Unreadable`."""
    stream = workbook_stream(data)
    try:
        listed, sizes = _look_through_workbook(stream)
        looked_at = [_XlsSheet(stream, sizes) for _ in listed]
        walked = 0
        for sheet, worksheet in zip(listed, looked_at, strict=True):
            walked += worksheet.look_through(sheet.start)
            if walked > 2 * len(stream) or sum(one.cells for one in looked_at) > CELLS_LIMIT:
                raise too_much()
    except (struct.error, IndexError):
        raise damaged() from None
    if not any(sheet.is_table for sheet in listed):
        raise Unreadable("is a workbook without sheets; give one with a table")
    held = 2 * len(stream) + sum(one.memory for one in looked_at)
    opening = 3 * len(stream) + sum(sizes) + 40 * len(sizes) + max(one.more for one in looked_at)
    if held + opening > MEMORY_LIMIT:
        raise too_much()
    found = (
        Found("", sheet.hidden, one.unread, held + one.memory, held + one.memory,
              is_table=sheet.is_table)
        for sheet, one in zip(listed, looked_at, strict=True)
    )  # fmt: skip
    return Checked(io.BytesIO(compound_file(bytes(stream))), tuple(found))


def _records(stream: bytearray, start: int) -> Iterator[_XlsRecord]:
    """Yield the records from ``start`` on. Raise :class:`Unreadable` if one is cut off."""
    size = len(stream)
    while start < size:
        kind, length = struct.unpack_from("<HH", stream, start)
        start += 4
        if start + length > size:
            raise damaged()
        yield _XlsRecord(kind, start, length)
        start += length


def _blank(stream: bytearray, record: _XlsRecord) -> None:
    struct.pack_into("<H", stream, record.start - 4, _NOTHING)


def _look_through_workbook(stream: bytearray) -> tuple[list[_XlsEntry], "array[int]"]:
    """Return the sheets that the workbook lists, and the bytes of each shared text."""
    listed: list[_XlsEntry] = []
    texts: list[bytes] = []
    last = continued = 0
    for record in _records(stream, 0):
        kind, start, size = record
        if kind == _CONTINUE:
            continued += 1
            if continued > _CONTINUED_LIMIT:
                raise damaged()
            if last == _TEXTS:
                texts.append(bytes(stream[start : start + size]))
            continue
        last = kind
        if kind == _PASSWORD:
            raise locked()
        if kind == _SHEET:
            place, state, what = struct.unpack_from("<IBB", stream, start)
            listed.append(_XlsEntry(place, state & 3 != 0, what == 0))
        elif kind == _TEXTS:
            texts = [bytes(stream[start + 8 : start + size])]
        elif kind in (_NAME, _OUTSIDE):
            _blank(stream, record)
        elif kind == _EOF:
            break
    starts = {sheet.start for sheet in listed}
    if len(starts) != len(listed) or len(listed) > SHEETS_LIMIT:
        raise damaged()
    if max(starts, default=0) >= len(stream):
        raise damaged()
    return listed, sizes_of_texts(texts)


class _XlsSheet:
    """The size of one sheet, what reading it will take, and its ``unread`` cells."""

    def __init__(self, stream: bytearray, sizes: "array[int]") -> None:
        self.unread: dict[tuple[int, int], str] = {}
        self._stream = stream
        self._sizes = sizes
        self._rows = self._columns = self._filled = self._text = 0
        self._formulas = self._merges = 0

    @property
    def cells(self) -> int:
        """Return the number of cells from the first row and column to the last with content."""
        return self._rows * self._columns

    @property
    def memory(self) -> int:
        """Return the bytes that calamine takes to keep the sheet."""
        return self.cells * (56 if self._formulas else 32) + self._text

    @property
    def more(self) -> int:
        """Return the further bytes that it takes while it makes the sheet."""
        return 40 * self._filled + 56 * self._formulas

    def look_through(self, start: int) -> int:
        """Look at the records from ``start`` on, and return how many bytes they have.

        Charts within the sheet are skipped, as calamine does. Raise :class:`Unreadable`.
        """
        depth = 0
        waiting: tuple[int, int] | None = None
        record = _XlsRecord(_NOTHING, start, 0)
        for record in _records(self._stream, start):
            if record.kind == _BOF:
                depth += 1
            elif depth > 1:
                depth -= record.kind == _EOF
            elif record.kind == _EOF:
                break
            else:
                if waiting and record.kind not in _WITHIN_FORMULA:
                    if record.kind != _STRING:
                        self.unread[waiting] = NOT_WORKED_OUT
                    waiting = None
                waiting = self._pass(record) or waiting
        if waiting:
            self.unread[waiting] = NOT_WORKED_OUT
        return record.start + record.size - start

    def _pass(self, record: _XlsRecord) -> tuple[int, int] | None:
        """Look at a record.

        Return the place of a formula whose value is in the text record that follows, or None.
        """
        kind, start, size = record
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", self._stream, start)
            last = column
            if kind == _SHARED:
                number = struct.unpack_from("<I", self._stream, start + 6)[0]
                self._text += 24 + self._sizes[number]
            elif kind == _MANY:
                last = struct.unpack_from("<H", self._stream, start + size - 2)[0]
            elif kind in (_LABEL, _RICH):
                self._text += 24 + 3 * size
            self._reach(row, max(column, last), 1 + max(last - column, 0))
            if kind == _FORMULA:
                return self._pass_formula(record, (row, column))
            if kind == _BOOL_OR_ERROR and self._stream[start + 7]:
                self._tell((row, column), self._stream[start + 6])
        elif kind == _STRING:
            self._filled += 1
            self._text += 24 + 3 * size
        elif kind == _DIMENSIONS:
            _blank(self._stream, record)
        elif kind == _MERGED:
            self._merges += struct.unpack_from("<H", self._stream, start)[0]
            if self._merges > MERGES_LIMIT:
                raise too_much()
        return None

    def _pass_formula(self, record: _XlsRecord, place: tuple[int, int]) -> tuple[int, int] | None:
        if record.size < 25:
            raise damaged()
        self._formulas += 1
        value = self._stream[record.start + 6 : record.start + 14]
        # the formula itself becomes the number 0
        struct.pack_into("<HBH", self._stream, record.start + 20, 3, 0x1E, 0)
        if value[6:] == b"\xff\xff":
            if value[0] == 2:
                self._tell(place, value[2])
            return place if value[0] == 0 else None
        return None

    def _reach(self, row: int, column: int, cells: int) -> None:
        self._rows = max(self._rows, row + 1)
        self._columns = max(self._columns, column + 1)
        self._filled += cells
        if column >= COLUMNS_LIMIT:
            raise damaged()
        if self.cells > CELLS_LIMIT or self.memory > MEMORY_LIMIT:
            raise too_much()

    def _tell(self, place: tuple[int, int], error: int) -> None:
        self.unread[place] = f"it shows the error {_ERRORS.get(error, '#ERROR')}"
        if len(self.unread) > UNREAD_LIMIT:
            raise too_much()
