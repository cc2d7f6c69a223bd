"""Read .xlsx workbooks: their sheets, the texts that cells share, and the formats of numbers."""

import re
from collections.abc import Iterator
from string import digits
from typing import NamedTuple

from irbtrack.domain.tracker.sheet import Cell, Sheet, column_letters
from irbtrack.sheets.grids import NOT_WORKED_OUT, CellGrid, shows
from irbtrack.sheets.limits import (
    COLUMNS_LIMIT,
    SHEETS_LIMIT,
    TEXTS_LIMIT,
    Allowance,
    damaged,
    too_much,
)
from irbtrack.sheets.packages import Markup, Package
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
    listing = package.listed(main, "workbookPr", "sheet")
    is_1904 = any(
        attributes.get("date1904") in ("1", "true")
        for element, attributes in listing
        if element == "workbookPr"
    )
    texts = _SharedTexts(allowance)
    if place := target_of(links, "sharedStrings"):
        package.read(place, texts)
    place = target_of(links, "styles")
    styles = _styles(package, place, since_1904=is_1904) if place else []
    sheets: dict[str, Sheet] = {}
    for element, attributes in listing:
        if element != "sheet":
            continue
        key = next((attributes[name] for name in attributes if name.split(":")[-1] == "id"), "")
        if not attributes.get("name") or key not in links:
            raise damaged()
        link = links[key]
        if link.kind != "worksheet":
            continue
        if link.target in sheets or len(sheets) == SHEETS_LIMIT:
            raise damaged()
        is_hidden = attributes.get("state", "visible") != "visible"
        grid = CellGrid(attributes["name"], allowance, hidden=is_hidden)
        package.read(link.target, _Worksheet(grid, texts.found, styles))
        sheets[link.target] = grid.sheet()
    return list(sheets.values())


class _Link(NamedTuple):
    """A link from one part to another: its kind, and the name of the other part."""

    kind: str
    target: str


def links_of(package: Package, part: str) -> dict[str, _Link]:
    """Return the links of a part by their keys; those out of the file are left out."""
    folder, _, name = part.rpartition("/")
    place = f"{folder}/" if folder else ""
    return {
        attributes.get("Id", ""): _Link(
            attributes.get("Type", "").rpartition("/")[2],
            target if (target := attributes.get("Target", "")).startswith("/") else place + target,
        )
        for _, attributes in package.listed(f"{place}_rels/{name}.rels", "Relationship")
        if attributes.get("TargetMode") != "External"
    }


def target_of(links: dict[str, _Link], kind: str) -> str:
    """Return the part that the first link of a kind leads to, or an empty name."""
    return next((link.target for link in links.values() if link.kind == kind), "")


def _styles(package: Package, part: str, *, since_1904: bool) -> list[NumberShown]:
    """Return what numbers are in cells of each style."""
    formats: dict[int, str] = {}
    shown: list[NumberShown] = []
    section = ""
    wanted = ("numFmts", "numFmt", "cellStyleXfs", "cellXfs", "xf", "dxfs")
    for element, attributes in package.listed(part, *wanted):
        if element == "numFmt" and section == "numFmts":
            formats[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif element == "xf" and section == "cellXfs":
            code = _whole(attributes.get("numFmtId", "0"))
            shown.append(shown_as(code, formats, since_1904=since_1904))
        elif element not in ("numFmt", "xf"):
            section = element
    return shown


class _Texts(Markup):
    """A part with texts, which may be in several pieces and have their reading beside them."""

    def __init__(self) -> None:
        super().__init__()
        self._is_reading = False
        self.at("t", self.begin_text, self._end_piece)
        self.at("rPh", self._set_reading, self._set_reading)

    def _set_reading(self, attributes: object = None) -> None:
        self._is_reading = attributes is not None

    def _end_piece(self) -> None:
        if not self._is_reading:
            self.end_text()


def _unescaped(text: str) -> str:
    """Return a text with the characters that XML can't have."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _SharedTexts(_Texts):
    """The texts that cells refer to."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__()
        self.found: list[str] = []
        self._allowance = allowance
        self.at("sst", self._begin_all)
        self.at("si", self.begin_text, self._take_shared)

    def _begin_all(self, attributes: dict[str, str]) -> None:
        if len(attributes.get("uniqueCount", "").strip()) > 7:  # no file can have so many
            raise damaged()

    def _take_shared(self) -> None:
        text = _unescaped(self.text())
        self._allowance.take(text.__sizeof__() + 8)
        self.found.append(text)
        if len(self.found) > TEXTS_LIMIT:
            raise too_much()


class _Worksheet(_Texts):
    """The cells of a sheet, put into a grid."""

    def __init__(self, grid: CellGrid, texts: list[str], styles: list[NumberShown]) -> None:
        super().__init__()
        self._grid, self._shared, self._styles = grid, texts, styles
        self._row = self._column = -1
        self._cell: dict[str, str] | None = None
        self._is_formula = self._has_data = False
        self.at("sheetData", self._begin_data)
        self.at("row", self._begin_row)
        self.at("c", self._begin_cell, self._end_cell)
        self.at("f", self._take_formula)
        self.at("v", self.begin_text, self.end_text)
        self.at("mergeCell", self._take_merged)

    def _begin_data(self, _: object) -> None:
        self._has_data = True

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = _whole(attributes["r"]) - 1 if "r" in attributes else self._row + 1
        self._column = -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            raise damaged()
        self._cell, self._is_formula = attributes, False

    def _take_formula(self, _: object) -> None:
        self._is_formula = True

    def _take_merged(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes["ref"].partition(":")
        self._grid.merge(_place(first), _place(last or first))

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell or {}, None
        text, kind = self.text(), attributes.get("t", "n")
        if "r" in attributes:
            row, column = _place(attributes["r"])
        else:
            row, column = self._row, self._column + 1
        self._column = column
        if kind == "e":
            self._grid.leave(row, column, shows(text if _ERROR.fullmatch(text) else "#ERROR"))
        elif text:
            self._grid.put(row, column, self._value(text, kind, attributes))
        elif self._is_formula and kind != "str":
            self._grid.leave(row, column, NOT_WORKED_OUT)

    def _value(self, text: str, kind: str, attributes: dict[str, str]) -> Cell:
        if kind == "s":
            return self._shared[_whole(text)]
        if kind == "n":
            try:
                value = number_in(text)
            except ValueError:  # a text in the place of a number
                return text
            style = int(attributes.get("s", "0"))
            return self._styles[style](value) if 0 <= style < len(self._styles) else number(value)
        if kind == "b":
            return _BOOLEANS[text]
        if kind == "d":
            return moment_in(text)
        if kind not in ("str", "inlineStr"):
            raise damaged()
        return _unescaped(text)

    def read(self, blocks: Iterator[bytes]) -> None:
        """Read the part. Raise :class:`Unreadable` if it is no sheet."""
        super().read(blocks)
        if not self._has_data:
            raise damaged()


def _whole(text: str) -> int:
    """Return a number without a sign. Raise :class:`ValueError` if it is none."""
    if not text.isdigit():
        raise ValueError(text)
    return int(text)


def _place(reference: str) -> tuple[int, int]:
    """Return the row and column of a reference. Raise :class:`LookupError` if it is none."""
    letters = reference.rstrip(digits)
    return int(reference[len(letters) :]) - 1, _COLUMNS[letters]
