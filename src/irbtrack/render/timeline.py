"""The plan on a page, drawn in characters: months across, rows down, diamonds and bars.

The text of a mark stands beside it, or below it where there is no room, in the first line
that is free there. So a wide page needs few lines and a narrow one more, and nothing is ever
cut.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from irbtrack.domain.answers import Mark, Timeline
from irbtrack.domain.dates import MONTHS, say_date
from irbtrack.domain.figures.plan_on_a_page import month_from
from irbtrack.errors import printable
from irbtrack.render.cell_text import text_width, wrapped

POINT, PLANNED, BAR, SLIP, TODAY = "◆", "◇", "━", "┄", "│"

LEGEND = (
    f"{POINT} milestone, {BAR} start to end, {PLANNED} first planned, {SLIP} moved;"
    f" R red, A amber, G green, C complete; {TODAY} "
)

LEAST_PAGE = 40
"""The least width of a drawing, also on a narrower page."""

HEADER = 2
"""The lines of a header: years and months."""


class Stretch(NamedTuple):
    """Characters of one style: bold, dim, a rating's letter, or none."""

    text: str
    style: str = ""


Glyph = tuple[str, str]
"""A character and its style."""

Line = dict[int, Glyph]
"""The cells of a line that are not empty, by their place from the left."""


class _Scale(NamedTuple):
    """The places of days on a chart. Its last places are for whatever comes ``until`` or later."""

    first: date
    until: date
    width: int
    later: int

    def place(self, day: date) -> int:
        main = self.width - self.later
        if day >= self.until:
            return min(main, self.width - 1)
        return max(0, (day - self.first).days * main // (self.until - self.first).days)


def drawn(timeline: Timeline, width: int) -> list[list[Stretch]]:
    """Return the lines of a timeline for a page of ``width`` columns, each as stretches."""
    width = max(width, LEAST_PAGE)
    names = [_named(depth, name) for depth, name, _ in timeline.rows]
    longest = max(map(text_width, names), default=0)
    word = max((text_width(word) for name in names for word in name.split()), default=0)
    beside = min(longest, max(width // 6, min(word, width // 3)))
    chart = width - beside - 3  # a letter may stand after the last place
    marks = [mark for _, _, marks in timeline.rows for mark in marks]
    ends = [mark.ends_on for mark in marks if mark.ends_on]
    later = chart // 12 if any(end >= timeline.until for end in ends) else 0
    scale = _Scale(timeline.first, timeline.until, chart, later)
    shows_today = timeline.first <= timeline.today < timeline.until
    today = scale.place(timeline.today) if shows_today else None
    lines = [[Stretch(" " * (beside + 2)), *_spans(line)] for line in _header(scale)]
    for (depth, _, of_row), name in zip(timeline.rows, names, strict=True):
        if depth == 0 and len(lines) > HEADER:
            lines.append([])
        drawn_marks = [mark for mark in of_row if not _is_earlier(mark, timeline.first)]
        block = _packed(drawn_marks, scale)
        indent = " " * (len(name) - len(name.lstrip()))
        narrow = max(beside - len(indent), 1)
        room = narrow if of_row else width - len(indent)
        titles = [indent + part for part in wrapped(name, room)]
        for n in range(max(len(block), len(titles))):
            line = dict(block[n]) if n < len(block) else {}
            title = titles[n] if n < len(titles) else ""
            if today is not None and of_row and not {today - 1, today, today + 1} & line.keys():
                line[today] = (TODAY, "dim")
            gap = " " * (beside + 2 - text_width(title))
            lines.append([Stretch(title, "bold"), Stretch(gap), *_spans(line)])
    return [*lines, [], *([Stretch(line, "dim")] for line in _footer(timeline, marks, width))]


def _named(depth: int, name: str) -> str:
    return "  " * max(depth - 1, 0) + printable(name)


def _is_earlier(mark: Mark, first: date) -> bool:
    """Return whether a mark is left out: it ends before the page begins, and is not late."""
    return mark.ends_on is not None and mark.ends_on < first and not mark.late


def _footer(timeline: Timeline, marks: list[Mark], width: int) -> Iterator[str]:
    """Yield what the signs mean, and how much is not drawn."""
    earlier = sum(_is_earlier(mark, timeline.first) for mark in marks)
    if earlier:
        start = f"{MONTHS[timeline.first.month - 1]} {timeline.first.year}"
        which = "1 milestone" if earlier == 1 else f"{earlier} milestones"
        yield from wrapped(f"{which} before {start} not drawn; --from shows earlier months", width)
    yield from wrapped(LEGEND + say_date(timeline.today), width)


def _header(scale: _Scale) -> Iterator[Line]:
    """Yield the years, and the months that there is room for."""
    starts = [scale.first]
    while (following := month_from(starts[-1], 1)) < scale.until:
        starts.append(following)
    every = next(n for n in (1, 2, 3, 6, 12, 999) if _fits(scale, starts[::n]))
    years, months = Line(), Line()
    for n, month in enumerate(starts):
        free = max(years, default=-2) + 2
        if (n == 0 or month.month == 1) and free <= scale.place(month) <= scale.width - 4:
            _write(years, scale.place(month), str(month.year), "bold")
        if n % every == 0:
            _write(months, scale.place(month), MONTHS[month.month - 1][:3], "bold")
    if scale.later >= len("later"):
        _write(months, scale.place(scale.until), "later", "bold")
    yield years
    yield months


def _fits(scale: _Scale, starts: list[date]) -> bool:
    places = [*map(scale.place, starts), scale.place(scale.until) + 1]
    return all(after - before >= 4 for before, after in pairwise(places))


def _packed(marks: list[Mark], scale: _Scale) -> list[Line]:
    """Return the lines of one row, with each mark in the first lines that are free for it."""
    packed: list[Line] = []
    for mark in marks:
        lines = _lines(mark, scale)
        first = 0 if mark.ends_on else len(packed)  # one without a date has lines of its own
        top = next(n for n in range(first, len(packed) + 1) if _is_free(packed, n, lines))
        packed += [{} for _ in range(top + len(lines) - len(packed))]
        for n, line in enumerate(lines, top):
            packed[n] |= line
    return packed


def _is_free(packed: list[Line], top: int, lines: list[Line]) -> bool:
    """Return whether the lines from ``top`` on have room for others, with two places between."""
    return not any(
        place + near in below
        for below, line in zip(packed[top:], lines, strict=False)
        for place in line
        for near in (-2, -1, 0, 1, 2)
    )


def _lines(mark: Mark, scale: _Scale) -> list[Line]:
    """Return a mark and its text: to the right of it, to the left, or below."""
    text = printable(mark.text)
    shape = _shape(mark, scale)
    if not shape:
        lines = [_written(2 if mark.rag else 0, part) for part in wrapped(text, scale.width - 2)]
        if mark.rag:
            lines[0][0] = (mark.rag, mark.rag)
        return lines
    start, end = min(shape), max(shape)
    room = scale.width - (end + 2)
    if text_width(text) <= room:
        _write(shape, end + 2, text, "")
        return [shape]
    if text_width(text) <= start - 1:
        _write(shape, start - 1 - text_width(text), text, "")
        return [shape]
    place = max(0, min(start, scale.width - text_width(text)))
    return [shape, *(_written(place, part) for part in wrapped(text, scale.width))]


def _shape(mark: Mark, scale: _Scale) -> Line:
    """Return the diamond or bar, how far it slipped, and its rating's letter.

    It is empty without a date.
    """
    if mark.ends_on is None:
        return {}
    style, line = mark.rag or "", Line()
    end = scale.place(mark.ends_on)
    planned = scale.place(mark.planned_on) if mark.planned_on else end
    if mark.starts_on is None:
        planned += bool(mark.rag) and planned == end + 1  # there stands the letter
        for place in range(min(planned, end), max(planned, end)):
            line[place] = (SLIP, "dim")
        line[planned] = (PLANNED, "dim")
        line[end] = (POINT, style)
    else:
        start = scale.place(mark.starts_on)
        for place in range(min(start, end), end + 1):
            slipped = planned < place
            line[place] = (SLIP if slipped else BAR, style)
    if mark.rag:
        line[end + 1] = (mark.rag, style)
    return line


def _written(place: int, text: str) -> Line:
    line = Line()
    _write(line, place, text, "")
    return line


def _write(line: Line, place: int, text: str, style: str) -> None:
    """Put a text on a line.

    A character without width goes with the one before it.
    """
    for character in text:
        if text_width(character) == 0 and place - 1 in line:
            before, _ = line[place - 1]
            line[place - 1] = (before + character, style)
            continue
        line[place] = (character, style)
        if text_width(character) == 2:
            line[place + 1] = ("", style)
            place += 1
        place += 1


def _spans(line: Line) -> Iterator[Stretch]:
    """Yield the cells of a line as stretches, with spaces where there are none."""
    text, style = "", ""
    for place in range(max(line, default=-1) + 1):
        character, own = line.get(place, (" ", ""))
        if own != style:
            yield Stretch(text, style)
            text, style = "", own
        text += character
    if text:
        yield Stretch(text, style)
