"""The charts of a workbook, which Excel draws from the cells of the table beside them."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as NativeChart
from xlsxwriter.worksheet import Worksheet

from irbtrack.errors import printable
from irbtrack.packs.document import Chart, ChartKind, Grid
from irbtrack.packs.drawing.charts import BELOW, BridgeBar, bridge_bars
from irbtrack.packs.drawing.palette import FAINT, INK, LINE, PAPER, PENS, SERIES, ink_on
from irbtrack.packs.lettering.table_layout import HEADER_ROW
from irbtrack.packs.workbook.sheet_tables import in_cells
from irbtrack.packs.workbook.sheet_texts import first_units

_ALT_LIMIT = 8_000
_MARKERS = ("circle", "square", "diamond", "triangle", "x")
_CHART_WIDTH, _CHART_HEIGHT, _BAR = 720, 380, 26


class _Drawn(NamedTuple):
    """A series of a native chart: its name, its values, and how it looks."""

    name: str
    values: tuple[int | None, ...]
    look: dict[str, Any]


def draw_chart(workbook: Workbook, sheet: Worksheet, chart: Chart) -> None:
    """Draw a chart beside its table, from the cells of the table.

    Values that aren't in the table, such as the gap below a step of a bridge, stand in hidden
    columns between the two.
    """
    cells = _ChartCells(sheet, chart.grid)
    labels = cells.of(chart.grid.labels[0], chart.labels)
    native, series = _OUTLINES[chart.kind](workbook, chart)
    drawn = list(series)
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
    unseen = [n for n, one in enumerate(drawn) if one.look.get("fill") == _UNFILLED["fill"]]
    native.set_legend({"position": "bottom", "font": _CHART_FONT, "delete_series": unseen})
    sheet.insert_chart(HEADER_ROW, cells.end, native, {
        "description": first_units(printable(chart.says), _ALT_LIMIT), "object_position": 2,
    })  # fmt: skip


class _ChartCells:
    """The columns of cells that a chart is drawn from: those of its table, and others."""

    def __init__(self, sheet: Worksheet, grid: Grid) -> None:
        self._sheet, self._grid = sheet, grid
        self._first = self.end = len(in_cells(grid).columns) + 1

    def of(self, name: str, values: Sequence[str | int | None]) -> int:
        """Return the place of a column with a header and values, which is written if need be."""
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
        """Hide the columns that aren't of the table."""
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
    """Return the look of a line with markers, and with a figure at its last point."""
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
    """Return columns on invisible ones, because XlsxWriter has no charts of bridges."""
    native = workbook.add_chart({"type": "column", "subtype": "stacked"})
    native.set_x_axis({"num_font": _CHART_FONT, "line": {"color": LINE}})
    native.set_y_axis(_SCALE)
    native.set_size({"width": _CHART_WIDTH, "height": _CHART_HEIGHT})
    return native, _columns(bridge_bars(chart))


def _columns(bars: Sequence[BridgeBar]) -> Iterator[_Drawn]:
    """Yield what is drawn of a bridge: gaps, a series for each meaning, and room for numbers."""
    label = {
        "value": True, "position": "inside_base", "custom": [{"value": bar.text} for bar in bars],
        "font": {**_CHART_FONT, "bold": True, "color": INK},
    }  # fmt: skip
    gaps = tuple(bar.low for bar in bars)
    above = max(max(bar.high for bar in bars) // 10, 1)
    yield _Drawn(BELOW, gaps, {**_UNFILLED, "gap": 40})
    for meaning, fill in {bar.meaning: bar.fill for bar in bars}.items():
        heights = (bar.high - bar.low if bar.meaning == meaning else None for bar in bars)
        yield _Drawn(meaning, tuple(heights), _filled(fill))
    yield _Drawn("Room for figures", (above,) * len(bars), {**_UNFILLED, "data_labels": label})


_CHART_FONT = {"name": "Arial", "size": 10, "color": FAINT}
_SCALE = {
    "min": 0, "num_format": "0", "num_font": _CHART_FONT, "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": LINE}},
}  # fmt: skip
_OUTLINES = {ChartKind.STACKED: _stacked, ChartKind.LINES: _lines, ChartKind.BRIDGE: _bridge}
_UNFILLED = {"fill": {"none": True}, "border": {"none": True}}


def _filled(fill: str) -> dict[str, Any]:
    return {"fill": {"color": fill}, "border": {"color": PAPER}}


def _figures(fill: str) -> dict[str, Any]:
    """Return the look of the figures within bars. A bar of 0 has none."""
    font = {**_CHART_FONT, "bold": True, "color": ink_on(fill)}
    return {"value": True, "num_format": "0;;", "font": font}
