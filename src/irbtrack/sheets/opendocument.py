"""Read .ods workbooks: the tables of their content."""

import re

from irbtrack.domain.tracker.sheet import Cell, Sheet
from irbtrack.sheets.grids import NOT_WORKED_OUT, CellGrid, shows
from irbtrack.sheets.limits import (
    SHEETS_LIMIT,
    TEXT_LIMIT,
    Allowance,
    damaged,
    locked,
    too_much,
)
from irbtrack.sheets.packages import Markup, Package
from irbtrack.sheets.serials import duration_in, moment_in, number, number_in

_VALUES = {
    f"office:{kind}value" for kind in ("", "string-", "date-", "time-", "boolean-")
}  # fmt: skip
_ERROR = re.compile(r"#[A-Z0-9/]{1,20}[!?]?|Err:[0-9]{3}")


def sheets_of_ods(data: bytes) -> list[Sheet]:
    """Return the sheets of the workbook in ``data``. Raise as :func:`sheets_of_xlsx` does."""
    package = Package(data)
    if package.listed("META-INF/manifest.xml", "encryption-data"):
        raise locked()
    content = _Content(Allowance(len(data)))
    package.read("content.xml", content)
    return content.sheets


class _Content(Markup):
    """The tables of a workbook. A copy of a table of another file counts as hidden."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__()
        self.sheets: list[Sheet] = []
        self._allowance = allowance
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._grid: CellGrid | None = None
        self._row = self._column = 0
        self._rows = 1
        """How many rows the row that is read stands for."""
        self._cell: dict[str, str] | None = None
        self._paragraphs = self._spaces = 0
        self._note: int | None = None
        """How many words there were before the note that is read."""
        self.at("style", self._begin_style)
        self.at("table-properties", self._take_properties)
        self.at("table", self._begin_table, self._end_table)
        self.at("table-source", self._take_source)
        self.at("table-row", self._begin_row, self._end_row)
        self.at("table-cell", self._begin_cell, self._end_cell)
        self.at("covered-table-cell", self._begin_cell, self._end_cell)
        self.at("annotation", self._begin_note, self._end_note)
        self.at("p", self._begin_paragraph, self._end_paragraph)
        self.at("s", self._take_spaces)
        self.at("tab", lambda _: self.words.append("\t"))
        self.at("line-break", lambda _: self.words.append("\n"))

    def _begin_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("style:name", "")

    def _take_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def _begin_table(self, attributes: dict[str, str]) -> None:
        if self._grid or self._cell is not None or len(self.sheets) == SHEETS_LIMIT:
            raise damaged()
        self._row = 0
        if name := attributes.get("table:name"):
            is_hidden = attributes.get("table:style-name") in self._hidden_styles
            self._grid = CellGrid(name, self._allowance, hidden=is_hidden)

    def _end_table(self) -> None:
        if self._grid:
            self.sheets.append(self._grid.sheet())
        self._grid = None

    def _take_source(self, _: object) -> None:
        if self._grid:
            self._grid.hidden = True

    def _begin_row(self, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            raise damaged()
        self._rows = _repeated(attributes, "table:number-rows-repeated")
        self._column = 0

    def _end_row(self) -> None:
        self._row += self._rows

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            raise damaged()
        self._cell = attributes
        self._paragraphs = self._spaces = 0

    def _begin_note(self, _: object) -> None:
        self._note = len(self.words)

    def _end_note(self) -> None:
        del self.words[self._note :]
        self._note = None

    def _begin_paragraph(self, _: object) -> None:
        if self._cell is not None and self._note is None:
            self.begin_text()
            self.words.append("\n" if self._paragraphs else "")
            self._paragraphs += 1

    def _end_paragraph(self) -> None:
        if self._cell is not None and self._note is None:
            self.end_text()

    def _take_spaces(self, attributes: dict[str, str]) -> None:
        self._spaces += _repeated(attributes, "text:c")
        if self._spaces > TEXT_LIMIT:
            raise too_much()
        self.words.append(" " * _repeated(attributes, "text:c"))

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        grid, row, column, text = self._grid, self._row, self._column, self.text()
        columns = _repeated(attributes, "table:number-columns-repeated")
        self._column += columns
        if not grid:
            return
        down = _repeated(attributes, "table:number-rows-spanned")
        across = _repeated(attributes, "table:number-columns-spanned")
        if down > 1 or across > 1:
            grid.merge((row, column), (row + down - 1, column + across - 1))
        value, why = _value(attributes, text), _why_unread(attributes, text)
        if value is None and not why:
            return
        if self._rows > 1 or columns > 1:  # which is refused before it is filled
            grid.reach(row + self._rows - 1, column + columns - 1)
        for at in range(row, row + self._rows):
            for place in range(column, column + columns):
                if why:
                    grid.leave(at, place, why)
                else:
                    grid.put(at, place, value)


def _value(attributes: dict[str, str], text: str) -> Cell:
    """Return the value of a cell that has such attributes and paragraphs."""
    if "office:value" in attributes:
        return number(number_in(attributes["office:value"]))
    if "office:date-value" in attributes:
        return moment_in(attributes["office:date-value"])
    if "office:time-value" in attributes:
        return duration_in(attributes["office:time-value"])
    if "office:boolean-value" in attributes:
        return attributes["office:boolean-value"] == "true"
    text = attributes.get("office:string-value") or text
    return text if text and not text.isspace() else None


def _why_unread(attributes: dict[str, str], text: str) -> str:
    """Return why the value of a cell is not known, or an empty text."""
    is_error, is_formula = _ERROR.fullmatch(text), "table:formula" in attributes
    if attributes.get("calcext:value-type") == "error" or (is_error and is_formula):
        return shows(text if is_error else "#ERROR")
    if (
        is_formula
        and attributes.get("office:value-type") != "string"
        and not attributes.keys() & _VALUES
    ):
        return NOT_WORKED_OUT
    return ""


def _repeated(attributes: dict[str, str], name: str) -> int:
    """Return a number of repetitions; it is 1 if there is none."""
    text = attributes.get(name)
    if text is None:
        return 1
    if not text.isdigit() or len(text) > 9:
        raise damaged()
    return int(text)
