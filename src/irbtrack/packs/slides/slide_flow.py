"""The slides of a pack as data: what stands where on which slide.

Blocks flow from the top of a slide to its bottom, and on to further slides. Everything is
measured in points.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, takewhile
from typing import NamedTuple

from irbtrack.domain.answers import Timeline
from irbtrack.packs.document import (
    BoardPack,
    Chart,
    ChartKind,
    Drawing,
    Grid,
    Heading,
    PackBlock,
    PackSection,
    Points,
    Prose,
)
from irbtrack.packs.drawing.plan_drawing import WIDTH as PLAN_WIDTH
from irbtrack.packs.drawing.plan_drawing import PlanLayout, laid_out
from irbtrack.packs.formats import ON_SLIDES
from irbtrack.packs.lettering.table_layout import CONTINUED
from irbtrack.packs.slides.slide_tables import (
    FittedTable,
    MeasuredTable,
    SlideRow,
    fitted,
    measured,
    pages,
)
from irbtrack.packs.slides.slide_text import (
    SlideParagraph,
    TextBlock,
    cut_at,
    height_of,
    paragraphs_of,
    plain,
)

TEXT, BESIDE, CAPTION = 18.0, 14.0, 12.0
"""The sizes of letters: of text alone, of text beside tables and charts, and of captions."""

GAP = 12.0
"""The room between blocks on a slide. Blocks beside one another have twice as much."""

LOW, WELL = 150.0, 165.0
"""The least heights of the first part of a long table, and of a chart."""

BAR = 46.0
"""How high a bar and the room around it are at most."""

SHORT = 15
"""A table of no more rows may stand beside another."""

ELSEWHERE = "all of them are in the pack as a web page, a workbook and a document"
"""Where the rows of a long table are that aren't on slides."""

SMALLEST = 0.7
"""The least scale of a plan. Its letters then have some 6 points."""

BARS = 18
"""The bars that a chart has at most. A chart with more goes on on another slide."""


class Box(NamedTuple):
    """Where something is on a slide."""

    left: float
    top: float
    width: float
    height: float


class PlacedText(NamedTuple):
    """Paragraphs, in letters of one size."""

    box: Box
    paragraphs: tuple[SlideParagraph, ...]
    size: float


class PlacedTable(NamedTuple):
    """Some rows of a table, and what the table is called."""

    box: Box
    table: FittedTable
    rows: tuple[SlideRow, ...]
    caption: str


class PlacedChart(NamedTuple):
    """A chart with some of its labels, from the ``first`` up to but not including the ``last``."""

    box: Box
    chart: Chart
    first: int
    last: int


class PlacedDrawing(NamedTuple):
    """A plan on a page, or some of its rows."""

    box: Box
    drawing: Drawing
    plan: PlanLayout


OnSlide = PlacedText | PlacedTable | PlacedChart | PlacedDrawing


class SlidePlan(NamedTuple):
    """A slide: its title, what stands on it, and its speaker notes.

    ``section`` is the title of its section, which stands above its own, or nothing.
    """

    title: str
    section: str
    placed: tuple[OnSlide, ...]
    notes: tuple[str, ...]


class _Topic(NamedTuple):
    """A heading with the blocks below it. The first topic of a section may have no heading."""

    heading: str
    blocks: tuple[PackBlock, ...]

    @property
    def is_text(self) -> bool:
        return all(isinstance(one, TextBlock) for one in self.blocks)


class _Page:
    """A slide while it is filled from the top."""

    def __init__(self) -> None:
        self.placed: list[OnSlide] = []
        self.notes: list[str] = []
        self.used = 0.0


def slides_of(pack: BoardPack, room: Box) -> list[SlidePlan]:
    """Return the slides of a pack after its cover. ``room`` is what titles leave of a slide."""
    told = [slide for section in pack.sections for slide in _section(section, room)]
    return _with_own_titles(told)


def _with_own_titles(slides: Sequence[SlidePlan]) -> list[SlidePlan]:
    """Return the slides with titles that differ, because those alike are numbered (1 of 3)."""
    called = [(slide.section, slide.title) for slide in slides]
    many, seen = Counter(called), Counter[tuple[str, str]]()
    used: set[tuple[str, str]] = set()
    found = []
    for name, slide in zip(called, slides, strict=True):
        seen[name] += 1
        title = f"{slide.title} ({seen[name]} of {many[name]})" if many[name] > 1 else slide.title
        others = (f"{title} ({again})" for again in count(2))
        while (slide.section, title) in used:
            title = next(others)
        used.add((slide.section, title))
        found.append(slide._replace(title=title))
    return found


def _section(section: PackSection, room: Box) -> Iterator[SlidePlan]:
    """Yield the slides of a section. Short parts of text share one."""
    name = plain(section.title.strip() or section.name).text
    waiting: list[_Topic] = []
    for part in _parts(section.blocks):
        if part.is_text and _fits([*waiting, part], room):
            waiting.append(part)
            continue
        yield from _shared(name, waiting, room)
        waiting = [part] if part.is_text else []
        if not part.is_text:
            yield from _titled(name, part.heading, _Flow(room, part.blocks).pages)
    yield from _shared(name, waiting, room)


def _parts(blocks: Sequence[PackBlock]) -> Iterator[_Topic]:
    heading, found = "", list[PackBlock]()
    for block in blocks:
        if isinstance(block, Heading):
            if heading or found:
                yield _Topic(heading, tuple(found))
            heading, found = plain(block.text).text.strip(), []
        else:
            found.append(block)
    if heading or found:
        yield _Topic(heading, tuple(found))


def _text_of(parts: Sequence[_Topic]) -> list[TextBlock]:
    """Return the blocks of parts of text, with their headings if there are several."""
    found: list[TextBlock] = []
    for part in parts:
        if len(parts) > 1 and part.heading:
            found.append(Heading(part.heading))
        found += [block for block in part.blocks if isinstance(block, TextBlock)]
    return found


def _fits(parts: Sequence[_Topic], room: Box) -> bool:
    paragraphs = [one for block in _text_of(parts) for one in paragraphs_of(block)]
    return height_of(paragraphs, room.width, TEXT) <= room.height


def _shared(name: str, parts: Sequence[_Topic], room: Box) -> Iterator[SlidePlan]:
    """Yield the slides that parts of text share. That of a single part has its heading as title."""
    if parts:
        heading = parts[0].heading if len(parts) == 1 else ""
        yield from _titled(name, heading, _Flow(room, _text_of(parts)).pages)


def _titled(name: str, heading: str, filled: Sequence[_Page]) -> Iterator[SlidePlan]:
    for page in filled:
        section = name if heading else ""
        yield SlidePlan(heading or name, section, tuple(page.placed), tuple(page.notes))


class _Flow:
    """The slides that blocks fill, one after another."""

    def __init__(self, room: Box, blocks: Sequence[PackBlock]) -> None:
        self._room = room
        self._size = TEXT if all(isinstance(one, TextBlock) for one in blocks) else BESIDE
        self.pages = [_Page()]
        left = list(blocks)
        while left:
            match left:
                case [Grid(), *_]:
                    beside = self._beside(left)
                    del left[: len(beside)]
                    self._leave_gap()
                    self._grids(beside, self._text_height(left))
                case [Chart(labels=(), grid=grid) | Chart(series=(), grid=grid), *_]:
                    left[0] = grid
                case [Chart() as chart, *_]:
                    del left[0]
                    self._leave_gap()
                    self._chart(chart)
                case [Drawing() as drawing, *_]:
                    del left[0]
                    self._drawing(drawing)
                case [Prose() | Points() | Heading() as text, *_]:
                    del left[0]
                    self._text(text)

    @property
    def _page(self) -> _Page:
        return self.pages[-1]

    @property
    def _left(self) -> float:
        """How much room is left on the slide."""
        return self._room.height - self._page.used

    def _turn(self) -> None:
        """Begin another slide, unless this one is empty."""
        if self._page.placed:
            self.pages.append(_Page())

    def _leave_gap(self) -> None:
        """Leave some room between a text and what comes after it."""
        match self._page.placed:
            case [*_, PlacedText()]:
                self._page.used += GAP / 2

    def _box(self, left: float, width: float, height: float) -> Box:
        return Box(self._room.left + left, self._room.top + self._page.used, width, height)

    def _text_height(self, blocks: Sequence[PackBlock]) -> float:
        """Return the height of the prose that blocks begin with, or 0 if it is half a slide."""
        prose = takewhile(lambda block: isinstance(block, Prose), blocks)
        paragraphs = [plain(one.text) for one in prose if isinstance(one, Prose)]
        height = height_of(paragraphs, self._room.width, self._size) + GAP
        return height if height < self._room.height / 2 else 0.0

    def _text(self, block: TextBlock) -> None:
        self._page.notes += _notes_of_text(block)
        left = paragraphs_of(block)
        while left:
            now, left = cut_at(left, self._room.width, self._size, self._left)
            if now:
                self._write(now)
            if left:
                self._turn()

    def _write(self, paragraphs: Sequence[SlideParagraph], size: float | None = None) -> None:
        """Put paragraphs on the slide, in the last text there if that is of the same size.

        Numbered lists are in texts of their own, because some programs would number them as one.
        """
        size = size or self._size
        height = height_of(paragraphs, self._room.width, size)
        match self._page.placed:
            case [*_, PlacedText(box, before, of)] if of == size and not (
                paragraphs[0].number and any(one.number for one in before)
            ):
                longer = box._replace(height=box.height + height)
                self._page.placed[-1] = PlacedText(longer, (*before, *paragraphs), size)
            case _:
                box = self._box(0, self._room.width, height)
                self._page.placed.append(PlacedText(box, tuple(paragraphs), size))
        self._page.used += height

    def _beside(self, blocks: Sequence[PackBlock]) -> list[MeasuredTable]:
        """Return the tables that blocks begin with, as many as have room beside one another."""
        found: list[MeasuredTable] = []
        used = 0.0
        for block in blocks:
            if not isinstance(block, Grid) or (found and len(block.table.rows) > SHORT):
                break
            table = measured(block)
            used += table.natural_width + (2 * GAP if found else 0)
            if found and used > self._room.width:
                break
            found.append(table)
            if len(block.table.rows) > SHORT:
                break
        return found

    def _grids(self, grids: Sequence[MeasuredTable], keep: float) -> None:
        """Put tables on slides, beside one another if there are several."""
        if len(grids) == 1:
            self._grid(grids[0], keep)
            return
        width = (self._room.width - 2 * GAP * (len(grids) - 1)) / len(grids)
        tables = [fitted(grid, width, self._room.height) for grid in grids]
        captions = [_caption(one.grid) for one in grids]
        high = max(
            table.height(table.rows) + height_of([caption], width, CAPTION)
            for table, caption in zip(tables, captions, strict=True)
        )
        if high > self._left:
            self._turn()
        for place, table in enumerate(tables):
            self._table(table, table.rows, place * (width + 2 * GAP), captions[place])
        self._page.used += high + GAP

    def _table(
        self, table: FittedTable, rows: Sequence[SlideRow], left: float, caption: SlideParagraph
    ) -> float:
        """Put rows of a table on the slide below a caption, and return how high they are."""
        width = sum(table.widths)
        over = height_of([caption], width, CAPTION) if caption.text else 0.0
        if over:
            box = self._box(left, width, over)
            self._page.placed.append(PlacedText(box, (caption,), CAPTION))
        height = table.height(rows)
        box = self._box(left, width, height)
        box = box._replace(top=box.top + over)
        self._page.placed.append(PlacedTable(box, table, tuple(rows), caption.text))
        self._page.notes += _notes_of_rows(table, rows)
        return over + height

    def _grid(self, grid: MeasuredTable, keep: float = 0.0) -> None:
        """Put a table on as many slides as it needs."""
        width = min(self._room.width, grid.natural_width * 1.3)
        caption = _caption(grid.grid)
        over = height_of([caption], width, CAPTION) + 2
        again = plain(f"{caption.text} {CONTINUED}", bold=True)
        table = fitted(grid, width, self._room.height - over * 2)
        whole = table.height(table.rows) + over
        enough = whole if whole <= self._room.height else LOW + over
        if self._page.placed and enough > self._left:
            self._turn()
        full = self._room.height - height_of([again], width, CAPTION) - 2
        for place, rows in enumerate(pages(table, self._left - over, full, keep)):
            if place:
                self._turn()
            if rows or not table.rows:
                self._page.used += self._table(table, rows, 0, again if place else caption) + GAP

    def _chart(self, chart: Chart) -> None:
        """Put a chart on a slide, with its table beside it if there is room, or else after it."""
        grid = measured(chart.grid)
        beside = grid.natural_width
        table = fitted(grid, beside, self._room.height)
        parts = _chart_parts(chart)
        fits = beside <= self._room.width * 0.45 and len(parts) == 1
        caption = plain(chart.title, bold=True)
        over = height_of([caption], self._room.width, CAPTION)
        high = table.height(table.rows)
        if self._page.placed and self._left < max(WELL, high if fits else 0) + over:
            self._turn()
        fits = fits and high + over <= self._left
        for first, last in parts:
            if first:
                self._turn()
            self._write([caption], CAPTION)
            width = self._room.width - (beside + 2 * GAP if fits else 0)
            high = self._left
            if chart.kind is ChartKind.STACKED:
                high = min(high, BAR * (last - first + 1))
            box = self._box(0, width, high)
            self._page.placed.append(PlacedChart(box, chart, first, last))
            self._page.notes.append(plain(chart.says).text)
            if fits:
                self._table(table, table.rows, width + 2 * GAP, plain(""))
            self._page.used = self._room.height
        if not fits:
            self._grid(grid)

    def _drawing(self, drawing: Drawing) -> None:
        for plan in _plan_parts(drawing.timeline, self._room):
            self._turn()
            high = min(self._room.height, plan.height * self._room.width / plan.width)
            box = self._box(0, self._room.width, high)
            self._page.placed.append(PlacedDrawing(box, drawing, plan))
            self._page.notes.append(plain(drawing.says).text)
            self._page.used += high + GAP
        self._grid(measured(drawing.grid))


def _caption(grid: Grid) -> SlideParagraph:
    """Return the title of a table, with the number of its rows on slides if not all are."""
    rows = len(grid.table.rows)
    rest = f" (the first {ON_SLIDES} of {rows:,}; {ELSEWHERE})" if rows > ON_SLIDES else ""
    return plain(grid.table.title + rest, bold=True)


def _chart_parts(chart: Chart) -> list[tuple[int, int]]:
    """Return the first and the last label of a chart on each slide."""
    many = len(chart.labels)
    if chart.kind is not ChartKind.STACKED or many <= BARS:
        return [(0, many)]
    slides = -(-many // BARS)
    each = -(-many // slides)
    return [(first, min(first + each, many)) for first in range(0, many, each)]


def _plan_parts(timeline: Timeline, room: Box) -> list[PlanLayout]:
    """Return a plan on a page in parts, each of which can be read on a slide."""
    rows = timeline.rows
    most = room.height * PLAN_WIDTH / room.width / SMALLEST
    for many in range(1, len(rows) + 1):
        each = -(-len(rows) // many)
        plans = [
            laid_out(timeline._replace(rows=rows[first : first + each]))
            for first in range(0, len(rows), each)
        ]
        if max(plan.height for plan in plans) <= most:
            break
    return plans


def _notes_of_text(block: TextBlock) -> Iterator[str]:
    """Yield the references behind the numbers of a paragraph."""
    if isinstance(block, Prose):
        for one in block.sentences:
            told = [number for number in one.numbers if number.refs]
            if told:
                yield plain(one.text).text
                yield from (f"{number}: {', '.join(number.refs or ())}" for number in told)


def _notes_of_rows(table: FittedTable, rows: Sequence[SlideRow]) -> Iterator[str]:
    """Yield the references behind the figures in rows of a table."""
    grid = table.grid
    there = {row.place for row in rows if not row.begun}
    places = [place for place in grid.lists if place[0] in there]
    if places:
        yield plain(grid.table.title).text
    for row, column in sorted(places):
        said = f"{grid.about(row, column)} ({table.texts[row][column]})"
        yield f"{said}: {', '.join(grid.lists[row, column])}"
