"""Read .ods workbooks: the tables of their content."""

import re
from collections.abc import Iterator

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
from irbtrack.sheets.markup import Element
from irbtrack.sheets.packages import Package
from irbtrack.sheets.serials import duration_in, moment_in, number, number_in

_STARTS = ("style", "table-properties", "table", "table-source", "table-row")
_CELLS = ("table-cell", "covered-table-cell")
_VALUES = {f"office:{kind}value" for kind in ("", "string-", "date-", "time-", "boolean-")}
_ERROR = re.compile(r"#[A-Z0-9/]{1,20}[!?]?|Err:[0-9]{3}")


def sheets_of_ods(data: bytes) -> list[Sheet]:
    """Return the sheets of the workbook in ``data``. Raise as :func:`sheets_of_xlsx` does.

    A copy of a table of another file counts as hidden.
    """
    package, allowance = Package(data), Allowance(len(data))
    for _ in package.elements("META-INF/manifest.xml", ("encryption-data",)):
        raise locked()
    grids: list[CellGrid] = []
    grid = nowhere = CellGrid("", allowance)
    style, hidden = "", set[str]()
    row = rows = column = 0
    for element in package.elements("content.xml", _STARTS, _CELLS):
        given = element.attributes
        if element.name in _CELLS:
            if grid is not nowhere:
                _put(grid, row, rows, column, element)
            column += _repeated(element, "table:number-columns-repeated")
        elif element.name == "table-row":
            row, rows, column = row + rows, _repeated(element, "table:number-rows-repeated"), 0
        elif element.name == "table":
            row = rows = 0
            grid = nowhere
            if name := given.get("table:name"):
                is_hidden = given.get("table:style-name") in hidden
                grid = CellGrid(name, allowance, hidden=is_hidden)
                if len(grids) == SHEETS_LIMIT:
                    raise damaged()
                grids.append(grid)
        elif element.name == "table-source":
            grid.hidden = True
        elif element.name == "style":
            style = given.get("style:name", "")
        elif given.get("table:display") == "false":
            allowance.keep((style,))
            hidden.add(style)
    return [grid.sheet() for grid in grids]


def _put(grid: CellGrid, row: int, rows: int, column: int, cell: Element) -> None:
    """Put a cell into a grid, at each of the places that it stands for."""
    columns = _repeated(cell, "table:number-columns-repeated")
    down = _repeated(cell, "table:number-rows-spanned")
    across = _repeated(cell, "table:number-columns-spanned")
    if down > 1 or across > 1:
        grid.merge((row, column), (row + down - 1, column + across - 1))
    text = _text_in(cell)
    value, why = _value(cell.attributes, text), _why_unread(cell.attributes, text)
    if value is None and not why:
        return
    if rows > 1 or columns > 1:  # which is refused before it is filled
        grid.reach(row + rows - 1, column + columns - 1)
    for at in range(row, row + rows):
        for place in range(column, column + columns):
            if why:
                grid.leave(at, place, why)
            else:
                grid.put(at, place, value)


def _text_in(cell: Element) -> str:
    """Return the paragraphs of a cell, without those of its note."""
    words: list[str] = []
    length = 0
    for paragraph in cell.inner:
        if paragraph.name == "p":
            words += ["\n"] if words else [""]
            for some in _words_in(paragraph):
                words.append(some)
                length += len(some)
                if length > TEXT_LIMIT:
                    raise too_much()
    return "".join(words)


def _words_in(paragraph: Element) -> Iterator[str]:
    for part in paragraph:
        if isinstance(part, str):
            yield part
        elif part.name == "s":
            yield " " * min(_repeated(part, "text:c"), TEXT_LIMIT + 1)
        elif part.name == "tab":
            yield "\t"
        elif part.name == "line-break":
            yield "\n"
        elif part.name != "annotation":
            yield from _words_in(part)


def _value(given: dict[str, str], text: str) -> Cell:
    """Return the value of a cell that has such attributes and paragraphs."""
    if "office:value" in given:
        return number(number_in(given["office:value"]))
    if "office:date-value" in given:
        return moment_in(given["office:date-value"])
    if "office:time-value" in given:
        return duration_in(given["office:time-value"])
    if "office:boolean-value" in given:
        return given["office:boolean-value"] == "true"
    text = given.get("office:string-value") or text
    return text if text and not text.isspace() else None


def _why_unread(given: dict[str, str], text: str) -> str:
    """Return why the value of a cell is not known, or an empty text."""
    is_error, is_formula = _ERROR.fullmatch(text), "table:formula" in given
    if given.get("calcext:value-type") == "error" or (is_error and is_formula):
        return shows(text if is_error else "#ERROR")
    is_text = given.get("office:value-type") == "string"
    return NOT_WORKED_OUT if is_formula and not is_text and not given.keys() & _VALUES else ""


def _repeated(element: Element, name: str) -> int:
    """Return a number of repetitions; it is 1 if there is none."""
    text = element.attributes.get(name, "1")
    if not text.isdigit() or len(text) > 9:
        raise damaged()
    return int(text)
