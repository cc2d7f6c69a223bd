"""Check the sheets and shared texts of .xlsx: how large they are, and which cells are unread.

calamine makes a full rectangle of a sheet, and a text of its own for each cell. So a file of a
kilobyte can ask for any amount of memory. Here everything that it will make is added up
before. Regular expressions over bytes do that in a second for a million cells; what is not
written as nearly all programs write it is read tag by tag.
"""

import re
from array import array
from collections.abc import Iterable, Iterator

from irbtrack.domain.tracker.sheet import column_letters
from irbtrack.sheets.limits import (
    CELLS_LIMIT,
    COLUMNS_LIMIT,
    MEMORY_LIMIT,
    MERGES_LIMIT,
    ROWS_LIMIT,
    UNREAD_LIMIT,
    damaged,
    too_much,
)
from irbtrack.sheets.tags import Tag, Tags, pieces

NOT_WORKED_OUT = "its formula has not been worked out"

_ATTRIBUTES = rb'(?: [\w:]+="[^"<>]*")*'
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(' + _ATTRIBUTES + rb") ?"
    rb"(?:/>|>(<f" + _ATTRIBUTES + rb" ?(?:/>|>[^<]*</f>))?"
    rb"(<v>[^<]*</v>|<v ?/>|<is><t" + _ATTRIBUTES + rb">[^<]*</t></is>)?</c>)"
)
"""A cell as nearly all programs write it: column, row, other attributes, formula, value."""
_OTHER_CELL = re.compile(rb"<(?:c[>/\t\r\n]|[^\s<>/]*:c[\s/>])")
_PLAIN_TEXTS = re.compile(
    rb'\s*(?:<si><t(?: xml:space="preserve")?>[^<]*</t></si>\s*)*(?:</sst>\s*)?'
)
_NUMBER = re.compile(rb"<v>-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,4})?</v>")
_REFERENCE = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_MERGE = re.compile(rb"<(?:[^\s<>/]*:)?mergeCell[\s/>]")
_RESERVED = re.compile(rb"""uniqueCount\s*=\s*["']\s*\+?([0-9]+)""")
_ERROR = re.compile(rb"#[A-Z0-9_/]{1,20}[!?]?")
_ERROR_CELL = re.compile(rb'(<c [^<>]*\bt="e"[^<>]*>(?:<f[^<>]*>(?:[^<]*</f>)?)?<v>)[^<]*')
_COLUMNS = {column_letters(number).encode(): number for number in range(COLUMNS_LIMIT)}


class SharedTexts:
    """The bytes of each text that cells of all sheets refer to."""

    def __init__(self) -> None:
        self.sizes = array("L")
        self.tags = Tags()
        self.memory = 0
        """Bytes that calamine takes for them."""
        self._is_open = False

    def copied(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the part unchanged, checked on its way. Raise :class:`Unreadable`."""
        for number, piece in enumerate(pieces(blocks, b"si")):
            self._look(piece, is_first=number == 0)
            if self.memory > MEMORY_LIMIT:
                raise too_much()
            yield piece

    def _look(self, piece: bytes, *, is_first: bool) -> None:
        # calamine reserves memory for as many as the part says it has
        if any(len(count) > 7 for count in _RESERVED.findall(piece)):
            raise damaged()
        if self.memory + 40 * piece.count(b"<si") > MEMORY_LIMIT:
            raise too_much()
        start = piece.find(b"<si>") if is_first else 0
        before = len(self.sizes)
        if start >= 0 and not self._is_open and _PLAIN_TEXTS.fullmatch(piece, start):
            for _ in self.tags.of(piece[:start]):
                pass
            self.sizes.extend(len(text) - 12 for text in piece[start:].split(b"<si>")[1:])
        else:
            self._look_closely(piece)
        self.memory += sum(self.sizes[before:]) + 40 * (len(self.sizes) - before)

    def _look_closely(self, piece: bytes) -> None:
        for tag in self.tags.of(piece):
            if tag.local == b"si":
                if tag.opens == self._is_open:  # calamine would count one of two
                    raise damaged()
                self._is_open = not tag.closes
                if tag.opens:
                    self.sizes.append(0)
            if self._is_open:
                self.sizes[-1] += len(tag.text)


class Worksheet:
    """The size of one sheet, what reading it will take, and its ``unread`` cells."""

    def __init__(self, shared: SharedTexts) -> None:
        self.unread: dict[tuple[int, int], str] = {}
        self._shared = shared
        self._rows = self._columns = self._filled = self._merges = 0
        self._texts = self._text = 0
        """How many texts there are, and how many bytes they have."""
        self._row: int | None = 0
        self._column = 0
        self._cell: _XlsxCell | None = None
        self._has_data = False

    @property
    def cells(self) -> int:
        """Return the number of cells from the first row and column to the last with content."""
        return self._rows * self._columns

    @property
    def making(self) -> int:
        """Return the most bytes that calamine takes for the sheet, besides the shared texts."""
        return max(32 * self.cells + 40 * self._filled, self.holding)

    @property
    def holding(self) -> int:
        """Return the bytes that it takes for the sheet once it is made."""
        return 32 * self.cells + 24 * self._texts + self._text

    def copied(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the part unchanged, checked on its way. Raise :class:`Unreadable`."""
        for piece in pieces(blocks, b"row"):
            self._has_data = self._has_data or b"sheetData" in piece
            self._merges += len(_MERGE.findall(piece)) if b"mergeCell" in piece else 0
            usual = _CELL.findall(piece)
            are_all = len(usual) == piece.count(b"<c ") and not _OTHER_CELL.search(piece)
            if are_all and not self._cell:
                self._look_at_usual(usual)
            else:
                self._look_closely(piece)
            self._hold()
            # calamine stops at an error it does not know, as #ERROR! of Google
            yield _ERROR_CELL.sub(rb"\1#N/A", piece) if b't="e"' in piece else piece
        if self._cell or not self._has_data:  # which calamine would take for an empty one
            raise damaged()

    def _hold(self) -> None:
        if (
            self._rows > ROWS_LIMIT
            or self.cells > CELLS_LIMIT
            or self._merges > MERGES_LIMIT
            or self.making + self._shared.memory > MEMORY_LIMIT
            or len(self.unread) > UNREAD_LIMIT
        ):
            raise too_much()

    def _look_at_usual(self, cells: list[tuple[bytes, bytes, bytes, bytes, bytes]]) -> None:
        self._row = None  # the rows were not looked at
        kinds = {other for _, _, other, _, _ in cells}
        if any(b' r="' in kind or kind.count(b' t="') > 1 for kind in kinds):
            raise damaged()
        filled = [cell for cell in cells if cell[3] or cell[4]]
        if not filled:
            return
        try:
            self._reach(
                max(map(int, {cell[1] for cell in filled})) - 1,
                max(_COLUMNS[letters] for letters in {cell[0] for cell in filled}),
            )
            shared = {kind for kind in kinds if b' t="s"' in kind}
            numbers = [cell[4][3:-4] for cell in filled if len(cell[4]) > 7 and cell[2] in shared]
            if not all(map(bytes.isdigit, numbers)):  # calamine would take the first text
                raise damaged()
            self._text += sum(map(self._shared.sizes.__getitem__, map(int, numbers)))
        except (KeyError, IndexError, ValueError):
            raise damaged() from None
        numeric = {kind for kind in kinds if b' t="' not in kind or b' t="n"' in kind}
        texts = [
            cell[4]
            for cell in filled
            if not (cell[2] in numeric and (cell[4][3:-4].isdigit() or _NUMBER.fullmatch(cell[4])))
        ]
        self._texts += len(texts)
        self._text += sum(map(len, texts))
        self._filled += len(filled)
        errors = {kind for kind in kinds if b' t="e"' in kind}
        if errors or any(cell[3] for cell in filled):
            for letters, row, kind, formula, value in filled:
                if kind in errors or (formula and len(value) < 8):
                    place = int(row) - 1, _COLUMNS[letters]
                    self._tell(place, _type(kind), formula != b"", value)

    def _look_closely(self, piece: bytes) -> None:
        for tag in self._shared.tags.of(piece):
            if tag.local == b"row":
                self._pass_row(tag)
            elif tag.local == b"c":
                self._pass_cell(tag)
            elif self._cell and tag.opens:
                self._cell.take(tag)
            if self._cell:
                self._text += len(tag.text)

    def _pass_row(self, tag: Tag) -> None:
        if tag.opens and (number := tag.attributes.get(b"r")) is not None:
            if not re.fullmatch(rb"[0-9]{1,7}", number):
                raise damaged()
            self._row = int(number) - 1
        if tag.closes:
            self._column = 0
            self._row = None if self._row is None else self._row + 1

    def _pass_cell(self, tag: Tag) -> None:
        if tag.opens == bool(self._cell):
            raise damaged()
        if tag.opens:
            attributes = tag.attributes
            place = self._place(attributes.get(b"r"))
            self._cell = _XlsxCell(place, attributes.get(b"t", b"n"))
        if tag.closes and self._cell:
            cell, self._cell = self._cell, None
            self._column += 1
            if cell.formula or cell.value:
                self._filled += 1
                self._texts += 1
                self._reach(*cell.place)
                self._text += self._size_of(cell)
                self._tell(cell.place, cell.type, cell.formula, cell.value)

    def _place(self, reference: bytes | None) -> tuple[int, int]:
        if reference is None:
            if self._row is None or self._column >= COLUMNS_LIMIT:
                raise damaged()
            return self._row, self._column
        match = _REFERENCE.fullmatch(reference)
        column = _COLUMNS.get(match[1].upper()) if match else None
        if match is None or column is None:
            raise damaged()
        self._column = column
        return int(match[2]) - 1, column

    def _size_of(self, cell: "_XlsxCell") -> int:
        if cell.type != b"s" or cell.value in (b"", b"<v></v>"):
            return 0
        number = re.fullmatch(rb"<v>([0-9]{1,9})</v>", cell.value)
        if not number or int(number[1]) >= len(self._shared.sizes):
            raise damaged()
        return self._shared.sizes[int(number[1])]

    def _reach(self, row: int, column: int) -> None:
        if row < 0:
            raise damaged()
        self._rows = max(self._rows, row + 1)
        self._columns = max(self._columns, column + 1)

    def _tell(self, place: tuple[int, int], kind: bytes, formula: bool, value: bytes) -> None:
        """Note a cell if it holds an error, or a formula without a value."""
        if kind == b"e":
            error = _ERROR.search(value)
            self.unread[place] = f"it shows the error {error[0].decode() if error else '#ERROR'}"
        elif formula and value in (b"", b"<v></v>", b"<v/>", b"<v />") and kind != b"str":
            self.unread[place] = NOT_WORKED_OUT


class _XlsxCell:
    """A cell that is being looked at: where it is, its type, and what was found in it."""

    def __init__(self, place: tuple[int, int], kind: bytes) -> None:
        self.place = place
        self.type = kind
        self.formula = False
        self.value = b""

    def take(self, tag: Tag) -> None:
        """Note a tag within the cell."""
        if tag.local == b"f":
            self.formula = True
        elif tag.local in (b"v", b"is"):
            self.value = b"<v>" + tag.text + b"</v>"


def _type(attributes: bytes) -> bytes:
    match = re.search(rb' t="(\w+)"', attributes)
    return match[1] if match else b"n"
