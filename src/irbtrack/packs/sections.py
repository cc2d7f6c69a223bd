"""The sections of a board pack: what the board is told, in the order of the report.

Each section is a function of a :class:`Board`, which yields blocks. A section that has nothing to
tell yields none. Its figures come from the rules and reports that the commands ask, too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from irbtrack.domain.answers import LAST, Answer, Column, Kind, Table, Timeline
from irbtrack.domain.dates import last_month_end, say_date, say_date_briefly
from irbtrack.domain.figures.age_bands import BANDS
from irbtrack.domain.figures.bridge import CAUSE_WORDS, Bridge, Positions, buckets_of, say_steps
from irbtrack.domain.figures.restatement import Snapshot
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.figures.sentences import Paragraph
from irbtrack.domain.figures.series import year_before
from irbtrack.domain.figures.tally import TALLIED, TOTALS, Tally, say_overdue, say_shares, tally
from irbtrack.domain.nouns.council import column_name
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone, in_plan, upon
from irbtrack.domain.nouns.note import Note, Section, in_force
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.rating import RAG_NAMES, TREND_SIGNS, Rag
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.domain.words import natural_order
from irbtrack.errors import listed
from irbtrack.packs.document import (
    Chart,
    ChartKind,
    Commentary,
    Drawing,
    Grid,
    Heading,
    PackBlock,
    PackSection,
    Points,
    Prose,
    Refs,
    Series,
    prose,
)
from irbtrack.packs.settings import Settings
from irbtrack.register.view import View
from irbtrack.reports.action import actions_table
from irbtrack.reports.ageing import AgeingWanted, ageing_tables
from irbtrack.reports.audit import audit_plan as plan_of_audits
from irbtrack.reports.direction import comments_on, compared_with, progress_table
from irbtrack.reports.due import falling_due
from irbtrack.reports.exceptions import exceptions_since
from irbtrack.reports.movement import Ends, Moved, ends_of, moved_between, positions_in
from irbtrack.reports.narrative import paragraphs
from irbtrack.reports.plan import plan_on_a_page
from irbtrack.reports.question import Question
from irbtrack.reports.restatements import snapshot_comparison
from irbtrack.reports.tallies import group_name
from irbtrack.reports.trend import TrendWanted, trend_of
from irbtrack.store.published import current_snapshots, snapshot_before


class Board:
    """What the sections of a pack are told from.

    ``view`` is the register on the day of the figures. ``words`` is the same register on the day
    up to which commentary is told: that of the meeting, if it is known.
    """

    def __init__(self, view: View, words: View, settings: Settings) -> None:
        self.view, self.words, self.settings = view, words, settings
        self.question = Question(view)

    @cached_property
    def published(self) -> Snapshot | None:
        """The snapshot that the pack is compared with."""
        return snapshot_before(self.view.reader, self.view.day, self.view.known_at)

    @property
    def compared_on(self) -> date | None:
        """The day that the pack is compared with."""
        return self.published.as_of if self.published else None

    @cached_property
    def ends(self) -> Ends | None:
        """The two ends between which figures moved; None without an earlier pack."""
        return ends_of(self.question) if self.published else None

    @cached_property
    def moved(self) -> Moved:
        """Where each action stood at both ends, and the bridges between them."""
        if self.ends is None:
            return Moved([], {}, positions_in(self.question, self.view))
        return moved_between(self.question, self.ends, TALLIED, refs=True)

    @cached_property
    def now(self) -> Tally:
        """The figures of the day."""
        return tally(buckets_of(self.moved.closing), self.priorities, self.view.day)

    @cached_property
    def then(self) -> Tally | None:
        """The figures that they are compared with."""
        day = self.compared_on
        return tally(buckets_of(self.moved.opening), self.priorities, day) if day else None

    @cached_property
    def priorities(self) -> tuple[str, ...]:
        """The council's scale of priorities, the highest first."""
        return self.view.council.priorities

    @cached_property
    def years(self) -> list[str]:
        """The years whose audit actions are told."""
        there = {*self.now.years, *(self.then.years if self.then else ())}
        return [year for year in sorted(there) if year in (self.settings.years or there)]

    @cached_property
    def notes(self) -> list[Note]:
        """The notes that hold on the day of the words."""
        return in_force(self.words.records(Note), self.words.day)

    @cached_property
    def directions(self) -> list[Direction]:
        """The directions as they stood on the day of the figures."""
        return self.view.records(Direction)

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """The narrative of the figures."""
        return paragraphs(self.view, self.years)


def headline(board: Board) -> Iterator[PackBlock]:
    """Tell what the officers want the board to read first."""
    if texts := tuple(one.text for one in board.notes if one.section == Section.HEADLINE):
        yield Points(texts)


def directions(board: Board) -> Iterator[PackBlock]:
    """Tell how far each direction is, with its leads and its recent commentary."""
    if not board.directions:
        return
    compared = compared_with(board.view, None)
    comments = comments_on(board.words, board.directions)
    table = progress_table(board.directions, compared, comments, board.view.names(Officer))
    words = {sign: f"{sign} {trend.value}" for trend, sign in TREND_SIGNS.items()}
    overruled = {f"{sign}*": f"{word}*" for sign, word in words.items()}
    place = [column.name for column in table.columns].index("trend")
    rows = [[*r[:place], (words | overruled).get(r[place], r[place]), *r[place + 1 :]] for r in table.rows]
    yield from _told(board, "Directions")
    yield Grid(table._replace(rows=rows, title="Directions: progress"))
    if compared.since:
        yield from prose(f"The trend is {compared.since}.")
    if any(str(row[place]).endswith("*") for row in rows):
        yield from prose("* An officer's word, in place of the computed trend.")


def _told(board: Board, *headings: str) -> Iterator[PackBlock]:
    """Yield what the narrative says under a heading."""
    for one in board.paragraphs:
        if one.heading in headings:
            yield Prose(one.sentences)


def _plans(board: Board) -> list[Workstream]:
    """Return the plans that the pack tells of: those that are asked for, or all."""
    known = board.view.records_or_first(Workstream)
    tops = [one for depth, one in outline(known.values()) if depth == 0]
    return [one for one in tops if one.ref in (board.settings.plans or {one.ref})]


def plan(board: Board) -> Iterator[PackBlock]:
    """Draw each plan on a page."""
    for top in _plans(board):
        answer = plan_on_a_page(board.view, top.ref)
        for block in answer.blocks:
            if isinstance(block, Timeline) and any(marks for _, _, marks in block.rows):
                yield Heading(top.name)
                title = f"{top.name} on a page, {board.view.said}"
                yield Drawing(title, _say_timeline(top.name, block), block, Grid(block.table._replace(title=f"{top.name}: milestones")))


def _say_timeline(name: str, drawn: Timeline) -> str:
    """Say what a plan on a page shows, for those who can't see it."""
    marks = [mark for _, _, marks in drawn.rows for mark in marks]
    rags = Counter(mark.rag for mark in marks)
    rated = [f"{rags[rag]} {RAG_NAMES[rag].lower()}" for rag in Rag if rags[rag]]
    late = sum(mark.late for mark in marks)
    last = drawn.until - timedelta(days=1)
    rows = [row for _, row, found in drawn.rows if found]
    return (
        f"A timeline of {name} from {say_date(drawn.first)} to {say_date(last)}, with a line for"
        f" today, {say_date(drawn.today)}. It has {len(marks)} milestones on {len(rows)} rows:"
        f" {', '.join(rated) or 'none rated'}; {late} late. The table below lists them."
    )


def exceptions(board: Board) -> Iterator[PackBlock]:
    """Tell how the plans are rated, and what went off plan, with the commentary of that time."""
    yield from _ratings(board)
    if board.published is None:
        return
    found = exceptions_since(board.view, None)
    for block in found.blocks:
        if isinstance(block, Table):
            for plan, rows in groupby(block.rows, key=lambda row: row[0]):
                columns = block.columns[1:]
                yield Grid(Table(columns, [row[1:] for row in rows], f"{plan}: exceptions since {say_date(board.published.as_of)}"))


def _ratings(board: Board) -> Iterator[PackBlock]:
    """Yield how many milestones of each plan have which rating."""
    known = board.view.records_or_first(Workstream)
    there = in_plan(board.view.records(Milestone))
    rows, lists = [], {}
    for place, top in enumerate(_plans(board)):
        own = upon(outline(known.values(), top.ref), there)
        by_rag = {rag: [one.ref for one in own if one.rag == rag] for rag in (*Rag, None)}
        rows.append((top.name, *map(len, by_rag.values()), len(own)))
        lists |= {(place, n + 1): tuple(refs) for n, refs in enumerate(by_rag.values()) if refs}
    if not any(row[-1] for row in rows):
        return
    columns = (
        Column("plan", "Plan"),
        *(Column(rag.value, f"{rag.value} {RAG_NAMES[rag]}", Kind.NUMBER) for rag in Rag),
        Column("none", "Not rated", Kind.NUMBER),
        Column("total", "Milestones", Kind.NUMBER),
    )
    yield Grid(Table(columns, rows, f"Ratings of the plans {board.view.said}"))


def forward(board: Board) -> Iterator[PackBlock]:
    """Tell what the next month brings: in the officers' words, and what falls due."""
    ahead = [one for one in board.notes if one.section == Section.FORWARD]
    names = board.words.names(Workstream) | board.words.names(Direction)
    for about, notes in groupby(ahead, key=lambda one: one.direction or one.workstream):
        if about:
            yield Heading(names.get(about, about))
        yield Points(tuple(one.text for one in notes))
    until = last_month_end(last_month_end(board.view.day + timedelta(days=1)) + timedelta(days=40))
    answer = falling_due(board.view, until)
    for block in answer.blocks:
        if isinstance(block, Table) and block.title:
            yield Heading("Falling due")
            yield Grid(block)


def narrative(board: Board) -> Iterator[PackBlock]:
    """Tell in words how the actions of each year stand, and why that changed."""
    for one in board.paragraphs:
        if one.heading.startswith("Internal audit actions of "):
            yield Heading(one.heading.removeprefix("Internal audit actions of ") + " internal audits")
            yield Prose(one.sentences)


def audit_plan(board: Board) -> Iterator[PackBlock]:
    """Tell how far the audit plan of each year is, with its findings by quarter."""
    for year in board.years:
        answer = plan_of_audits(board.view, year)
        for block in answer.blocks:
            if isinstance(block, Table) and block.rows and _is_reported(block):
                yield Heading(f"The audit plan of {year}")
                yield from _told(board, f"The audit plan of {year}")
                yield Grid(block._replace(title=f"The audit plan of {year} {board.view.said}"))


def _is_reported(table: Table) -> bool:
    return True


def tallies(board: Board) -> Iterator[PackBlock]:
    """Tell how many actions of each year stand where, beside the figures before, and why."""
    for year in board.years:
        yield Heading(f"Actions of {year}")
        yield _tally_grid(board.now, board.moved.closing, year, f"{year} as of {say_date(board.view.day)}")
        if board.then is None or board.published is None:
            yield from prose(say_shares(board.now.group(year)))
            continue
        before = say_date(board.published.as_of)
        yield _tally_grid(board.then, board.moved.opening, year, f"{year} as published for {before}")
        told = say_overdue(
            board.now.figure(year, Status.OVERDUE),
            board.then.figure(year, Status.OVERDUE),
            board.published.as_of,
            board.priorities,
        )
        bridges = [one for one in board.moved.bridges if one.year == year]
        yield from prose(f"{say_shares(board.now.group(year))} {told}")
        for one in bridges:
            if one.status == Status.OVERDUE and (one.opening.total or one.closing.total or one.causes):
                yield _bridge_chart(board, one)


def _tally_grid(told: Tally, positions: Positions, year: str, title: str) -> Grid:
    """Return the report's table of a year, each figure with the references behind it."""
    columns = (
        Column("status", TOTALS, Kind.CODE),
        Column("total", "Total", Kind.NUMBER),
        *(Column(column_name(p), p, Kind.NUMBER) for p in told.priorities),
    )
    figures = told.group(year)
    behind = _behind(positions)
    lists = {
        (row, column): refs
        for row, figure in enumerate(figures)
        for column, priority in enumerate((None, *told.priorities), 1)
        if (refs := behind.get((year, figure.status, priority)))
    }
    rows = [(figure.status, figure.total, *figure.by_priority) for figure in figures]
    return Grid(Table(columns, rows, title, LAST), lists)


def _behind(positions: Positions) -> dict[tuple[str, str, str | None], Refs]:
    """Return the references behind each figure, by year, status and priority, None for all."""
    found: dict[tuple[str, str, str | None], list[str]] = {}
    for ref in sorted(positions, key=natural_order):
        at = positions[ref]
        if at.status is not Status.CLOSED:
            for status in (at.status.value, TOTALS):
                for priority in (None, at.priority):
                    found.setdefault((at.year, status, priority), []).append(ref)
    return {place: tuple(refs) for place, refs in found.items()}


def _bridge_chart(board: Board, one: Bridge) -> Chart:
    """Return how overdue got from one figure to the other, as a chart and a table."""
    columns = (
        Column("line", one.status),
        Column("total", "Total", Kind.NUMBER),
        *(Column(column_name(p), p, Kind.NUMBER) for p in board.priorities),
    )
    ends = (one.opening, one.closing)
    rows, lists = [], {}
    for place, line in enumerate(one.lines):
        numbers = (line.total, *line.by_priority)
        told = numbers if line in ends else tuple(f"{n:+}" if n else "=" for n in numbers)
        rows.append((CAUSE_WORDS[line.cause], *told))
        if line.refs:
            lists[place, 1] = line.refs
    says = say_steps(one)
    first, last = (say_date(view.day) for view in (board.ends.opening, board.ends.closing))
    title = f"{one.year} overdue, from {first} to {last}"
    table = Table(columns, rows, title, frozenset({0, len(rows) - 1}))
    steps = Series(one.status, tuple(line.total for line in one.lines))
    return Chart(
        ChartKind.BRIDGE,
        title,
        f"A bridge from {one.opening.total} overdue actions of {one.year} on {first} to"
        f" {one.closing.total} on {last}. {says}",
        tuple(CAUSE_WORDS[line.cause] for line in one.lines),
        (steps,),
        Grid(table, lists),
    )


def directorates(board: Board) -> Iterator[PackBlock]:
    """Show which directorates' actions are overdue, by priority, for each year."""
    question = Question(board.view, "directorate")
    positions = positions_in(question, board.view)
    names = question.names
    for year in board.years:
        found: dict[str | None, dict[str, list[str]]] = {}
        for ref in sorted(positions, key=natural_order):
            at = positions[ref]
            if at.year == year and at.status is Status.OVERDUE:
                found.setdefault(at.group, {}).setdefault(at.priority, []).append(ref)
        if found:
            yield Heading(f"{year}: overdue by directorate")
            yield _directorate_chart(board, year, {group_name(g, names): of for g, of in found.items()})
        else:
            yield Heading(f"{year}: overdue by directorate")
            yield from prose(f"No action of {year} is overdue.")


def _directorate_chart(
    board: Board, year: str, found: Mapping[str, Mapping[str, list[str]]]
) -> Chart:
    sizes = {name: sum(map(len, of.values())) for name, of in found.items()}
    order = sorted(found, key=lambda name: (-sizes[name], name))
    title = f"{year}: overdue actions by directorate {board.view.said}"
    columns = (
        Column("directorate", "Directorate"),
        Column("total", "Overdue", Kind.NUMBER),
        *(Column(column_name(p), p, Kind.NUMBER) for p in board.priorities),
    )
    rows: list[tuple[Any, ...]] = []
    lists: dict[tuple[int, int], Refs] = {}
    whole: dict[str, list[str]] = {p: [] for p in board.priorities}
    for place, name in enumerate(order):
        of = found[name]
        rows.append((name, sizes[name], *(len(of.get(p, ())) for p in board.priorities)))
        lists[place, 1] = tuple(sorted((r for refs in of.values() for r in refs), key=natural_order))
        for column, priority in enumerate(board.priorities, 2):
            if refs := of.get(priority):
                lists[place, column] = tuple(refs)
                whole[priority] += refs
    rows.append((TOTALS, sum(sizes.values()), *map(len, whole.values())))
    every = [ref for refs in whole.values() for ref in refs]
    for column, refs in enumerate((every, *whole.values()), 1):
        if refs:
            lists[len(order), column] = tuple(sorted(refs, key=natural_order))
    most = "; ".join(f"{name} {sizes[name]}" for name in order[:5])
    more = f"; and {len(order) - 5} more" if len(order) > 5 else ""
    return Chart(
        ChartKind.STACKED,
        title,
        f"Bars of the overdue actions of {year} by directorate, parted by priority:"
        f" {sum(sizes.values())} in all. {most}{more}.",
        tuple(order),
        tuple(Series(p, tuple(len(found[n].get(p, ())) for n in order)) for p in board.priorities),
        Grid(Table(columns, rows, title, LAST), lists),
    )


def over_time(board: Board) -> Iterator[PackBlock]:
    """Show how the complete and the overdue actions of each year went, month by month."""
    first = year_before(board.view.day)
    statuses = (Status.OVERDUE.value, Status.COMPLETE.value)
    for year in board.years:
        asked = TrendWanted("month", statuses, (year,), refs=True)
        data = trend_of(board.view, first, asked).data
        place = {column.name: n for n, column in enumerate(data.columns)}
        told: dict[date, dict[str, tuple[int, Refs]]] = {}
        for row in data.rows:
            told.setdefault(row[place["as_of"]], {})[row[place["status"]]] = (
                row[place["total"]],
                tuple(row[place["refs"]]),
            )
        if len(told) > 1:
            yield Heading(f"{year}: complete and overdue over time")
            yield _trend_chart(year, told, statuses)


def _trend_chart(
    year: str, told: Mapping[date, Mapping[str, tuple[int, Refs]]], statuses: tuple[str, ...]
) -> Chart:
    columns = (
        Column("as_of", "As of", Kind.DATE),
        *(Column(status.lower(), status, Kind.NUMBER) for status in statuses),
    )
    rows = [(day, *(told[day][status][0] for status in statuses)) for day in told]
    lists = {
        (row, column): refs
        for row, day in enumerate(told)
        for column, status in enumerate(statuses, 1)
        if (refs := told[day][status][1])
    }
    days = list(told)
    went = listed(
        (f"{status.lower()} from {told[days[0]][status][0]} to {told[days[-1]][status][0]}" for status in statuses),
        "and",
    )
    title = f"{year}: actions complete and overdue, at month ends"
    return Chart(
        ChartKind.LINES,
        title,
        f"Lines of the complete and the overdue actions of {year} from {say_date(days[0])} to"
        f" {say_date(days[-1])}: {went}.",
        tuple(map(say_date_briefly, days)),
        tuple(Series(s, tuple(told[day][s][0] for day in days)) for s in statuses),
        Grid(Table(columns, rows, title), lists),
    )


def progress(board: Board) -> Iterator[PackBlock]:
    """Tell of each direction what was done, and what comes next."""
    for one in board.directions:
        own = [note for note in board.notes if note.direction == one.ref]
        done = tuple(note.text for note in own if note.section == Section.PROGRESS)
        steps = tuple(note.text for note in own if note.section == Section.NEXT_STEP)
        if done or steps:
            yield Heading(f"{one.ref} {one.title}")
        if done:
            yield Points(done, numbered=True)
        if steps:
            yield from prose("Next steps:")
            yield Points(steps, numbered=True)


def themes(board: Board) -> Iterator[PackBlock]:
    """Tell of each theme what was done lately."""
    found = [one for one in board.notes if one.section == Section.THEME]
    for theme, notes in groupby(found, key=lambda one: one.theme):
        yield Heading(theme or "")
        yield Points(tuple(one.text for one in notes))


DEFINITIONS = (
    ("Closed", "Withdrawn, superseded, risk accepted or no longer applicable. It isn't counted."),
    ("Complete", "Management has reported it as done."),
    ("Verified", "Audit has confirmed that it is done."),
    ("Not Allocated", "It lacks an owner or a due date."),
    ("Overdue", "Its due date has passed. On the due date itself it isn't overdue yet."),
    ("Not Due", "It is none of these."),
)
"""What each status means (DESIGN section 3)."""


def annex(board: Board) -> Iterator[PackBlock]:
    """Tell what the words mean, what was restated, how old what is overdue is, and list it."""
    yield Heading("Definitions")
    columns = (Column("status", "Status"), Column("meaning", "Meaning"))
    yield Grid(Table(columns, DEFINITIONS, "What the words mean"))
    yield from _basis(board)
    yield from _restated(board)
    yield from _ageing(board)
    yield from _actions(board)


def _basis(board: Board) -> Iterator[PackBlock]:
    yield Heading("Basis")
    yield from prose(
        f"The figures are those of {say_date(board.view.day)}. Percentages are of the year's"
        " total, rounded half up. Overdue is counted by the due dates as they were last revised.",
    )


def _restated(board: Board) -> Iterator[PackBlock]:
    if board.published is None:
        return
    yield Heading("Restatements")
    for block in snapshot_comparison(board.view, board.published).blocks:
        if isinstance(block, Table):
            yield Grid(block._replace(title="What is now known otherwise"))
        elif isinstance(block, str):
            yield from prose(block)


def _ageing(board: Board) -> Iterator[PackBlock]:
    answer = ageing_tables(board.view, AgeingWanted(Selection(years=frozenset(board.years)), BANDS))
    found = [block for block in answer.blocks if isinstance(block, Table)]
    if found:
        yield Heading("How long actions have been overdue")
    for block in found:
        yield Grid(block)


def _actions(board: Board) -> Iterator[PackBlock]:
    found = board.view.selected(board.settings.actions)
    if found:
        yield Heading("Actions")
        yield Grid(actions_table(board.view, found).shown()._replace(title=f"Actions {board.view.said}"))


SECTIONS: Mapping[str, tuple[str, Callable[[Board], Iterator[PackBlock]]]] = {
    "headline": ("Headline commentary", headline),
    "directions": ("Directions progress summary", directions),
    "plan": ("The plan on a page", plan),
    "exceptions": ("Reporting by exception", exceptions),
    "forward": ("The month ahead", forward),
    "narrative": ("Internal audit actions", narrative),
    "audit-plan": ("The internal audit plan", audit_plan),
    "tallies": ("Internal audit actions by status", tallies),
    "directorates": ("Internal audit actions by directorate", directorates),
    "over-time": ("Internal audit actions over time", over_time),
    "progress": ("Progress and next steps", progress),
    "themes": ("Themes", themes),
    "annex": ("Annex", annex),
}
"""Every section after the cover, by its name in ``pack.toml``, with its title."""


def told_sections(board: Board) -> Iterator[PackSection]:
    """Yield the sections that are asked for, or all of them, without those that tell nothing."""
    asked = board.settings.sections or [(name, title) for name, (title, _) in SECTIONS.items()]
    for name, title in asked:
        if blocks := tuple(SECTIONS[name][1](board)):
            yield PackSection(name, title, blocks)
