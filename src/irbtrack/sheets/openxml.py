"""Read .xlsx workbooks: their sheets, the texts that cells share, and the formats of numbers."""

import re
from collections.abc import Iterator
from string import digits
from typing import NamedTuple

from irbtrack.domain.tracker.sheet import Cell, Sheet, column_letters
from irbtrack.sheets.grids import NOT_WORKED_OUT, CellGrid, shows
from irbtrack.sheets.limits import (
    COLUMNS_LIMIT,
    PARTS_LIMIT,
    SHEETS_LIMIT,
    STYLES_LIMIT,
    Allowance,
    damaged,
)
from irbtrack.sheets.markup import Element
from irbtrack.sheets.packages import Package
from irbtrack.sheets.serials import NumberShown, moment_in, number, number_in, shown_as

_COLUMNS = {column_letters(column): column for column in range(COLUMNS_LIMIT)}
_ESCAPED = re.compile(r"_x(?!d[89a-f])([0-9a-f]{4})_", re.IGNORECASE)
_ERROR = re.compile(r"#[A-Z0-9_/]{1,20}[!?]?")
_BOOLEANS = {"1": True, "true": True, "0": False, "false": False}


def sheets_of_xlsx(data: bytes) -> list[Sheet]:
    """Return the sheets of the workbook in ``data``.

    Raise :class:`Unreadable`, and :class:`ValueError` or :class:`LookupError` if it is damaged.
    """
    package, allowance = Package(data), Allowance(len(data))
    main = target_of(links_of(package, ""), "officeDocument")
    links = links_of(package, main)
    since_1904 = False
    grids: dict[str, CellGrid] = {}
    for element in package.elements(main, ("workbookPr", "sheet")):
        given = element.attributes
        if element.name == "workbookPr":
            since_1904 = given.get("date1904") in ("1", "true")
            continue
        key = next((given[name] for name in given if name.rpartition(":")[2] == "id"), "")
        if links[key].kind == "worksheet":
            hidden = given.get("state", "visible") != "visible"
            if links[key].target in grids or len(grids) == SHEETS_LIMIT or not given["name"]:
                raise damaged()
            grids[links[key].target] = CellGrid(given["name"], allowance, hidden=hidden)
    texts: list[str] = []
    if place := target_of(links, "sharedStrings"):
        for text in _shared_texts(package, place):
            allowance.keep((text,))
            texts.append(text)
    place = target_of(links, "styles")
    styles = list(_styles(package, place, since_1904=since_1904)) if place else []
    for part, grid in grids.items():
        _fill(grid, package, part, texts, styles)
    return [grid.sheet() for grid in grids.values()]


class _Link(NamedTuple):
    """A link from one part to another: its kind, and the name of the other part."""

    kind: str
    target: str


def links_of(package: Package, part: str) -> dict[str, _Link]:
    """Return the links of a part by their keys; those out of the file are left out."""
    folder, slash, name = part.rpartition("/")
    links: dict[str, _Link] = {}
    for element in package.elements(f"{folder}{slash}_rels/{name}.rels", ("Relationship",)):
        given = element.attributes
        target = given.get("Target", "")
        if given.get("TargetMode") != "External":
            place = target if target.startswith("/") else f"{folder}{slash}{target}"
            links[given.get("Id", "")] = _Link(given.get("Type", "").rpartition("/")[2], place)
        if len(links) > PARTS_LIMIT:
            raise damaged()
    return links


def target_of(links: dict[str, _Link], kind: str) -> str:
    """Return the part that the first link of a kind leads to, or an empty name."""
    return next((link.target for link in links.values() if link.kind == kind), "")


def _shared_texts(package: Package, part: str) -> Iterator[str]:
    """Yield the texts that cells refer to."""
    for element in package.elements(part, ("sst",), ("si",)):
        if element.name == "si":
            yield _unescaped(_text_in(element))
        elif len(element.attributes.get("uniqueCount", "").strip()) > 7:  # no file has so many
            raise damaged()


def _styles(package: Package, part: str, *, since_1904: bool) -> Iterator[NumberShown]:
    """Yield what numbers are in cells of each style."""
    formats: dict[int, str] = {}
    section, count = "", 0
    for element in package.elements(
        part, ("numFmts", "numFmt", "cellStyleXfs", "cellXfs", "xf", "dxfs")
    ):
        given = element.attributes
        if element.name == "numFmt" and section == "numFmts":
            formats[_whole(given.get("numFmtId", ""))] = given.get("formatCode", "")
        elif element.name == "xf" and section == "cellXfs":
            count += 1
            if count > STYLES_LIMIT:
                raise damaged()
            yield shown_as(_whole(given.get("numFmtId", "0")), formats, since_1904=since_1904)
        elif element.name not in ("numFmt", "xf"):
            section = element.name


def _fill(
    grid: CellGrid, package: Package, part: str, texts: list[str], styles: list[NumberShown]
) -> None:
    """Put the cells of a part into a grid. Raise :class:`Unreadable` if it is no sheet."""
    row = column = -1
    has_data = False
    for element in package.elements(part, ("sheetData", "row", "mergeCell"), ("c",)):
        given = element.attributes
        if element.name == "c":
            at, column = _place(given["r"]) if "r" in given else (row, column + 1)
            kind, text = given.get("t", "n"), _text_in(element)
            if kind == "e":
                grid.leave(at, column, shows(text if _ERROR.fullmatch(text) else "#ERROR"))
            elif text:
                value = texts[_whole(text)] if kind == "s" else _value(kind, text, given, styles)
                grid.put(at, column, value)
            elif kind != "str" and any(part.name == "f" for part in element.inner):
                grid.leave(at, column, NOT_WORKED_OUT)
        elif element.name == "row":
            row, column = _whole(given["r"]) - 1 if "r" in given else row + 1, -1
        elif element.name == "mergeCell":
            first, _, last = given["ref"].partition(":")
            grid.merge(_place(first), _place(last or first))
        has_data = has_data or element.name == "sheetData"
    if not has_data:
        raise damaged()


def _text_in(element: Element) -> str:
    """Return a text, which may be in several pieces and have its reading beside them."""
    words: list[str] = []
    for part in element:
        if isinstance(part, str) or part.name == "rPh":
            continue
        words.append(part.text if part.name in ("v", "t") else _text_in(part))
    return "".join(words)


def _value(kind: str, text: str, given: dict[str, str], styles: list[NumberShown]) -> Cell:
    """Return the value of a cell of a kind, with such a text and attributes."""
    if kind == "n":
        try:
            value = number_in(text)
        except ValueError:  # a text in the place of a number
            return text
        style = int(given.get("s", "0"))
        return styles[style](value) if 0 <= style < len(styles) else number(value)
    if kind == "b":
        return _BOOLEANS[text]
    if kind == "d":
        return moment_in(text)
    if kind not in ("str", "inlineStr"):
        raise damaged()
    return _unescaped(text)


def _unescaped(text: str) -> str:
    """Return a text with the characters that XML can't have."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _whole(text: str) -> int:
    """Return a number without a sign. Raise :class:`ValueError` if it is none."""
    if not text.isdigit():
        raise ValueError(text)
    return int(text)


def _place(reference: str) -> tuple[int, int]:
    """Return the row and column of a reference. Raise :class:`LookupError` if it is none."""
    letters = reference.rstrip(digits)
    return int(reference[len(letters) :]) - 1, _COLUMNS[letters]
