"""Check .ods workbooks: how large their sheets are, and which cells are merged or unread."""

import re
from collections.abc import Iterable, Iterator

from irbtrack.domain.tracker.sheet import Span
from irbtrack.sheets.limits import (
    CELLS_LIMIT,
    COLUMNS_LIMIT,
    MEMORY_LIMIT,
    MERGES_LIMIT,
    ROWS_LIMIT,
    SHEETS_LIMIT,
    UNREAD_LIMIT,
    Unreadable,
    damaged,
    locked,
    too_much,
)
from irbtrack.sheets.packages import Checked, Found, Package, repacked
from irbtrack.sheets.tags import Tag, Tags, attributes_in, pieces
from irbtrack.sheets.worksheets import NOT_WORKED_OUT

_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = b"<manifest:manifest></manifest:manifest>"
_CELLS = (b"table:table-cell", b"table:covered-table-cell")
_ATTRIBUTES = rb'(?: [\w:-]+="[^"<>]*+")*+'
_INLINE = rb"(?:[^<]++|</?text:(?:span|a|s|tab|line-break)" + _ATTRIBUTES + rb" ?/?>)*+"
_TEXTS = rb"(?:<text:p" + _ATTRIBUTES + rb" ?(?:/>|>" + _INLINE + rb"</text:p>))*+"
_CELL_START = rb"<table:(?:covered-)?table-cell"
_CELL_END = rb"</table:(?:covered-)?table-cell>"
_CELL = re.compile(
    _CELL_START + rb"(" + _ATTRIBUTES + rb") ?(?:/>|>(" + _TEXTS + rb")" + _CELL_END + rb")"
)
_ROW = re.compile(
    rb"<table:table-row(" + _ATTRIBUTES + rb") ?>("
    rb"(?:" + _CELL_START + _ATTRIBUTES + rb" ?(?:/>|>" + _TEXTS + _CELL_END + rb"))*+"
    rb")</table:table-row>"
)
"""A row as nearly all programs write it."""
_UNUSUAL = re.compile(rb"repeated|spanned|formula|error|string-value")
_CONTENT = re.compile(rb'office:[a-z]*-?value|office:value-type="string"|table:formula')
_VALUES = tuple(
    b"office:" + kind
    for kind in (b"value", b"string-value", b"date-value", b"time-value", b"boolean-value")
)
_TEXTS_WITHIN = (*_VALUES, b"table:formula")
_ERROR = re.compile(rb"#[A-Z0-9/]{1,20}[!?]?|Err:[0-9]{3}")


def checked_ods(data: bytes) -> Checked:
    """Check the workbook in ``data`` and return it. Raise :class:`Unreadable`.

    Only its content is copied. calamine leaves out line breaks and tabs within a paragraph, so
    they are written as the characters they stand for.
    """
    package = Package(data)
    if b"encryption-data" in package.whole("META-INF/manifest.xml"):
        raise locked()
    content = _Content()
    copy = repacked(
        [
            ("mimetype", [_MIMETYPE]),
            ("META-INF/manifest.xml", [_MANIFEST]),
            ("content.xml", content.copied(package.blocks("content.xml"))),
        ]
    )
    if not content.sheets:
        raise Unreadable("is a workbook without sheets; give one with a table")
    held = copy.tell() + content.memory
    return Checked(copy, tuple(table.found(held) for table in content.sheets))


class _OdsTable:
    """The size of one sheet, and what reading it will take."""

    def __init__(self) -> None:
        self.unread: dict[tuple[int, int], str] = {}
        self.merged: list[Span] = []
        self.is_copy = self.has_formulas = False
        self.rows = self.columns = self.text = 0
        self.row = 0
        """The row that is looked at; ``rows`` is how many there are down to the last content."""

    def found(self, held: int) -> Found:
        """Return what was found in the sheet, when ``held`` bytes of the workbook are held.

        A copy of a table of another file counts as hidden.
        """
        held += self.memory
        return Found("", self.is_copy, self.unread, held, held, tuple(self.merged))

    @property
    def cells(self) -> int:
        """Return the number of cells from the first row and column to the last with content."""
        return self.rows * self.columns

    @property
    def memory(self) -> int:
        """Return the bytes that calamine takes to keep the sheet."""
        return self.cells * (56 if self.has_formulas else 32) + self.text

    @property
    def more(self) -> int:
        """Return the further bytes that it takes while it makes the sheet."""
        return 80 * self.cells + self.text


class _Content:
    """The sheets of content.xml, checked while it is copied."""

    def __init__(self) -> None:
        self.sheets: list[_OdsTable] = []
        self._tags = Tags()
        self._table: _OdsTable | None = None
        self._row: _OdsRow | None = None
        self._cell: _OdsCell | None = None

    def copied(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the part, checked on its way. Raise :class:`Unreadable`."""
        for piece in pieces(blocks, b"table:table-row"):
            at = 0
            for match in _ROW.finditer(piece):
                self._look_closely(piece[at : match.start()])
                self._look_at_usual(match[1], _CELL.findall(match[2]))
                at = match.end()
            self._look_closely(piece[at:])
            self._hold()
            if b"<text:line-break" in piece or b"<text:tab" in piece:
                piece = re.sub(rb"<text:line-break\s*/>", b"\n", piece)  # noqa: PLW2901 - as it is
                piece = re.sub(rb"<text:tab(?:\s[^<>]*)?/>", b"\t", piece)  # noqa: PLW2901
            yield piece
        if self._table or self._row or self._cell:  # calamine would look for its end for ever
            raise damaged()

    @property
    def memory(self) -> int:
        """Return the bytes that calamine takes to keep all sheets."""
        return sum(table.memory for table in self.sheets)

    def _hold(self) -> None:
        tables = self.sheets
        if (
            sum(table.cells for table in tables) > CELLS_LIMIT
            or sum(len(table.unread) for table in tables) > UNREAD_LIMIT
            or sum(len(table.merged) for table in tables) > MERGES_LIMIT
            or self.memory + max((table.more for table in tables), default=0) > MEMORY_LIMIT
        ):
            raise too_much()

    def _look_closely(self, piece: bytes) -> None:
        for tag in self._tags.of(piece):
            self._pass(tag)

    def _pass(self, tag: Tag) -> None:
        name = tag.name
        if self._cell and not (name in _CELLS and tag.closes):
            if name in (*_CELLS, b"table:table-row", b"table:table"):
                raise damaged()
            self._cell.take(tag)
        elif name in _CELLS:
            self._pass_cell(tag)
        elif name == b"table:table-row":
            self._pass_row(tag)
        elif name == b"table:table":
            self._pass_table(tag)
        elif name == b"table:table-source" and self._table:
            self._table.is_copy = True

    def _pass_table(self, tag: Tag) -> None:
        if tag.opens == bool(self._table) or self._row:
            raise damaged()
        if tag.opens and b"table:name" in tag.attributes:  # without a name, calamine passes it over
            self._table = _OdsTable()
            self.sheets.append(self._table)
            if len(self.sheets) > SHEETS_LIMIT:
                raise damaged()
        if tag.closes:
            self._table = None

    def _pass_row(self, tag: Tag) -> None:
        if not self._table:
            return
        if tag.opens == bool(self._row):
            raise damaged()
        if tag.opens:
            self._row = _OdsRow(tag.raw)
        if tag.closes and (row := self._row):
            self._row = None
            self._end_row(self._table, row)

    def _end_row(self, table: "_OdsTable", row: "_OdsRow") -> None:
        repeated = min(row.repeated, ROWS_LIMIT - table.row)
        if row.columns:
            table.rows = table.row + repeated
            table.columns = max(table.columns, row.columns)
            table.text += row.text * repeated
            if len(table.unread) + repeated * len(row.unread) > UNREAD_LIMIT:
                raise too_much()
            for column, why in row.unread.items():
                for number in range(table.row, table.row + repeated):
                    table.unread[number, column] = why
        table.row += repeated

    def _pass_cell(self, tag: Tag) -> None:
        if not self._row or not self._table:
            if self._table:
                raise damaged()
            return
        if tag.opens:
            self._cell = _OdsCell(tag.raw)
        if tag.closes and (cell := self._cell):
            self._cell = None
            self._end_cell(self._table, self._row, cell)

    def _end_cell(self, table: "_OdsTable", row: "_OdsRow", cell: "_OdsCell") -> None:
        rows, columns = cell.span
        if rows > 1 or columns > 1:
            last = table.row + rows - 1, row.column + columns - 1
            table.merged.append(((table.row, row.column), last))
        if cell.in_note:
            raise damaged()
        repeated = min(cell.repeated, COLUMNS_LIMIT - row.column)
        if cell.is_filled:
            table.has_formulas = table.has_formulas or b"table:formula" in cell.attributes
            if why := cell.why_unread():
                row.unread |= dict.fromkeys(range(row.column, row.column + repeated), why)
            row.columns = row.column + repeated
            row.text += (24 + cell.text) * repeated
        row.column += repeated

    def _look_at_usual(self, raw: bytes, cells: list[tuple[bytes, bytes]]) -> None:
        """Take a row whose cells hold only paragraphs."""
        if self._row or self._cell:
            raise damaged()
        if not self._table:
            return
        row = _OdsRow(raw)
        for attributes, text in cells:
            if _UNUSUAL.search(attributes) or b"text:c=" in text:
                cell = _OdsCell(attributes)
                for tag in self._tags.of(text):
                    cell.take(tag)
                self._end_cell(self._table, row, cell)
                continue
            row.column += 1
            if b"office:" in attributes:
                row.columns = row.column
                row.text += len(text)
        self._end_row(self._table, row)


class _OdsRow:
    """A row that is being looked at."""

    def __init__(self, raw: bytes) -> None:
        self.repeated = _whole(attributes_in(raw).get(b"table:number-rows-repeated", b"1"))
        self.column = self.columns = self.text = 0
        self.unread: dict[int, str] = {}


class _OdsCell:
    """A cell that is being looked at: its attributes, and what was found in it."""

    def __init__(self, raw: bytes) -> None:
        self.attributes = attributes_in(raw)
        self.text = sum(len(self.attributes.get(name, b"")) for name in _TEXTS_WITHIN)
        self.shown = b""
        self.in_note = False
        self.repeated = self._number(b"columns-repeated")
        self.is_filled = _CONTENT.search(raw) is not None
        self.span = self._number(b"rows-spanned"), self._number(b"columns-spanned")

    def _number(self, what: bytes) -> int:
        return _whole(self.attributes.get(b"table:number-" + what, b"1"))

    def take(self, tag: Tag) -> None:
        """Note a tag within the cell."""
        self.text += len(tag.text) + 1
        if tag.name == b"text:s" and tag.opens:
            self.text += _whole(tag.attributes.get(b"text:c", b"1"))
        elif tag.name == b"office:annotation":
            self.in_note = tag.opens and not tag.closes
        elif not self.shown and not self.in_note and tag.name == b"text:p":
            self.shown = tag.text[:30]

    def why_unread(self) -> str:
        """Return why the value of the cell is not known, or an empty text."""
        error = _ERROR.fullmatch(self.shown)
        has_formula = b"table:formula" in self.attributes
        kinds = (
            self.attributes.get(b"calcext:value-type"),
            self.attributes.get(b"office:value-type"),
        )
        if kinds[0] == b"error" or (error and has_formula):
            return f"it shows the error {error[0].decode() if error else '#ERROR'}"
        if has_formula and kinds[1] != b"string" and not self.attributes.keys() & _VALUES:
            return NOT_WORKED_OUT
        return ""


def _whole(text: bytes) -> int:
    if not re.fullmatch(rb"[0-9]{1,9}", text):
        raise damaged()
    return int(text)
