"""A board pack as a workbook of Excel, for those who go on working with its figures.

The first sheet lists the others, and the second one has all words of the pack. Each table has a
sheet of its own, laid out alike: its caption, where it stands in the pack, the way back, and then
the table. Its chart is drawn beside it, by Excel, from the cells of the table.

Whatever people typed is written as a text, and never as a formula, a link or a number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from functools import cache
from io import BytesIO
from itertools import accumulate, cycle, pairwise, starmap
from textwrap import wrap
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as NativeChart
from xlsxwriter.format import Format
from xlsxwriter.image import Image as NativeImage
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from irbtrack.domain.answers import Column, Kind, Table
from irbtrack.domain.nouns.rating import Rag
from irbtrack.errors import printable
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Cover,
    Drawing,
    Grid,
    Heading,
    Image,
    PackBlock,
    Points,
    Prose,
    Signed,
    shown,
)
from irbtrack.packs.marked_text import plain_words
from irbtrack.packs.palette import (
    BETTER,
    FAINT,
    INK,
    LINE,
    PAPER,
    PENS,
    RAG,
    SERIES,
    TOTAL,
    WORSE,
    ink_on,
)
from irbtrack.packs.proving import say_proof, token
from irbtrack.packs.table_layout import CONTENTS, CONTINUED, HEADER_ROW, WORDS
from irbtrack.sheets.xlsx import (
    A4,
    FONT,
    TEXT_LIMIT,
    FittedSheet,
    fit_row,
    set_paper,
    usual_options,
)

_NAME_LIMIT, _FOOTER_LIMIT, _ALT_LIMIT = 31, 255, 8_000
_FONT = {**FONT, "valign": "top"}
_LINK = {"font_color": "#0b57a4", "underline": 1}
_DAY, _CHANGE = "d mmm yyyy", "+0;-0;="
_PAPERS = {"A3": 8, "A4": A4, "Letter": 1}
_NARROWEST, _WIDEST, _WIDEST_WORDS = 9, 34, 60
_MARKERS = ("circle", "square", "diamond", "triangle", "x")
_CHART_WIDTH, _CHART_HEIGHT, _BAR = 720, 380, 26
_LOGO_HEIGHT = 60
_LINKING = frozenset(
    ["a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "over", "the", "to", "with"]
)
_LINE, _CAPTION = 12.75, 20.0  # heights in points
_BUTTON = 4  # the width of the button in a header that sorts


class _SheetPlace(NamedTuple):
    """A block, where it stands in the pack, and the name of its table's sheet, if it has one."""

    section: str
    heading: str
    block: PackBlock
    sheet: str = ""

    @property
    def grid(self) -> Grid | None:
        """Return the table, its own or that of a chart or drawing."""
        if isinstance(self.block, Chart | Drawing):
            return self.block.grid
        return self.block if isinstance(self.block, Grid) else None


class _CellFormats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self.of = cache(lambda **look: workbook.add_format(look))
        self.link = self.of(**_LINK)
        self.text = self.of(text_wrap=True, border=1, border_color=LINE)
        self.title = self.of(bold=True, font_size=16)
        self.caption = self.of(bold=True, font_size=13)
        self.faint = self.of(font_color=FAINT)

    def header(self, colour: str) -> Format:
        """Return that of the header cells of a table."""
        return self.of(
            bold=True, text_wrap=True, valign="vcenter", border=1, border_color=LINE,
            bg_color=colour, font_color=ink_on(colour),
        )  # fmt: skip

    def cell(self, value: Any, column: Column, *, total: bool) -> Format:
        """Return that of a cell."""
        look: dict[str, Any] = {"border": 1, "border_color": LINE}
        if isinstance(value, Signed) or (isinstance(value, int) and column.kind is Kind.CHANGE):
            look["num_format"] = _CHANGE
        elif isinstance(value, int | float):
            look["num_format"] = "General"
        elif type(value) is date:
            look |= {"num_format": _DAY, "align": "left", "indent": 1}
        else:
            look |= {"num_format": "@", "text_wrap": True}
            if column.is_number:
                look["align"] = "right"
        if column.kind is Kind.RAG and value in RAG:
            fill, ink = RAG[Rag(value)]
            look |= {"bg_color": fill, "font_color": ink, "bold": True, "align": "center"}
        if total:
            look |= {"bold": True, "top": 2, "top_color": TOTAL}
        return self.of(**look)


def to_xlsx(pack: BoardPack) -> bytes:
    """Return the pack as a workbook; the same pack gives the same bytes."""
    file = BytesIO()
    workbook = Workbook(file, {**usual_options(_FONT), "in_memory": True})
    workbook.worksheet_class = FittedSheet
    formats = _CellFormats(workbook)
    places = list(_places(pack))
    _write_contents(workbook.add_worksheet(CONTENTS), formats, pack, places)
    _write_words(workbook.add_worksheet(WORDS), formats, pack, places)
    for place in places:
        if place.grid:
            sheet = workbook.add_worksheet(place.sheet)
            _write_table(sheet, formats, pack, place, place.grid)
            if isinstance(place.block, Chart):
                _draw(workbook, sheet, place.block)
            _set_up_paper(sheet, pack)
    _set_properties(workbook, pack)
    workbook.close()
    return file.getvalue()


def _places(pack: BoardPack) -> Iterator[_SheetPlace]:
    """Yield every block with where it stands. A sheet is named after the heading above it."""
    taken = {CONTENTS.casefold(), WORDS.casefold(), "history"}  # Excel keeps the last for itself
    for section in pack.sections:
        heading = ""
        for block in section.blocks:
            if isinstance(block, Heading):
                heading = printable(block.text)
                continue
            place = _SheetPlace(printable(section.title), heading, block)
            if place.grid:
                place = place._replace(sheet=_sheet_name(heading or place.section, taken))
            yield place


def _sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that a sheet can have and none has yet, and count it as taken.

    >>> taken = {"overdue"}
    >>> _sheet_name("22/23: overdue?", taken), _sheet_name("Overdue", taken)
    ('22-23 overdue', 'Overdue (2)')
    """
    words = re.sub(r"[\[\]:*?\\\s]+", " ", text.replace("/", "-")).strip(" '") or "Table"
    for number in range(1, len(taken) + 2):
        ending = f" ({number})" if number > 1 else ""
        name = _shortened(words, _NAME_LIMIT - len(ending)) + ending
        if name.casefold() not in taken:
            break
    taken.add(name.casefold())
    return name


def _shortened(text: str, limit: int) -> str:
    """Return the first words of a text that take at most so many units of UTF-16.

    It doesn't end in a word that begins what was cut off.

    >>> _shortened("Overdue actions of 21-22 by directorate", 31)
    'Overdue actions of 21-22'
    """
    if _units(text) <= limit:
        return text
    cut = _first_units(text, limit)
    words = cut[: cut.rfind(" ")].split(" ") if " " in cut else [cut]
    while len(words) > 1 and words[-1] in _LINKING:
        words.pop()
    return " ".join(words).strip(" '")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _first_units(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")


def _parts(text: str) -> Iterator[str]:
    """Yield a text in parts that each fit into a cell, cut between words where that can be."""
    while len(text) > TEXT_LIMIT // 2 and _units(text) > TEXT_LIMIT:
        part = _first_units(text, TEXT_LIMIT)
        part = part[: part.rfind(" ") + 1] or part
        yield part
        text = text[len(part) :]
    yield text


def _write_contents(
    sheet: Worksheet, formats: _CellFormats, pack: BoardPack, places: Sequence[_SheetPlace]
) -> None:
    cover = pack.cover
    widths = (32, 70, 54, 14, 9)
    sheet.hide_gridlines(2)
    sheet.set_row(0, _CAPTION)
    sheet.write_string(0, 0, printable(cover.full_title), formats.title)
    facts = [
        ("Council", cover.council),
        *([("Marking", cover.marking)] if cover.marking else []),
        *cover.facts,
        ("Made from", say_proof(pack.proof)),
    ]
    for row, (name, value) in enumerate(facts, 2):
        sheet.write_string(row, 0, name, formats.of(bold=True))
        sheet.write_string(row, 1, printable(value), formats.of(text_wrap=True))
        fit_row(sheet, row, (name, printable(value)), widths[:2])
    if cover.logo:
        _show_logo(sheet, cover, cover.logo)
    first = len(facts) + 3
    headers = ("Sheet", "What it holds", "Where in the pack", "Chart", "Rows")
    tables = [(place, place.grid) for place in places if place.grid]
    rows: list[tuple[str | int, ...]] = [
        (WORDS, "Everything that the pack says in words", "", "", ""),
        *(
            (
                place.sheet,
                printable(grid.table.title),
                _where(place),
                place.block.kind.value.capitalize() if isinstance(place.block, Chart) else "",
                len(grid.table.rows),
            )
            for place, grid in tables
        ),
    ]
    _write_list(sheet, formats, pack, first, headers, widths, rows, linked=0)
    _set_up_paper(sheet, pack)


def _where(place: _SheetPlace) -> str:
    return f"{place.section} › {place.heading}" if place.heading else place.section


def _show_logo(sheet: Worksheet, cover: Cover, logo: Image) -> None:
    scale = _LOGO_HEIGHT / NativeImage(BytesIO(logo.content)).height
    sheet.insert_image(0, 2, "logo", {
        "image_data": BytesIO(logo.content), "x_scale": scale, "y_scale": scale,
        "object_position": 3, "description": printable(f"Logo of {cover.council}"),
    })  # fmt: skip


def _write_words(
    sheet: Worksheet, formats: _CellFormats, pack: BoardPack, places: Iterable[_SheetPlace]
) -> None:
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "What the pack says in words", formats.caption)
    _write_way_back(sheet, formats)
    rows = [
        (place.section, place.heading, part, place.sheet)
        for place in places
        for text in _said(place.block)
        for part in _parts(text)
    ]
    headers = ("Section", "Heading", "Text", "Sheet")
    _write_list(sheet, formats, pack, HEADER_ROW, headers, (32, 38, 100, 32), rows, linked=3)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
    _set_up_paper(sheet, pack)


def _said(block: PackBlock) -> Iterator[str]:
    """Yield what a block says, in plain words; of a table, its caption."""
    match block:
        case Prose():
            yield printable(block.text)
        case Points(texts, numbered):
            for number, text in enumerate(texts, 1):
                yield f"{f'{number}.' if numbered else '-'} {plain_words(text)}"
        case Grid(table):
            yield printable(table.title)
        case Chart() | Drawing():
            yield printable(block.says)


def _write_list(
    sheet: Worksheet,
    formats: _CellFormats,
    pack: BoardPack,
    first: int,
    headers: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str | int]],
    linked: int,
) -> None:
    """Write a table from its header in the row ``first``; a column has the names of sheets."""
    _add_table(sheet, formats.header(pack.look.colour), first, headers, len(rows), sortable=True)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for row, values in enumerate(rows, first + 1):
        fit_row(sheet, row, values, widths)
        for n, value in enumerate(values):
            if n == linked and value:
                _write_link(sheet, row, n, str(value), str(value), formats)
            elif isinstance(value, int):
                sheet.write_number(row, n, value, formats.text)
            else:
                sheet.write_string(row, n, value, formats.text)


def _write_link(
    sheet: Worksheet, row: int, column: int, name: str, text: str, formats: _CellFormats
) -> None:
    link = f"internal:{quote_sheetname(name)}!A1"
    sheet.write_url(row, column, link, formats.of(**_LINK, border=1, border_color=LINE), text)


def _write_way_back(sheet: Worksheet, formats: _CellFormats) -> None:
    sheet.write_url(2, 0, f"internal:{CONTENTS}!A1", formats.link, "Back to the contents")


def _add_table(
    sheet: Worksheet,
    header: Format,
    first: int,
    labels: Sequence[str],
    rows: int,
    *,
    sortable: bool,
) -> None:
    """Make cells a table of Excel, whose header people and screen readers are told.

    One that people can sort has buttons in its header. An empty table has one row, as in Excel.
    """
    columns = [{"header": label, "header_format": header} for label in labels]
    sheet.add_table(
        first, 0, first + max(rows, 1), len(labels) - 1,
        {"columns": columns, "style": None, "autofilter": sortable},
    )  # fmt: skip


def _write_table(
    sheet: Worksheet, formats: _CellFormats, pack: BoardPack, place: _SheetPlace, grid: Grid
) -> None:
    """Write a table with its caption. Totals at its end stand below it, so that it can be sorted.

    A table with totals in between can't be.
    """
    sheet.write_string(0, 0, printable(grid.table.title), formats.caption)
    sheet.write_string(1, 0, _where(place), formats.faint)
    sheet.set_row(0, _CAPTION)
    _write_way_back(sheet, formats)
    table = _in_cells(grid)
    count = len(table.rows)
    while count - 1 in grid.totals:
        count -= 1
    sortable = count > 0 and not any(row < count for row in grid.totals)
    labels = _distinct(column.label or "" for column in table.columns)
    widths = [
        _width(label, column, [shown(row[n], column) for row in table.rows])
        for n, (label, column) in enumerate(zip(labels, table.columns, strict=True))
    ]
    header = formats.header(pack.look.colour)
    size = count if sortable else len(table.rows)
    _add_table(sheet, header, HEADER_ROW, labels, size, sortable=sortable)
    sheet.set_row(HEADER_ROW, _LINE * _header_lines(labels, widths) + 4)
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    for number, row in enumerate(table.rows):
        fit_row(sheet, HEADER_ROW + 1 + number, row, widths)
        for n, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            cell_format = formats.cell(value, column, total=number in grid.totals)
            _write_cell(sheet, HEADER_ROW + 1 + number, n, value, column, cell_format)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _in_cells(grid: Grid) -> Table:
    """Return a table whose texts are plain words that each fit into a cell.

    A column with a text that is too long is followed by others, which have the rest.
    """
    columns: list[Column] = []
    by_column: list[list[Any]] = []
    for n, column in enumerate(grid.table.columns):
        values = [_plain(row[n], column) for row in grid.table.rows]
        parted = [list(_parts(v)) if isinstance(v, str) else [v] for v in values]
        for part in range(max(map(len, parted), default=1)):
            again = f" {part}" if part > 1 else ""
            label = f"{column.label} {CONTINUED}{again}" if part else column.label
            columns.append(column._replace(label=label))
            by_column.append([parts[part] if part < len(parts) else None for parts in parted])
    return grid.table._replace(columns=tuple(columns), rows=list(zip(*by_column, strict=True)))


def _plain(value: Any, column: Column) -> Any:
    """Return what a cell of Excel is to hold: a number, a day, a rating's letter or a text."""
    if _is_typed(value) or value is None or column.kind is Kind.RAG:
        return value
    text = shown(value, column)
    return plain_words(text) if column.kind is Kind.MARKDOWN else text


def _is_typed(value: Any) -> bool:
    """Return whether Excel knows a value as what it is; it has no moments in a time zone."""
    return isinstance(value, int | float) or type(value) is date


def _distinct(labels: Iterable[str]) -> list[str]:
    """Return headers as Excel wants them in a table: on a line, and each another."""
    seen = Counter[str]()
    distinct = []
    for label in labels:
        name = printable(" ".join(label.split()))
        seen[name.casefold()] += 1
        again = seen[name.casefold()]
        distinct.append(f"{name} ({again})" if again > 1 else name)
    return distinct


def _write_cell(
    sheet: Worksheet, row: int, n: int, value: Any, column: Column, cell_format: Format
) -> None:
    if value is None:
        sheet.write_blank(row, n, None, cell_format)
    elif isinstance(value, int | float):
        sheet.write_number(row, n, value, cell_format)
    elif type(value) is date:
        sheet.write_datetime(row, n, value, cell_format)
    else:
        sheet.write_string(row, n, shown(value, column), cell_format)


def _width(label: str, column: Column, texts: Iterable[str]) -> int:
    """Return the width of a column: that of its longest line and its header's longest word."""
    line = max((len(line) for text in texts for line in text.split("\n")), default=0) + 2
    word = max(map(len, label.split()), default=0) + _BUTTON
    most = _WIDEST_WORDS if column.kind is Kind.MARKDOWN else _WIDEST
    return min(max(line, word, _NARROWEST), most)


def _header_lines(labels: Iterable[str], widths: Iterable[int]) -> int:
    both = zip(labels, widths, strict=True)
    return max(len(wrap(label, width - _BUTTON)) or 1 for label, width in both)


class _Drawn(NamedTuple):
    """What is drawn of a chart as one series: its name, its values, and how it looks."""

    name: str
    values: tuple[int | None, ...]
    look: dict[str, Any]


def _draw(workbook: Workbook, sheet: Worksheet, chart: Chart) -> None:
    """Draw a chart beside its table, from the cells of the table.

    What it needs that the table hasn't, such as the gap below a step of a bridge, stands in
    hidden columns between the two.
    """
    cells = _ChartCells(sheet, chart.grid)
    labels = cells.of(chart.grid.labels[0], chart.labels)
    native, drawn = _OUTLINES[chart.kind](workbook, chart)
    for one in drawn:
        column = cells.of(one.name, one.values)
        native.add_series({
            "name": [sheet.name, HEADER_ROW, column],
            "categories": cells.below(labels, len(chart.labels)),
            "values": cells.below(column, len(chart.labels)),
            **one.look,
        })  # fmt: skip
    cells.hide()
    native.set_title({
        "name": [sheet.name, 0, 0], "overlay": False,
        "name_font": {"name": "Arial", "size": 12, "bold": True},
    })  # fmt: skip
    native.show_hidden_data()
    native.set_legend({"position": "bottom", "font": _CHART_FONT, **_LEGENDS.get(chart.kind, {})})
    sheet.insert_chart(HEADER_ROW, cells.end, native, {
        "description": _first_units(printable(chart.says), _ALT_LIMIT), "object_position": 2,
    })  # fmt: skip


class _ChartCells:
    """The columns of cells that a chart is drawn from: those of its table, and others."""

    def __init__(self, sheet: Worksheet, grid: Grid) -> None:
        self._sheet, self._grid = sheet, grid
        self._first = self.end = len(_in_cells(grid).columns) + 1

    def of(self, name: str, values: Sequence[str | int | None]) -> int:
        """Return the place of the column with a header and values; write it if there is none."""
        count = len(values)
        for n, label in enumerate(self._grid.labels):
            texts = [row[n] for row in self._grid.texts[:count]]
            if label == name and texts == ["" if v is None else str(v) for v in values]:
                return n
        self._sheet.write_string(HEADER_ROW, self.end, name)
        for row, value in enumerate(values, HEADER_ROW + 1):
            if isinstance(value, str):
                self._sheet.write_string(row, self.end, value)
            elif value is not None:
                self._sheet.write_number(row, self.end, value)
        self.end += 1
        return self.end - 1

    def below(self, column: int, count: int) -> list[str | int]:
        """Return so many cells of a column, as a chart names them."""
        return [self._sheet.name, HEADER_ROW + 1, column, HEADER_ROW + count, column]

    def hide(self) -> None:
        """Hide the columns that the table hasn't."""
        self._sheet.set_column(self._first - 1, self._first - 1, 3)
        if self.end > self._first:
            self._sheet.set_column(self._first, self.end - 1, None, None, {"hidden": True})


def _stacked(workbook: Workbook, chart: Chart) -> tuple[NativeChart, Iterator[_Drawn]]:
    native = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    native.set_y_axis({"reverse": True, "num_font": _CHART_FONT, "line": {"color": LINE}})
    native.set_x_axis({**_SCALE, "label_position": "high"})
    height = max(_CHART_HEIGHT, 140 + _BAR * len(chart.labels))
    native.set_size({"width": _CHART_WIDTH, "height": height})
    drawn = (
        _Drawn(one.name, one.values, {**_filled(fill), "gap": 40, "data_labels": _figures(fill)})
        for one, fill in zip(chart.series, cycle(SERIES))
    )
    return native, drawn


def _lines(workbook: Workbook, chart: Chart) -> tuple[NativeChart, Iterator[_Drawn]]:
    native = workbook.add_chart({"type": "line"})
    native.set_x_axis({"text_axis": True, "num_format": "mmm yy", "num_font": _CHART_FONT})
    native.set_y_axis(_SCALE)
    native.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
    drawn = (
        _Drawn(one.name, one.values, _pen(pen, sign, len(one.values)))
        for one, pen, sign in zip(chart.series, cycle(PENS), cycle(_MARKERS))
    )
    return native, drawn


def _pen(colour: str, sign: str, count: int) -> dict[str, Any]:
    """Return how a line with markers looks, which has its figure at the last of its points."""
    fill = {"color": colour}
    return {
        "line": {**fill, "width": 2.25},
        "marker": {"type": sign, "size": 7, "fill": fill, "border": fill},
        "data_labels": {
            "value": True, "position": "right", "custom": [{"delete": True}] * (count - 1),
            "font": {**_CHART_FONT, **fill, "bold": True},
        },
    }  # fmt: skip


def _bridge(workbook: Workbook, chart: Chart) -> tuple[NativeChart, Iterator[_Drawn]]:
    """Return columns that stand on others without fill, since Excel files have no bridges."""
    native = workbook.add_chart({"type": "column", "subtype": "stacked"})
    native.set_x_axis({"num_font": _CHART_FONT, "line": {"color": LINE}})
    native.set_y_axis(_SCALE)
    native.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
    opening, *steps, closing = chart.series[0].values
    heights = list(accumulate(steps, initial=opening))
    gaps = (0, *map(min, pairwise(heights)), 0)
    ends, none = (None for _ in steps), {"fill": {"none": True}, "border": {"none": True}}
    texts = [str(opening), *(f"{step:+}" for step in steps), str(closing)]
    above = tuple(max(max(heights) // 10, 1) for _ in texts)
    label = {
        "value": True, "position": "inside_base", "custom": [{"value": text} for text in texts],
        "font": {**_CHART_FONT, "bold": True, "color": INK},
    }  # fmt: skip
    shapes = (
        ("Gap below", gaps, {**none, "gap": 40}),
        (chart.series[0].name, (opening, *ends, closing), _filled(TOTAL)),
        ("More", (None, *(max(step, 0) for step in steps), None), _filled(WORSE)),
        ("Fewer", (None, *(max(-step, 0) for step in steps), None), _filled(BETTER)),
        ("Room for figures", above, {**none, "data_labels": label}),
    )
    return native, starmap(_Drawn, shapes)


_CHART_FONT = {"name": "Arial", "size": 10, "color": FAINT}
_SCALE = {
    "min": 0, "num_format": "0", "num_font": _CHART_FONT, "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": LINE}},
}  # fmt: skip
_OUTLINES = {ChartKind.STACKED: _stacked, ChartKind.LINES: _lines, ChartKind.BRIDGE: _bridge}
_LEGENDS = {ChartKind.BRIDGE: {"delete_series": [0, 4]}}  # what has no fill


def _filled(fill: str) -> dict[str, Any]:
    return {"fill": {"color": fill}, "border": {"color": PAPER}}


def _figures(fill: str) -> dict[str, Any]:
    """Return how the figures within bars look; what is 0 has none."""
    font = {**_CHART_FONT, "bold": True, "color": ink_on(fill)}
    return {"value": True, "num_format": "0;;", "font": font}


def _set_up_paper(sheet: Worksheet, pack: BoardPack) -> None:
    size, _, _ = pack.look.page.partition(" ")
    marking = _first_units(printable(pack.cover.marking or ""), _FOOTER_LIMIT // 4)
    footer = f"&L{marking.replace('&', '&&')}&C&A&RPage &P of &N"
    sheet.set_landscape()
    set_paper(sheet, footer, _PAPERS.get(size, A4))


def _set_properties(workbook: Workbook, pack: BoardPack) -> None:
    cover, proof = pack.cover, pack.proof
    workbook.set_properties({
        "title": printable(cover.full_title),
        "subject": printable(dict(cover.facts)["Figures"]),
        "author": printable(cover.author or cover.council),
        "company": printable(cover.council),
        "keywords": token(proof),
        "comments": say_proof(proof),
        "created": proof.recorded_at.astimezone(UTC).replace(tzinfo=None),
    })  # fmt: skip
    told = {
        "as_of": proof.as_of.isoformat(),
        "compared_on": proof.compared_on and proof.compared_on.isoformat(),
        "version": proof.version,
        "digest": proof.figures,
    }
    for name, value in told.items():
        if value:
            workbook.set_custom_property(name, value, "text")
