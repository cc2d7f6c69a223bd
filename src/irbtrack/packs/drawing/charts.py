"""The charts of a pack as SVG, drawn by lets-plot.

A chart is on white paper, so it is the same on a dark page. Its numbers stand in it as text, and
nothing is told by colour alone. Its title isn't in it, because that is its caption.
"""

import re
from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

from irbtrack.domain.dates import MONTHS
from irbtrack.domain.figures.bridge import BETTER_WHEN
from irbtrack.errors import printable
from irbtrack.packs.document import Chart, ChartKind
from irbtrack.packs.drawing.palette import (
    BETTER,
    FAINT,
    INK,
    LINE,
    PAPER,
    PENS,
    SERIES,
    TOTAL,
    WORSE,
    ink_on,
)
from irbtrack.packs.drawing.plain_svg import UNSEEN, plain_svg, shielded
from irbtrack.packs.lettering.letter_widths import width_of
from irbtrack.packs.lettering.line_breaks import broken, shortened

WIDTH = 960

SIZE = 16
"""The size of text. It is 8 points where a chart is as wide as the text of an A4 page."""

EDGE = 12
"""What is left free around a chart and beside its text."""

HALF_BAR = 12
"""Half of the height of a horizontal bar."""

LEGEND, AXIS = 40, 30
"""The heights of a legend, and of the numbers or months of an axis."""

DASHES = ("solid", "longdash", "dashed", "dotdash", "dotted")
MARKERS = (16, 15, 17, 5, 6)
"""The patterns of lines and the shapes of their points, in the order of their series."""


MEANINGS = {1: ("Better", BETTER), -1: ("Worse", WORSE), 0: ("Change", FAINT)}
"""What a step of a bridge is, and its fill."""

BELOW = "Gap below"
"""The name of the invisible bars that those of a bridge stand on, in Excel and PowerPoint."""


class BridgeBar(NamedTuple):
    """A bar of a bridge, from ``begin`` to ``end``, with its number as ``text``.

    ``meaning`` is what a legend says of its ``fill``.
    """

    label: str
    begin: int
    end: int
    text: str
    meaning: str
    fill: str

    @property
    def low(self) -> int:
        """Return where its lower edge is."""
        return min(self.begin, self.end)

    @property
    def high(self) -> int:
        """Return where its upper edge is."""
        return max(self.begin, self.end)


def chart_svg(chart: Chart) -> str:
    """Return a chart as SVG, the same for the same chart."""
    drawings = {ChartKind.STACKED: _stacked, ChartKind.LINES: _lines, ChartKind.BRIDGE: _bridge}
    return plain_svg(drawings[chart.kind](chart).to_svg())


def bridge_bars(chart: Chart) -> list[BridgeBar]:
    """Return the bars of a bridge: a figure, the steps from it, and the figure that they reach."""
    series = chart.series[0]
    bars, reached = list[BridgeBar](), 0
    for n, (label, value) in enumerate(zip(chart.labels, series.values, strict=True)):
        if n in (0, len(chart.labels) - 1):
            bars.append(BridgeBar(label, 0, value, str(value), series.name, TOTAL))
        else:
            meaning, fill = MEANINGS[_sign(BETTER_WHEN.get(series.name, 0) * value)]
            end = reached + value
            bars.append(BridgeBar(label, reached, end, f"{value:+}", meaning, fill))
        reached = bars[-1].end
    return bars


def month_labels(labels: Sequence[str]) -> list[str]:
    """Return days as months if no two are of the same month, and else as they are.

    >>> month_labels(["30 Sep 2023", "31 Oct 2023"])
    ['Sep 23', 'Oct 23']
    """
    names = "|".join(month[:3] for month in MONTHS)
    short = [re.sub(rf"^\d+ ({names}) \d\d(\d\d)$", r"\1 \2", label) for label in labels]
    return short if len(set(short)) == len(short) else list(labels)


def ticks(top: int) -> list[int]:
    """Return the numbers of an axis: about five, from 0 to at least ``top``.

    >>> ticks(59), ticks(0)
    ([0, 20, 40, 60], [0, 1])
    """
    top = max(top, 1)
    power = 10 ** max(len(str(top)) - 2, 0)
    steps = (n * scale for scale in (power, 10 * power) for n in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= top)
    return list(range(0, top + step, step))


def spread(values: Sequence[int], least: float) -> list[float]:
    """Return values that are moved up until no two are closer together than ``least``.

    >>> spread([8, 9, 0], 4)
    [8, 12, 0]
    """
    places = dict[int, float]()
    free = float("-inf")
    for n in sorted(range(len(values)), key=lambda n: values[n]):
        places[n] = max(values[n], free)
        free = places[n] + least
    return [places[n] for n in range(len(values))]


def _stacked(chart: Chart) -> Any:
    """Draw a horizontal bar for each label, the first at the top, with its total at its end."""
    import lets_plot as lp

    totals = [sum(values) for values in zip(*(one.values for one in chart.series), strict=True)]
    rows, top = max(len(totals), 1), max([*totals, 1])
    names = _told_apart([printable(label) for label in chart.labels])
    pitch = EDGE + 20 * max(map(len, names), default=1)
    left = max((width_of(line, SIZE) for lines in names for line in lines), default=0) + 2 * EDGE
    right = width_of(str(top), SIZE, bold=True) + 2 * EDGE
    across = (WIDTH - left - right) / top
    fills = _cycled(SERIES, len(chart.series))
    legend = _legend([series.name for series in chart.series])
    plot = (
        lp.ggplot()
        + lp.scale_fill_manual(fills, **legend)
        + lp.coord_cartesian(xlim=[0, top], ylim=[0.5 - rows, 0.5])
        + _theme(EDGE, right, EDGE, left)
        + lp.ggsize(WIDTH, pitch * rows + LEGEND + EDGE)
    )
    begins = [0] * len(totals)
    for n, (fill, series) in enumerate(zip(fills, chart.series, strict=True)):
        ends = [begin + value for begin, value in zip(begins, series.values, strict=True)]
        bars = {
            "begin": begins,
            "end": ends,
            "above": [HALF_BAR / pitch - row for row in range(len(ends))],
            "below": [-HALF_BAR / pitch - row for row in range(len(ends))],
            "series": [n] * len(ends),
        }
        sides = lp.aes(
            xmin="begin", xmax="end", ymin="below", ymax="above", fill=lp.as_discrete("series")
        )
        numbers = [
            (begin + value / 2, -row, str(value))
            for row, (begin, value) in enumerate(zip(begins, series.values, strict=True))
            if value and width_of(str(value), SIZE) + 6 <= value * across
        ]
        plot += lp.geom_rect(sides, data=bars, color=PAPER, size=0.5)
        plot += _text(numbers, color=ink_on(fill))
        begins = ends
    plot += _text(
        [(n + 8 / across, -row, str(n)) for row, n in enumerate(totals)], hjust=0, fontface="bold"
    )
    beside = [(-EDGE / across, -row, "\n".join(lines)) for row, lines in enumerate(names)]
    return plot + _text(beside, hjust=1)


def _told_apart(names: Sequence[str]) -> list[list[str]]:
    """Return names as lines. A name has two where there is room, or if one line is ambiguous."""
    fewest = 2 if len(names) <= 16 else 1
    for most in range(fewest, 3):
        parted = [broken(name, 340, SIZE, most) for name in names]
        if len(set(map(tuple, parted))) == len(set(names)):
            break
    return parted


def _lines(chart: Chart) -> Any:
    """Draw a line for each series, with its first number, and its last one after its name."""
    import lets_plot as lp

    count = len(chart.labels)
    marks = ticks(max(max(series.values) for series in chart.series))
    first = sorted({series.values[0] for series in chart.series} if count > 1 else set())
    last = [series.values[-1] for series in chart.series]
    names = [shortened(printable(series.name), 200, SIZE, bold=True) for series in chart.series]
    named = [f"{name} {value}" for name, value in zip(names, last, strict=True)]
    left = width_of(str(marks[-1]), SIZE) + 2 * EDGE
    before = max((width_of(str(value), SIZE, bold=True) for value in first), default=0) + 2 * EDGE
    after = max(width_of(text, SIZE, bold=True) for text in named) + 3 * EDGE
    height = 340
    span = max(count - 1, 1)
    across = (WIDTH - left - EDGE - before - after) / span
    down = height / marks[-1]
    starts, ends = (spread(values, 1.25 * SIZE / down) for values in (first, last))
    lines = len(chart.series)
    legend = _legend([series.name for series in chart.series])
    points = {
        "at": [*range(count)] * lines,
        "value": [value for series in chart.series for value in series.values],
        "series": [n for n in range(lines) for _ in range(count)],
    }
    months = month_labels(chart.labels)
    every = ceil((max(width_of(month, SIZE) for month in months) + EDGE) / across)
    shown = list(enumerate(months))[(count - 1) % every :: every]
    series = lp.as_discrete("series")
    by_series = lp.aes("at", "value", color=series, linetype=series, shape=series)
    edges = [-before / across, span + after / across]
    plot = (
        lp.ggplot()
        + lp.geom_segment(
            lp.aes("from", "at", xend="to", yend="at"),
            data={"at": marks, "from": [0] * len(marks), "to": [count - 1] * len(marks)},
            color=LINE,
        )
        + lp.geom_point(by_series, data=points, size=4)
        + lp.scale_color_manual(_cycled(PENS, lines), **legend)
        + lp.scale_linetype_manual(_cycled(DASHES, lines), **legend)
        + lp.scale_shape_manual(_cycled(MARKERS, lines), **legend)
        + lp.coord_cartesian(xlim=edges, ylim=[0, max([marks[-1], *starts, *ends])])
        + _theme(EDGE, EDGE, AXIS + EDGE, left)
        + lp.ggsize(WIDTH, height + AXIS + LEGEND + 2 * EDGE)
        + _text(
            [(edges[0] - EDGE / across, mark, str(mark)) for mark in marks], hjust=1, color=FAINT
        )
        + _text([(at, -EDGE / down, month) for at, month in shown], vjust=1)
    )
    if count > 1:  # a single point has no line
        plot += lp.geom_line(by_series, data=points, size=1.1)
    numbers = zip(starts, first, strict=True)
    plot += _text(
        [(-EDGE / across, at, str(value)) for at, value in numbers], hjust=1, fontface="bold"
    )
    beside = count - 1 + EDGE / across
    told = zip(ends, named, strict=True)
    return plot + _text([(beside, at, text) for at, text in told], hjust=0, fontface="bold")


def _bridge(chart: Chart) -> Any:
    """Draw a bar from 0 for both figures, and between them a bar for each step."""
    import lets_plot as lp

    bars = bridge_bars(chart)
    fills = {bar.meaning: bar.fill for bar in bars}
    meanings = list(fills)
    tops = [bar.high for bar in bars]
    height, top, bottom = 340, max(1, *tops), min(bar.end for bar in bars)
    across, down = (WIDTH - 2 * EDGE) / len(bars), height / (top - min(bottom, 0))
    names = [printable(bar.label) for bar in bars]
    word = max((width_of(word, SIZE) for name in names for word in name.split()), default=0)
    rows = 1 if word <= across - EDGE else 2
    parted = [broken(name, rows * across - EDGE, SIZE, 3) for name in names]
    row = max(map(len, parted)) * 1.2 * SIZE + EDGE
    labels = [
        (n, -(EDGE + n % rows * row) / down, "\n".join(lines)) for n, lines in enumerate(parted)
    ]
    shapes = {
        "left": [n - 0.35 for n in range(len(bars))],
        "right": [n + 0.35 for n in range(len(bars))],
        "low": [bar.low for bar in bars],
        "high": tops,
        "meaning": [meanings.index(bar.meaning) for bar in bars],
    }
    joints = {
        "from": [-0.5, *(n + 0.35 for n in range(len(bars) - 1))],
        "to": [len(bars) - 0.5, *(n + 0.65 for n in range(len(bars) - 1))],
        "at": [0, *(bar.end for bar in bars[:-1])],
    }
    sides = lp.aes(
        xmin="left", xmax="right", ymin="low", ymax="high", fill=lp.as_discrete("meaning")
    )
    numbers = [
        (n, top + 4 / down, bar.text) for n, (top, bar) in enumerate(zip(tops, bars, strict=True))
    ]
    return (
        lp.ggplot()
        + lp.geom_rect(sides, data=shapes, size=0)
        + lp.geom_segment(lp.aes("from", "at", xend="to", yend="at"), data=joints, color=FAINT)
        + lp.scale_fill_manual(list(fills.values()), **_legend(meanings))
        + lp.coord_cartesian(
            xlim=[-0.5, len(bars) - 0.5], ylim=[min(bottom, 0), top + 1.5 * SIZE / down]
        )
        + _theme(EDGE, EDGE, rows * row + EDGE, EDGE)
        + lp.ggsize(WIDTH, height + rows * row + LEGEND + 1.5 * SIZE + 2 * EDGE)
        + _text(numbers, vjust=0, fontface="bold")
        + _text(labels, vjust=1)
    )


def _text(words: Sequence[tuple[float, float, str]], **look: Any) -> Any:
    """Return a layer of texts at their places."""
    import lets_plot as lp

    data = {
        "x": [x for x, _, _ in words],
        "y": [y for _, y, _ in words],
        "text": [shielded(text) for _, _, text in words],
    }
    look = {"color": INK, "size": SIZE / 2, "lineheight": 1.2} | look
    return lp.geom_text(lp.aes("x", "y", label="text"), data=data, **look)


def _theme(top: float, right: float, bottom: float, left: float) -> Any:
    """Return the look that all charts share, with the room around their bars or lines."""
    import lets_plot as lp

    return lp.theme_void() + lp.theme(
        text=lp.element_text(family="Open Sans", size=SIZE, color=INK),
        legend_position="top",
        axis=lp.element_blank(),
        axis_title=lp.element_blank(),
        axis_text=lp.element_blank(),
        legend_title=lp.element_blank(),
        legend_background=lp.element_blank(),
        plot_background=lp.element_blank(),
        plot_margin=[top, right, bottom, left],
        plot_inset=0,
    )


def _legend(names: Sequence[str]) -> dict[str, Any]:
    """Return the legend of some series.

    lets-plot merges series of the same name, so each name gets an invisible character of its own.
    """
    room = WIDTH / len(names) - 6 * EDGE
    numbers = list(range(len(names)))
    told = [
        shielded(shortened(printable(name), room, SIZE)) + UNSEEN[n % len(UNSEEN)]
        for n, name in enumerate(names)
    ]
    return {"limits": numbers, "breaks": numbers, "labels": told}


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _cycled(kinds: Sequence[Any], count: int) -> list[Any]:
    return [kinds[n % len(kinds)] for n in range(count)]
