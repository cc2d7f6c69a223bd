"""Read the records of .xls workbooks, BIFF5 and BIFF8; their kinds are those of [MS-XLS]."""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from irbtrack.domain.tracker.sheet import Cell, Sheet
from irbtrack.sheets.compound import workbook_stream
from irbtrack.sheets.grids import NOT_WORKED_OUT, CellGrid, shows
from irbtrack.sheets.limits import (
    ELEMENTS_LIMIT,
    SHEETS_LIMIT,
    STYLES_LIMIT,
    Allowance,
    damaged,
    locked,
    too_much,
)
from irbtrack.sheets.serials import NumberShown, number, shown_as

_EOF, _BOF, _CONTINUE, _PASSWORD, _CODE_PAGE, _SINCE_1904 = 0x0A, 0x0809, 0x3C, 0x2F, 0x42, 0x22
_SHEET, _TEXTS, _FORMAT, _STYLE, _MERGED = 0x85, 0xFC, 0x041E, 0xE0, 0xE5
_NUMBER, _LABEL, _RICH, _BOOL_OR_ERROR, _RK = 0x0203, 0x0204, 0xD6, 0x0205, 0x027E
_SHARED, _MANY, _FORMULA, _STRING = 0xFD, 0xBD, 0x06, 0x0207
_WITHIN_FORMULA = frozenset({0x04BC, 0x0221, 0x0236})
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def sheets_of_xls(data: bytes) -> list[Sheet]:
    """Return the sheets of the workbook in ``data``. Raise as :func:`sheets_of_xlsx` does."""
    stream = workbook_stream(data)
    return _XlsWorkbook(stream, Allowance(len(data) + 2 * len(stream))).sheets()


class _XlsRecord(NamedTuple):
    """A record: its kind, and its data, with those of the records that continue it."""

    kind: int
    blocks: list[bytes]


class _ListedSheet(NamedTuple):
    """A sheet as the workbook lists it: its name, and where its records begin."""

    name: str
    hidden: bool
    start: int


class _XlsWorkbook:
    """What the sheets of a workbook share, read from its beginning."""

    def __init__(self, stream: bytes, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance
        self._seen = 0
        self._encoding: str | None = "cp1252"
        """The encoding of texts before BIFF8."""
        self._texts: list[str] = []
        self._styles: list[NumberShown] = []

    def sheets(self) -> list[Sheet]:
        """Return the sheets, in order. Raise as :func:`sheets_of_xls` does."""
        listed: list[_ListedSheet] = []
        formats: dict[int, str] = {}
        codes: list[int] = []
        since_1904 = False
        for kind, blocks in self._records(0):
            source = _Blocks(blocks, self._encoding)
            if kind == _PASSWORD:
                raise locked()
            if kind == _BOF and source.unpacked("<H")[0] == 0x0600:
                self._encoding = None
            elif kind == _CODE_PAGE and self._encoding:
                self._encoding = _encoding_of(*source.unpacked("<H"))
            elif kind == _SINCE_1904:
                since_1904 = source.unpacked("<H") == (1,)
            elif kind == _FORMAT:
                (code,) = source.unpacked("<H")
                formats[code] = source.text("<H" if self._encoding is None else "<B")
            elif kind == _STYLE:
                codes.append(source.unpacked("<HH")[1])
                if len(codes) > STYLES_LIMIT:
                    raise damaged()
            elif kind == _SHEET:
                start, state, what = source.unpacked("<IBB")
                if what == 0:  # and no chart or macro
                    listed.append(_ListedSheet(source.text("<B"), state & 3 != 0, start))
                    if len(listed) > SHEETS_LIMIT:
                        raise damaged()
            elif kind == _TEXTS:
                source.unpacked("<II")
                self._take_texts(source)
        self._styles = [shown_as(code, formats, since_1904=since_1904) for code in codes]
        if len({sheet.start for sheet in listed}) < len(listed):
            raise damaged()
        return [self._sheet(sheet) for sheet in listed]

    def _records(self, start: int) -> Iterator[_XlsRecord]:
        """Yield the records up to the end of what begins at ``start``, without charts in it."""
        at, depth, record = start, 0, None
        while True:
            self._seen += 1
            kind, size = struct.unpack_from("<HH", self._stream, at)
            data = self._stream[at + 4 : at + 4 + size]
            at += 4 + size
            if at > len(self._stream):
                raise damaged()
            if self._seen > ELEMENTS_LIMIT:
                raise too_much()
            if kind == _CONTINUE and record:
                record.blocks.append(data)
                continue
            if record and depth == 1:
                yield record
            depth += (kind == _BOF) - (kind == _EOF)
            if depth <= 0:
                return
            record = _XlsRecord(kind, [data])

    def _take_texts(self, source: "_Blocks") -> None:
        while source.has_more():
            self._texts.append(source.text("<H"))
            self._allowance.keep(self._texts[-1:])

    def _sheet(self, listed: _ListedSheet) -> Sheet:
        grid = CellGrid(listed.name, self._allowance, hidden=listed.hidden)
        waiting: tuple[int, int] | None = None
        """The cell of a formula whose text is to come."""
        for kind, blocks in self._records(listed.start):
            source = _Blocks(blocks, self._encoding)
            if waiting and kind not in _WITHIN_FORMULA:
                if kind == _STRING:
                    grid.put(*waiting, source.text("<H"))
                else:
                    grid.leave(*waiting, NOT_WORKED_OUT)
                waiting = None
            if kind == _FORMULA:
                waiting = self._put_formula(grid, source)
            elif kind == _MERGED:
                for _ in range(source.unpacked("<H")[0]):
                    first, last, left, right = source.unpacked("<HHHH")
                    grid.merge((first, left), (last, right))
            else:
                self._put(grid, kind, source)
        if waiting:
            grid.leave(*waiting, NOT_WORKED_OUT)
        return grid.sheet()

    def _put(self, grid: CellGrid, kind: int, source: "_Blocks") -> None:
        """Put what a record of cells holds into the grid."""
        if kind == _NUMBER:
            row, column, style, value = source.unpacked("<HHHd")
            grid.put(row, column, self._shown(style, value))
        elif kind == _RK:
            row, column, style, packed = source.unpacked("<HHHI")
            grid.put(row, column, self._shown(style, _unpacked(packed)))
        elif kind == _MANY:
            row, column = source.unpacked("<HH")
            for further in range((source.left - 2) // 6):
                style, packed = source.unpacked("<HI")
                grid.put(row, column + further, self._shown(style, _unpacked(packed)))
        elif kind == _SHARED:
            row, column, _, text = source.unpacked("<HHHI")
            grid.put(row, column, self._texts[text])
        elif kind in (_LABEL, _RICH):
            row, column, _ = source.unpacked("<HHH")
            grid.put(row, column, source.text("<H"))
        elif kind == _BOOL_OR_ERROR:
            row, column, _, value, is_error = source.unpacked("<HHHBB")
            if is_error:
                grid.leave(row, column, shows(_ERRORS.get(value, "#ERROR")))
            else:
                grid.put(row, column, bool(value))

    def _put_formula(self, grid: CellGrid, source: "_Blocks") -> tuple[int, int] | None:
        """Put the value of a formula into the grid, or return its cell if a text is to come."""
        row, column, style, value = source.unpacked("<HHH8s")
        if value[6:] != b"\xff\xff":
            grid.put(row, column, self._shown(style, *struct.unpack("<d", value)))
        elif value[0] == 0:
            return row, column
        elif value[0] == 1:
            grid.put(row, column, bool(value[2]))
        elif value[0] == 2:
            grid.leave(row, column, shows(_ERRORS.get(value[2], "#ERROR")))
        return None

    def _shown(self, style: int, value: float) -> Cell:
        return self._styles[style](value) if style < len(self._styles) else number(value)


def _encoding_of(page: int) -> str:
    """Return the encoding of a code page. Raise :class:`LookupError` if there is none."""
    name = {1200: "utf-16-le", 32768: "mac-roman", 32769: "cp1252"}.get(page, f"cp{page}")
    b"".decode(name)
    return name


def _unpacked(packed: int) -> float:
    """Return the number that is kept in 30 bits and two that say how."""
    value: float = struct.unpack("<d", struct.pack("<Q", (packed & ~3) << 32))[0]
    if packed & 2:
        value = float((packed >> 2) - (packed >> 31 << 30))
    return value / 100 if packed & 1 else value


class _Blocks:
    """A record and those that continue it, read from one to the next."""

    def __init__(self, blocks: list[bytes], encoding: str | None) -> None:
        self._blocks = iter(blocks)
        self._block, self._at = next(self._blocks), 0
        self._encoding = encoding

    @property
    def left(self) -> int:
        """Return the bytes of the block that are not read yet."""
        return len(self._block) - self._at

    def has_more(self) -> bool:
        """Return whether anything is left. Go on to the next block if this one is read."""
        if not self.left:
            self._block, self._at = next(self._blocks, b""), 0
        return self.left > 0

    def taken(self, most: int) -> bytes:
        """Return bytes of this block or the next, and no more than ``most``."""
        if not self.has_more():
            raise damaged()
        start, self._at = self._at, min(self._at + most, len(self._block))
        return self._block[start : self._at]

    def unpacked(self, form: str) -> tuple[Any, ...]:
        """Return numbers from the block. Raise :class:`struct.error` if it ends before."""
        numbers = struct.unpack_from(form, self._block, self._at)
        self._at += struct.calcsize(form)
        return numbers

    def text(self, form: str) -> str:
        """Return a text that begins with its length.

        Each further block says anew whether its part of the text is wide.
        """
        (length,) = self.unpacked(form)
        if self._encoding:
            return self.taken(length).decode(self._encoding) if length else ""
        (flags,) = self.unpacked("<B")
        after = 4 * self.unpacked("<H")[0] if flags & 8 else 0
        after += self.unpacked("<I")[0] if flags & 4 else 0
        parts: list[bytes] = []
        while length:
            if not self.left:
                flags = self.taken(1)[0]
            part = self.taken(length << (flags & 1))
            length -= len(part) >> (flags & 1)
            parts.append(part if flags & 1 else part.decode("latin-1").encode("utf-16-le"))
        while after:
            after -= len(self.taken(after))
        return b"".join(parts).decode("utf-16-le", "replace")
