"""The charts of a pack as SVG, drawn by lets-plot.

A chart is on white paper, so it is the same on a dark page. Its numbers stand in it as text, and
nothing is told by colour alone. Its title isn't in it, because that is its caption.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from irbtrack.domain.dates import MONTHS
from irbtrack.domain.figures.bridge import BETTER_WHEN
from irbtrack.errors import printable
from irbtrack.packs.document import Chart, ChartKind
from irbtrack.packs.lettering import broken, shortened, width_of
from irbtrack.packs.palette import (
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
from irbtrack.packs.plain_svg import plain_svg, shielded

WIDTH = 960

SIZE = 16
"""The size of text. It is 8 points where a chart is as wide as the text of an A4 page."""

EDGE = 12
"""What is left free around a chart and beside its text."""

LEGEND, AXIS = 40, 30
"""The heights of a legend, and of the numbers or months of an axis."""

MONTHS_NAMED = 13
"""The most points in time that an axis names."""

DASHES = ("solid", "longdash", "dashed", "dotdash", "dotted")
MARKERS = (16, 15, 17, 18, 25)
"""The patterns of lines and the shapes of their points, in the order of their series."""

STEP_FILLS = {"Figure": TOTAL, "Better": BETTER, "Worse": WORSE, "Change": FAINT}
"""What the bars of a bridge are, and their fills."""


class BridgeBar(NamedTuple):
    """A bar of a bridge, from ``begin`` to ``end``.

    ``text`` is its number, and ``meaning`` one of :data:`STEP_FILLS`.
    """

    label: str
    begin: int
    end: int
    text: str
    meaning: str


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
            bars.append(BridgeBar(label, 0, value, str(value), "Figure"))
            reached = value
            continue
        better = BETTER_WHEN.get(series.name, 0) * value
        meaning = "Better" if better > 0 else "Worse" if better < 0 else "Change"
        bars.append(BridgeBar(label, reached, reached + value, f"{value:+}", meaning))
        reached += value
    return bars


def month_labels(labels: Sequence[str]) -> list[str]:
    """Return days as their months, if each is of a month of its own, and else as they are.

    >>> month_labels(["30 Sep 2023", "31 Oct 2023"])
    ['Sep 23', 'Oct 23']
    """
    names = "|".join(month[:3] for month in MONTHS)
    short = [re.sub(rf"^\d+ ({names}) \d\d(\d\d)$", r"\1 \2", label) for label in labels]
    return short if len(set(short)) == len(short) else list(labels)


def ticks(top: int) -> list[int]:
    """Return some five whole numbers for an axis from 0, of which the last is at least ``top``.

    >>> ticks(59), ticks(0)
    ([0, 20, 40, 60], [0, 1])
    """
    top = max(top, 1)
    power = 10 ** max(len(str(top)) - 2, 0)
    steps = (n * scale for scale in (power, 10 * power) for n in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= top)
    return list(range(0, top + step, step))


def spread(values: Sequence[int], least: float) -> list[float]:
    """Return places at or above the values, so that no two are nearer than ``least``.

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
    most, room = (2, 300) if rows <= 16 else (1, 400)
    names = [broken(printable(label), room, SIZE, most) for label in chart.labels]
    pitch = 48 if any(len(lines) > 1 for lines in names) else 32
    left = max((width_of(line, SIZE) for lines in names for line in lines), default=0) + 2 * EDGE
    right = width_of(str(top), SIZE, bold=True) + 2 * EDGE
    across = (WIDTH - left - right) / top
    keys, fills = _keys(chart), _cycled(SERIES, len(chart.series))
    plot = (
        lp.ggplot()
        + lp.scale_fill_manual(fills, limits=keys)
        + lp.coord_cartesian(xlim=[0, top], ylim=[0.5 - rows, 0.5])
        + _theme(EDGE, right, EDGE, left)
        + lp.ggsize(WIDTH, pitch * rows + LEGEND + EDGE)
    )
    begins = [0] * len(totals)
    for key, fill, series in zip(keys, fills, chart.series, strict=True):
        ends = [begin + value for begin, value in zip(begins, series.values, strict=True)]
        bars = {
            "begin": begins,
            "end": ends,
            "above": [12 / pitch - row for row in range(len(ends))],
            "below": [-12 / pitch - row for row in range(len(ends))],
            "series": [key] * len(ends),
        }
        sides = lp.aes(xmin="begin", xmax="end", ymin="below", ymax="above", fill="series")
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


def _lines(chart: Chart) -> Any:
    """Draw a line for each series, with its first number, and its last one after its name."""
    import lets_plot as lp

    count = len(chart.labels)
    marks = ticks(max(max(series.values) for series in chart.series))
    first = [series.values[0] for series in chart.series]
    last = [series.values[-1] for series in chart.series]
    names = [shortened(printable(series.name), 200, SIZE, bold=True) for series in chart.series]
    named = [f"{name} {value}" for name, value in zip(names, last, strict=True)]
    left = width_of(str(marks[-1]), SIZE) + 2 * EDGE
    before = max(width_of(str(value), SIZE) for value in first) + 2 * EDGE if count > 1 else EDGE
    after = max(width_of(text, SIZE, bold=True) for text in named) + 3 * EDGE
    height = 340
    across = (WIDTH - left - EDGE - before - after) / max(count - 1, 1)
    down = height / marks[-1]
    starts, ends = (spread(values, 1.25 * SIZE / down) for values in (first, last))
    keys, pens = _keys(chart), _cycled(PENS, len(chart.series))
    points = {
        "at": [*range(count)] * len(keys),
        "value": [value for series in chart.series for value in series.values],
        "series": [key for key in keys for _ in range(count)],
    }
    every = -(-count // MONTHS_NAMED)
    months = list(enumerate(month_labels(chart.labels)))[(count - 1) % every :: every]
    by_series = lp.aes("at", "value", color="series", linetype="series", shape="series")
    edges = [-before / across, count - 1 + after / across]
    plot = (
        lp.ggplot(points, by_series)
        + lp.geom_segment(
            lp.aes("from", "at", xend="to", yend="at"),
            data={"at": marks, "from": [edges[0]] * len(marks), "to": [edges[1]] * len(marks)},
            color=LINE,
        )
        + lp.geom_line(size=1.1)
        + lp.geom_point(size=4)
        + lp.scale_color_manual(pens, limits=keys)
        + lp.scale_linetype_manual(_cycled(DASHES, len(keys)), limits=keys)
        + lp.scale_shape_manual(_cycled(MARKERS, len(keys)), limits=keys)
        + lp.coord_cartesian(xlim=edges, ylim=[0, max([marks[-1], *starts, *ends])])
        + _theme(EDGE, EDGE, AXIS + EDGE, left)
        + lp.ggsize(WIDTH, height + AXIS + LEGEND + 2 * EDGE)
        + _text([(edges[0] - EDGE / across, mark, str(mark)) for mark in marks], hjust=1)
        + _text([(at, -EDGE / down, month) for at, month in months], vjust=1)
    )
    if count > 1:
        numbers = zip(starts, first, strict=True)
        plot += _text([(-EDGE / across, at, str(value)) for at, value in numbers], hjust=1)
    beside = count - 1 + EDGE / across
    told = zip(ends, named, strict=True)
    return plot + _text([(beside, at, text) for at, text in told], hjust=0, fontface="bold")


def _bridge(chart: Chart) -> Any:
    """Draw a bar from 0 for both figures, and between them a bar for each step."""
    import lets_plot as lp

    bars = bridge_bars(chart)
    reach = [end for bar in bars for end in (bar.begin, bar.end)]
    marks = ticks(max(reach))
    height, left = 340, width_of(str(marks[-1]), SIZE) + 3 * EDGE
    across, down = (WIDTH - left - EDGE) / len(bars), height / marks[-1]
    names = [broken(printable(bar.label), across - EDGE, SIZE, 3) for bar in bars]
    most = max(map(len, names))
    keys = [key for key in STEP_FILLS if any(bar.meaning == key for bar in bars)]
    shapes = {
        "left": [n - 0.35 for n in range(len(bars))],
        "right": [n + 0.35 for n in range(len(bars))],
        "low": [min(bar.begin, bar.end) for bar in bars],
        "high": [max(bar.begin, bar.end) for bar in bars],
        "meaning": [bar.meaning for bar in bars],
    }
    joints = {
        "from": [n + 0.35 for n in range(len(bars) - 1)],
        "to": [n + 0.65 for n in range(len(bars) - 1)],
        "at": [bar.end for bar in bars[:-1]],
    }
    edges = [-0.5, len(bars) - 0.5]
    grid = {"at": marks, "from": [edges[0]] * len(marks), "to": [edges[1]] * len(marks)}
    across_at = lp.aes("from", "at", xend="to", yend="at")
    return (
        lp.ggplot()
        + lp.geom_segment(across_at, data=grid, color=LINE)
        + lp.geom_rect(
            lp.aes(xmin="left", xmax="right", ymin="low", ymax="high", fill="meaning"),
            data=shapes,
        )
        + lp.geom_segment(across_at, data=joints, color=FAINT)
        + lp.scale_fill_manual([STEP_FILLS[key] for key in keys], limits=keys)
        + lp.coord_cartesian(xlim=edges, ylim=[min([0, *reach]), marks[-1] + 1.5 * SIZE / down])
        + _theme(EDGE, EDGE, most * 1.2 * SIZE + 2 * EDGE, left)
        + lp.ggsize(WIDTH, height + most * 1.2 * SIZE + LEGEND + 4 * EDGE)
        + _text([(edges[0] - EDGE / across, mark, str(mark)) for mark in marks], hjust=1)
        + _text(
            [(n, max(b.begin, b.end) + 4 / down, b.text) for n, b in enumerate(bars)],
            vjust=0,
            fontface="bold",
        )
        + _text([(n, -EDGE / down, "\n".join(name)) for n, name in enumerate(names)], vjust=1)
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
    return lp.geom_text(lp.aes("x", "y", label="text"), data=data, inherit_aes=False, **look)


def _theme(top: float, right: float, bottom: float, left: float) -> Any:
    """Return what all charts look like, with so much room around their bars or lines."""
    import lets_plot as lp

    return lp.theme_void() + lp.theme(
        text=lp.element_text(family="Open Sans", size=SIZE, color=INK),
        legend_position="top",
        legend_title=lp.element_blank(),
        plot_background=lp.element_blank(),
        plot_margin=[top, right, bottom, left],
        plot_inset=0,
    )


def _keys(chart: Chart) -> list[str]:
    """Return the names of the series, as a legend has them."""
    return [shielded(printable(series.name)) for series in chart.series]


def _cycled(kinds: Sequence[Any], count: int) -> list[Any]:
    return [kinds[n % len(kinds)] for n in range(count)]
