"""The plan on a page as a drawing: months across, workstreams down, diamonds and bars.

It is laid out once, as shapes at places of a page, in points. PowerPoint draws these shapes
itself, and :func:`plan_svg` draws them for all others. The text of a mark stands within
it, to its right or to its left. Marks share a lane only if no text covers another.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element

from irbtrack.domain.answers import Mark, Timeline
from irbtrack.domain.dates import MONTHS, say_date
from irbtrack.domain.figures.plan_on_a_page import month_from
from irbtrack.domain.nouns.rating import RAG_NAMES, Rag
from irbtrack.errors import printable
from irbtrack.packs.document import Drawing
from irbtrack.packs.drawing.palette import FAINT, INK, LINE, PAPER, RAG, UNRATED, tint
from irbtrack.packs.drawing.plain_svg import shape, svg_page
from irbtrack.packs.lettering.letter_widths import width_of
from irbtrack.packs.lettering.line_breaks import broken, shortened

WIDTH = 960

SIZE = 9.5
"""The size of text, in points."""

HALF = 7.5
"""Half of a diamond's width and height."""

BAR = 13
"""The height of a bar, and its least width."""

LANE = 16
"""The height of a lane, which is a line of marks within a row."""

GAP = 4
"""What is left free between a mark and its text, and around rows. Marks are twice as far apart."""

NAMES = 132
"""The width of the column with the names of rows."""

LATER = 30
"""The width of the column for what ends after the last month."""

LONGEST = 280
"""The width that the text of a mark may have."""


class PlanBox(NamedTuple):
    """A rectangle, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None
    outline: str | None = None


class PlanDiamond(NamedTuple):
    """A diamond around its middle. ``half`` is half of its width and of its height."""

    x: float
    y: float
    half: float
    fill: str
    outline: str | None = None


class PlanLine(NamedTuple):
    """A line from a place, so far to the right and so far down."""

    x: float
    y: float
    right: float
    down: float
    colour: str
    dashed: bool = False


class PlanText(NamedTuple):
    """One line of text, of which ``y`` is the middle and ``width`` what it takes at most.

    ``anchor`` says which of its places ``x`` is: its ``start``, its ``middle`` or its ``end``.
    """

    x: float
    y: float
    text: str
    width: float
    anchor: str = "start"
    colour: str = INK
    bold: bool = False
    size: float = SIZE


PlanShape = PlanBox | PlanDiamond | PlanLine | PlanText


class PlanLayout(NamedTuple):
    """Shapes on a page, in the order in which they are drawn. Outlines are 1.5 points thick."""

    width: float
    height: float
    shapes: tuple[PlanShape, ...]


class _Months(NamedTuple):
    """Where days are on the page. Whatever comes ``until`` or later has a column after them."""

    first: date
    until: date
    left: float
    right: float

    def place(self, day: date) -> float:
        """Return the place of a day, at the edge of the months if it isn't in them."""
        if day >= self.until:
            return self.right + LATER / 2
        share = (day - self.first).days / (self.until - self.first).days
        return self.left + max(share, 0) * (self.right - self.left)


class _Lettered(NamedTuple):
    """A mark with its text, and where both begin and end. The middle of the lane is at 0."""

    begin: float
    end: float
    shapes: tuple[PlanShape, ...]


class _Sign(NamedTuple):
    """A mark without its text. Text within it begins at ``x``, has ``room``, and is in ``ink``."""

    begin: float
    end: float
    shapes: tuple[PlanShape, ...]
    x: float = 0
    room: float = 0
    ink: str = INK


def laid_out(timeline: Timeline) -> PlanLayout:
    """Return the drawing of a plan as shapes."""
    months = _Months(timeline.first, timeline.until, NAMES + BAR + GAP, WIDTH - LATER)
    header, top = _header(months, timeline.today)
    y, rows, lines = top, list[PlanShape](), list[PlanShape]()
    for depth, name, marks in timeline.rows:
        drawn = [mark for mark in marks if not _is_earlier(mark, timeline.first)]
        lanes = _lanes(drawn, months)
        row, height = _row(depth, printable(name), lanes)
        lines.append(PlanLine(0, y, WIDTH, 0, LINE))
        if timeline.first <= timeline.today < timeline.until and lanes:
            lines += _moved(_today(lanes, months.place(timeline.today), height), 0, y)
        rows += _moved(row, 0, y)
        y += height
    lines.append(PlanLine(0, y, WIDTH, 0, LINE))
    grid = [PlanLine(x, top, 0, y - top, LINE) for x in _month_places(months)]
    legend, below = _legend(timeline, y + 2 * GAP)
    return PlanLayout(WIDTH, below, (*grid, *lines, *header, *rows, *legend))


def plan_svg(drawing: Drawing) -> str:
    """Return the plan on a page as SVG, the same for the same plan."""
    plan = laid_out(drawing.timeline)
    return svg_page(plan.width, plan.height, map(_element, plan.shapes))


def _is_earlier(mark: Mark, first: date) -> bool:
    """Return whether a mark is left out: it ends before the page begins, and is not late."""
    return mark.ends_on is not None and mark.ends_on < first and not mark.late


def _month_places(months: _Months) -> list[float]:
    return [*(months.place(start) for start in _starts(months)), months.right]


def _starts(months: _Months) -> list[date]:
    starts = [months.first]
    while (following := month_from(starts[-1], 1)) < months.until:
        starts.append(following)
    return starts


def _header(months: _Months, today: date) -> tuple[list[PlanShape], float]:
    """Return the day, the years and the months above the rows, and where the rows begin."""
    line, shapes = SIZE + GAP, list[PlanShape]()
    if months.first <= today < months.until:
        day = _text(months.place(today), line / 2, say_date(today), "middle", bold=True)
        shapes.append(day._replace(x=min(day.x, WIDTH - day.width / 2)))
    starts = _starts(months)
    pitch = (months.right - months.left) / len(starts)
    every = next((n for n in (1, 2, 3, 6) if n * pitch >= 30), 12)
    free = 0.0
    for n, month in enumerate(starts):
        x = months.place(month)
        if (n == 0 or month.month == 1) and free <= x <= months.right - 30:
            shapes.append(_text(x + 2, 1.5 * line, str(month.year), bold=True))
            free = x + 30
        if n % every == 0 and x <= months.right - 24:
            shapes.append(_text(x + 2, 2.5 * line, MONTHS[month.month - 1][:3], colour=FAINT))
    shapes.append(_text(months.right + 2, 2.5 * line, "Later", colour=FAINT))
    return shapes, 3 * line + GAP


def _row(
    depth: int, name: str, lanes: Sequence[Sequence[_Lettered]]
) -> tuple[list[PlanShape], float]:
    """Return the name and the marks of a row, and its height."""
    indent = 8 * min(max(depth - 1, 0), 6)
    room = (NAMES if lanes else WIDTH) - indent - GAP
    lines = broken(name, room, SIZE, 3, bold=True)
    height = max(len(lines) * (SIZE + 3), len(lanes) * LANE) + GAP
    shapes: list[PlanShape] = [
        _text(indent, GAP / 2 + (SIZE + 3) * (n + 0.5), line, bold=True)
        for n, line in enumerate(lines)
    ]
    for n, lane in enumerate(lanes):
        for placed in lane:
            shapes += _moved(placed.shapes, 0, GAP / 2 + LANE * (n + 0.5))
    return shapes, height


def _today(lanes: Sequence[Sequence[_Lettered]], x: float, height: float) -> list[PlanShape]:
    """Return the line of today through a row, broken where the text of a lane is."""
    edges = [0, *(GAP / 2 + LANE * n for n in range(1, len(lanes))), height]
    parts: list[PlanShape] = []
    for lane, top, bottom in zip(lanes, edges[:-1], edges[1:], strict=True):
        texts = [one for placed in lane for one in placed.shapes if isinstance(one, PlanText)]
        if not any(_begin(text) - 2 < x < _begin(text) + text.width + 2 for text in texts):
            parts.append(PlanLine(x, top, 0, bottom - top, INK))
    return parts


def _lanes(marks: Iterable[Mark], months: _Months) -> list[list[_Lettered]]:
    """Return the marks of a row by lane, each in the first that is free for it.

    Those that end last come first, because so they take the fewest lanes. A mark without a date
    has a lane of its own, below.
    """
    dated = sorted(
        (_ways(mark, months) for mark in marks if mark.ends_on),
        key=lambda ways: -ways[0].end,
    )
    lanes: list[list[_Lettered]] = []
    for ways in dated:
        fitting = (
            (lane, way) for lane in lanes for way in ways if all(_clear(way, one) for one in lane)
        )
        lane, way = next(fitting, ([], ways[0]))
        if not lane:
            lanes.append(lane)
        lane.append(way)
    return lanes + [_ways(mark, months)[:1] for mark in marks if mark.ends_on is None]


def _clear(one: _Lettered, other: _Lettered) -> bool:
    return one.end + 2 * GAP <= other.begin or other.end + 2 * GAP <= one.begin


def _ways(mark: Mark, months: _Months) -> list[_Lettered]:
    """Return the ways to draw a mark, the best one first: its text in it, right or left of it.

    If its text fits nowhere, it is shortened where most of it fits.
    """
    sign = _sign(mark, months)
    text = _fitted(printable(mark.text), LONGEST)
    inside = (sign.room, sign.x, "start", sign.ink)
    beside = [
        (WIDTH - sign.end - GAP, sign.end + GAP, "start", INK),
        (sign.begin - GAP - NAMES, sign.begin - GAP, "end", INK),
    ]
    places = [inside, *beside] if mark.starts_on else [*beside, inside]
    fitting = [place for place in places if place[0] >= width_of(text, SIZE)]
    ways = list[_Lettered]()
    for place in fitting or [max(places)]:
        room, x, anchor, ink = place
        words = _text(x, 0, _fitted(text, room), anchor, ink)
        shapes = sign.shapes
        if place is inside and mark.starts_on is None:  # the line from where it was planned
            shapes += (PlanBox(x - GAP, -SIZE / 2, words.width + 2 * GAP, SIZE, PAPER),)
        begin = _begin(words)
        reach = min(sign.begin, begin), max(sign.end, begin + words.width)
        ways.append(_Lettered(*reach, (*shapes, words)))
    return ways


def _sign(mark: Mark, months: _Months) -> _Sign:
    """Return a mark without its text."""
    if mark.ends_on is None:
        return _undated(mark, months.left)
    end = months.place(mark.ends_on)
    planned = months.place(mark.planned_on) if mark.planned_on else end
    if mark.starts_on is None:
        return _point(mark, planned, end)
    return _bar(mark, min(months.place(mark.starts_on), end - BAR), planned, end)


def _undated(mark: Mark, x: float) -> _Sign:
    fill, ink = _paint(mark.rag)
    box = PlanBox(x - BAR / 2, -BAR / 2, BAR, BAR, fill)
    return _Sign(x - BAR / 2, x + BAR / 2, (box, *_letter(x, mark.rag, ink)))


def _point(mark: Mark, planned: float, end: float) -> _Sign:
    """Return a diamond and, if its date has moved, a hollow one at the first date."""
    fill, ink = _paint(mark.rag)
    diamond = PlanDiamond(end, 0, HALF, fill, INK if mark.late else None)
    shapes: tuple[PlanShape, ...] = (diamond, *_letter(end, mark.rag, ink))
    first, last = min(planned, end), max(planned, end)
    if first < last:
        line = PlanLine(first, 0, last - first, 0, FAINT, dashed=True)
        shapes = (line, PlanDiamond(planned, 0, HALF - 2, PAPER, FAINT), *shapes)
    between = last - first - 2 * (HALF + 2 * GAP)
    return _Sign(first - HALF, last + HALF, shapes, first + HALF + 2 * GAP, between)


def _bar(mark: Mark, begin: float, planned: float, end: float) -> _Sign:
    """Return a bar. It is pale after the day on which it was first planned to end."""
    fill, ink = _paint(mark.rag)
    kept = min(max(planned, begin), end)
    if max(kept - begin, end - kept) < BAR:
        kept = end  # a bar so short has no room for a letter in either part
    boxes = (
        PlanBox(begin, -BAR / 2, kept - begin, BAR, fill),
        PlanBox(kept, -BAR / 2, end - kept, BAR, tint(fill, 0.35)),
        PlanBox(begin, -BAR / 2, end - begin, BAR, None, INK if mark.late else None),
    )
    seen = [box for box in boxes if box.width and (box.fill or box.outline)]
    at, on_letter = (begin, ink) if kept - begin >= BAR else (kept, INK)
    shapes: tuple[PlanShape, ...] = (*seen, *_letter(at + BAR / 2, mark.rag, on_letter))
    after = at + BAR
    room, room_in_pale = kept - after - GAP, end - max(kept, after) - GAP
    if room >= room_in_pale:
        return _Sign(begin, end, shapes, after + GAP / 2, room, ink)
    return _Sign(begin, end, shapes, max(kept, after) + GAP / 2, room_in_pale, INK)


def _legend(timeline: Timeline, y: float) -> tuple[list[PlanShape], float]:
    """Return the legend of the signs, which begins at ``y``, and where it ends."""
    bar = PlanBox(0, -BAR / 2, 2 * BAR, BAR, UNRATED[0])
    slip = PlanBox(BAR, -BAR / 2, BAR, BAR, tint(UNRATED[0], 0.35))
    ghost = (PlanLine(0, 0, 2 * BAR, 0, FAINT, True), PlanDiamond(HALF, 0, HALF - 2, PAPER, FAINT))
    point = PlanDiamond(HALF, 0, HALF, UNRATED[0])
    signs: list[tuple[float, tuple[PlanShape, ...], str]] = [
        (
            2 * HALF,
            (PlanDiamond(HALF, 0, HALF, RAG[rag][0]), *_letter(HALF, rag, RAG[rag][1])),
            RAG_NAMES[rag],
        )
        for rag in Rag
    ]
    signs += [
        (2 * HALF, (point,), "Milestone"),
        (2 * BAR, (bar,), "From start to end"),
        (2 * BAR, ghost, "First planned"),
        (2 * BAR, (bar._replace(width=BAR), slip), "Longer than first planned"),
        (2 * HALF, (point._replace(fill=PAPER, outline=INK),), "Late"),
    ]
    marks = [mark for _, _, of_row in timeline.rows for mark in of_row]
    if any(mark.ends_on is None for mark in marks):
        signs.append((BAR, (bar._replace(width=BAR),), "No date"))
    if earlier := sum(_is_earlier(mark, timeline.first) for mark in marks):
        month = f"{MONTHS[timeline.first.month - 1]} {timeline.first.year}"
        milestones = "1 milestone" if earlier == 1 else f"{earlier} milestones"
        signs.append((0, (), f"{milestones} before {month} not drawn"))
    x, shapes = 0.0, list[PlanShape]()
    for width, sign, meaning in signs:
        words = _text(width + GAP if sign else 0, 0, meaning)
        if x + words.x + words.width > WIDTH:
            x, y = 0, y + LANE
        shapes += _moved((*sign, words), x, y + LANE / 2)
        x += words.x + words.width + 3 * GAP
    return shapes, y + LANE


def _fitted(text: str, room: float) -> str:
    """Return the text of a mark, shortened to fit. Brackets at its end are kept."""
    title, bracket, remarks = text.rpartition(" (")
    if not bracket or not remarks.endswith(")"):
        return shortened(text, room, SIZE)
    return shortened(title, room - width_of(bracket + remarks, SIZE), SIZE) + bracket + remarks


def _paint(rag: str | None) -> tuple[str, str]:
    return RAG[Rag(rag)] if rag else UNRATED


def _letter(x: float, rag: str | None, ink: str) -> tuple[PlanText, ...]:
    return (_text(x, 0, rag, "middle", ink, bold=True),) if rag else ()


def _text(
    x: float, y: float, text: str, anchor: str = "start", colour: str = INK, bold: bool = False
) -> PlanText:
    return PlanText(x, y, text, width_of(text, SIZE, bold=bold), anchor, colour, bold)


def _begin(text: PlanText) -> float:
    """Return where a text begins."""
    return text.x - text.width * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]


def _moved(shapes: Iterable[PlanShape], right: float, down: float) -> list[PlanShape]:
    return [one._replace(x=one.x + right, y=one.y + down) for one in shapes]


def _element(one: PlanShape) -> Element:
    match one:
        case PlanBox(x, y, width, height, fill, outline):
            return shape(
                "rect", x=x, y=y, width=width, height=height, fill=fill or "none", **_drawn(outline)
            )
        case PlanDiamond(x, y, half, fill, outline):
            path = f"M{x - half:g} {y:g}L{x:g} {y - half:g}L{x + half:g} {y:g}L{x:g} {y + half:g}Z"
            return shape("path", d=path, fill=fill, **_drawn(outline))
        case PlanLine(x, y, right, down, colour, dashed):
            dashes = "3 2" if dashed else None
            return shape(
                "line",
                x1=x,
                y1=y,
                x2=x + right,
                y2=y + down,
                stroke=colour,
                stroke_dasharray=dashes,
            )
        case PlanText():
            return shape(
                "text",
                one.text,
                x=one.x,
                y=one.y + 0.36 * one.size,  # half of the height of a capital letter
                font_size=one.size,
                font_weight="bold" if one.bold else None,
                text_anchor=one.anchor if one.anchor != "start" else None,
                fill=one.colour,
            )


def _drawn(outline: str | None) -> dict[str, str | float | None]:
    return {"stroke": outline, "stroke_width": 1.5 if outline else None}
