"""Native charts of slides, whose numbers can be edited in a workbook within them."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt
from xlsxwriter import Workbook

from irbtrack.errors import printable
from irbtrack.packs.document import ChartKind
from irbtrack.packs.drawing.charts import BELOW, BridgeBar, bridge_bars, month_labels, spread, ticks
from irbtrack.packs.drawing.palette import INK, LINE, PAPER, PENS, SERIES, ink_on
from irbtrack.packs.lettering.language import LANGUAGE
from irbtrack.packs.lettering.line_breaks import line_size
from irbtrack.packs.slides.slide_flow import Box, PlacedChart

LETTERS = 11
"""The size of letters in charts."""

MARKERS = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.TRIANGLE,
)

UNLED = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"'
    ' xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)
"""What says that no line leads from a label to its point."""

SIGNED = {"+": "+0", "-": "−0"}
"""How the height of a step of a bridge is shown, by its sign."""


class _Numbers(CategoryChartData):  # type: ignore[misc]
    """The numbers of a chart, and the workbook with them.

    The library would write labels that begin with = as formulas, and date the workbook by the
    clock.
    """

    def __init__(self, labels: Sequence[str], recorded_at: datetime) -> None:
        super().__init__()
        self.labels = [printable(label) for label in labels]
        self.categories = self.labels
        self._recorded_at = recorded_at

    @property
    def xlsx_blob(self) -> bytes:
        """Return the workbook that PowerPoint opens when the numbers are edited."""
        content = BytesIO()
        as_text = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = Workbook(content, as_text)
        book.set_properties({"created": self._recorded_at.replace(tzinfo=None)})
        sheet = book.add_worksheet()
        sheet.write_column(1, 0, self.labels)
        for column, series in enumerate(self, 1):
            sheet.write(0, column, series.name)
            sheet.write_column(1, column, list(series.values))
        sheet.set_column(0, 0, 32)
        book.close()
        return content.getvalue()


def draw_chart(shapes: Any, placed: PlacedChart, recorded_at: datetime) -> Any:
    """Draw a chart on a slide, and return its frame."""
    drawn = {ChartKind.STACKED: _stacked, ChartKind.LINES: _lines, ChartKind.BRIDGE: _bridge}
    return drawn[placed.chart.kind](shapes, placed, recorded_at)


def _frame(shapes: Any, kind: Any, box: Box, numbers: _Numbers) -> Any:
    frame = shapes.add_chart(kind, *(Pt(one) for one in box), numbers)
    frame.chart.font.size = Pt(LETTERS)
    frame.chart.font.color.rgb = _rgb(INK)
    paper = f'<a:solidFill><a:srgbClr val="{PAPER.removeprefix("#")}"/></a:solidFill>'
    look = _element(f"<c:spPr>{paper}<a:ln><a:noFill/></a:ln></c:spPr>")
    frame.chart._chartSpace.find(qn("c:txPr")).addprevious(look)
    frame.chart.has_title = False
    frame.chart.has_legend = False
    return frame


def _stacked(shapes: Any, placed: PlacedChart, recorded_at: datetime) -> Any:
    """Draw a bar for each label, the first at the top, with a number on each part."""
    chart, box = placed.chart, placed.box
    part = slice(placed.first, placed.last)
    labels = chart.labels[part]
    numbers = _Numbers(labels, recorded_at)
    for one in chart.series:
        numbers.add_series(printable(one.name), one.values[part])
    frame = _frame(shapes, XL_CHART_TYPE.BAR_STACKED, box, numbers)
    top = max([1, *map(sum, zip(*(one.values for one in chart.series), strict=True))])
    names = max(line_size(label) for label in labels) * LETTERS + 12
    left = min(names, box.width * 0.36) / box.width
    drawn = frame.chart
    drawn.has_legend = True
    drawn.legend.position = XL_LEGEND_POSITION.TOP
    drawn.legend.include_in_layout = False
    high = min(28 / box.height, 0.12)
    _lay_out(drawn, Box(left, high, 0.98 - left, 0.99 - high))
    _scale(drawn, top, None)
    drawn.category_axis.reverse_order = True
    _plain_axis(drawn.category_axis)
    drawn.category_axis.format.line.fill.background()
    drawn.plots[0].gap_width, drawn.plots[0].overlap = 45, 100
    unit = box.width * (0.98 - left) / top
    for place, (one, series) in enumerate(zip(chart.series, drawn.plots[0].series, strict=True)):
        fill = SERIES[place % len(SERIES)]
        _fill(series, fill, PAPER)
        narrow = [
            _unlabelled(n)
            for n, value in enumerate(one.values[part])
            if line_size(str(value)) * LETTERS > unit * value
        ]
        _label(series, narrow, "0;-0;;", ink_on(fill), "ctr")
    return frame


def _lines(shapes: Any, placed: PlacedChart, recorded_at: datetime) -> Any:
    """Draw a line for each series, with its first number, and with its name and last number."""
    chart, box = placed.chart, placed.box
    numbers = _Numbers(month_labels(chart.labels), recorded_at)
    for one in chart.series:
        numbers.add_series(printable(one.name), one.values)
    frame = _frame(shapes, XL_CHART_TYPE.LINE_MARKERS, box, numbers)
    drawn = frame.chart
    marks = ticks(max(max(one.values) for one in chart.series))
    ends = [line_size(f"{one.name} {one.values[-1]}", bold=True) for one in chart.series]
    right = min(max(ends) * (LETTERS + 1) + 4, box.width * 0.3) / box.width
    left, low, high = 34 / box.width, 30 / box.height, 12 / box.height
    inner = Box(left, high, 1 - left - right, 1 - low - high)
    _lay_out(drawn, inner)
    _scale(drawn, marks[-1], marks[1])
    _plain_axis(drawn.category_axis)
    step = marks[-1] * 1.3 * LETTERS / (inner.height * box.height)
    last = len(chart.labels) - 1
    places = spread([one.values[-1] for one in chart.series], step)
    for place, (one, series) in enumerate(zip(chart.series, drawn.plots[0].series, strict=True)):
        pen = PENS[place % len(PENS)]
        series.smooth = False
        series.format.line.width = Pt(2.25)
        series.format.line.color.rgb = _rgb(pen)
        series.marker.style = MARKERS[place % len(MARKERS)]
        series.marker.size = 8
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _rgb(pen)
        series.marker.format.line.color.rgb = _rgb(pen)
        moved = -(places[place] - one.values[-1]) / marks[-1] * inner.height
        labels = [_labelled(last, moved, "0", pen, "r", name=True)]
        if last:
            labels.insert(0, _labelled(0, 0, "0", pen, "t"))
        _label(series, labels, "0", pen, None)
    return frame


def _bridge(shapes: Any, placed: PlacedChart, recorded_at: datetime) -> Any:
    """Draw the two figures as columns, and between them the steps, on columns without fill."""
    chart, box = placed.chart, placed.box
    bars = bridge_bars(chart)
    fills = {bar.meaning: bar.fill for bar in bars}
    numbers = _Numbers(chart.labels, recorded_at)
    numbers.add_series(BELOW, [bar.low for bar in bars])
    for meaning in fills:
        heights = [bar.high - bar.low if bar.meaning == meaning else None for bar in bars]
        numbers.add_series(printable(meaning), heights)
    frame = _frame(shapes, XL_CHART_TYPE.COLUMN_STACKED, box, numbers)
    drawn = frame.chart
    top = max([1, *(bar.high for bar in bars)]) * 1.08
    inner = Box(0.01, 0.04, 0.98, 0.96 - 40 / box.height)
    _lay_out(drawn, inner)
    _scale(drawn, top, None)
    _plain_axis(drawn.category_axis)
    drawn.plots[0].gap_width, drawn.plots[0].overlap = 35, 100
    base, *others = drawn.plots[0].series
    base.format.fill.background()
    base.format.line.fill.background()
    for (meaning, fill), series in zip(fills.items(), others, strict=True):
        _fill(series, fill, None)
        above = [
            _labelled(place, _over(bar, top, inner, box), SIGNED.get(bar.text[0], "0"), INK, "ctr")
            for place, bar in enumerate(bars)
            if bar.meaning == meaning
        ]
        _label(series, above, "0", INK, "ctr")
    return frame


def _over(bar: BridgeBar, top: float, inner: Box, box: Box) -> float:
    """Return how far a label is moved from the middle of a column to above it."""
    half = (bar.high - bar.low) / top * inner.height / 2
    return -half - 0.75 * LETTERS / box.height


def _rgb(colour: str) -> Any:
    return RGBColor.from_string(colour.removeprefix("#").upper())


def _fill(series: Any, colour: str, outline: str | None) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = _rgb(colour)
    if outline is None:
        series.format.line.fill.background()
    else:
        series.format.line.color.rgb = _rgb(outline)


def _plain_axis(axis: Any) -> None:
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = _rgb(INK)
    axis.has_major_gridlines = False


def _scale(drawn: Any, top: float, step: float | None) -> None:
    """Let the axis of values go from 0 to ``top``. It is hidden if there is no ``step``."""
    axis = drawn.value_axis
    axis.minimum_scale, axis.maximum_scale = 0, top
    axis.visible = step is not None
    axis.has_major_gridlines = step is not None
    if step is not None:
        axis.major_unit = step
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.major_gridlines.format.line.color.rgb = _rgb(LINE)
        axis.format.line.fill.background()


def _lay_out(drawn: Any, inner: Box) -> None:
    """Say where a chart has its bars or lines, as shares of its width and height."""
    area = drawn._chartSpace.chart.plotArea
    for layout in area.findall(qn("c:layout")):
        area.remove(layout)
    places = zip(("x", "y", "w", "h"), inner, strict=True)
    inside = "".join(f'<c:{name} val="{share:.4f}"/>' for name, share in places)
    layout = (
        '<c:layout><c:manualLayout><c:layoutTarget val="inner"/>'
        f'<c:xMode val="edge"/><c:yMode val="edge"/>{inside}</c:manualLayout></c:layout>'
    )
    area.insert(0, _element(layout))


def _label(series: Any, own: Sequence[str], form: str, ink: str, position: str | None) -> None:
    """Label the points of a series with their numbers, or with none if ``position`` is None.

    ``own`` is the XML of the labels that differ from the others.
    """
    shown = "1" if position else "0"
    where = f'<c:dLblPos val="{position}"/>' if position else ""
    xml = f"<c:dLbls>{''.join(own)}{_look(form, ink)}{where}{_shows(shown)}{UNLED}</c:dLbls>"
    element = series._element
    element.find(qn("c:cat")).addprevious(_element(xml))


def _labelled(
    place: int, moved: float, form: str, ink: str, position: str, *, name: bool = False
) -> str:
    """Return the XML of a label that is moved by a share of the chart's height."""
    layout = (
        '<c:layout><c:manualLayout><c:x val="0"/>'
        f'<c:y val="{moved:.4f}"/></c:manualLayout></c:layout>'
        if moved
        else ""
    )
    return (
        f'<c:dLbl><c:idx val="{place}"/>{layout}{_look(form, ink, bold=True)}'
        f'<c:dLblPos val="{position}"/>{_shows("1", name="1" if name else "0")}'
        f"{'<c:separator> </c:separator>' if name else ''}</c:dLbl>"
    )


def _unlabelled(place: int) -> str:
    return f'<c:dLbl><c:idx val="{place}"/><c:delete val="1"/></c:dLbl>'


def _look(form: str, ink: str, *, bold: bool = False) -> str:
    weight = ' b="1"' if bold else ' b="0"'
    return (
        f'<c:numFmt formatCode={quoteattr(form)} sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        '<c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr>'
        f'<a:defRPr sz="{LETTERS * 100}"{weight}><a:solidFill>'
        f'<a:srgbClr val="{ink.removeprefix("#")}"/></a:solidFill></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{LANGUAGE}"/></a:p></c:txPr>'
    )


def _shows(value: str, name: str = "0") -> str:
    """Return what a label shows: the value, and the name of the series."""
    flags = {
        "LegendKey": "0",
        "Val": value,
        "CatName": "0",
        "SerName": name,
        "Percent": "0",
        "BubbleSize": "0",
    }
    return "".join(f'<c:show{flag} val="{on}"/>' for flag, on in flags.items())


def _element(xml: str) -> Any:
    return parse_xml(xml.replace(">", f" {nsdecls('c', 'a')}>", 1))
