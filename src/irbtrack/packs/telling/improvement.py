"""The sections of a pack on directions and plans: what was promised, and how far it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from irbtrack.domain.answers import Column, Kind, Table, Timeline
from irbtrack.domain.dates import read_period_end, say_date
from irbtrack.domain.figures.exceptional import DIRECTIONS
from irbtrack.domain.figures.forward import Due
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone, in_plan, upon
from irbtrack.domain.nouns.note import Note, Section
from irbtrack.domain.nouns.rating import RAG_NAMES, TREND_SIGNS, Rag
from irbtrack.domain.nouns.workstream import Workstream, outline
from irbtrack.domain.words import counted
from irbtrack.packs.document import Drawing, Grid, Heading, PackBlock, Points, prose
from irbtrack.packs.telling.board import Board
from irbtrack.reports.direction import comments_on, compared_with, progress_table
from irbtrack.reports.due import COLUMNS as DUE_COLUMNS
from irbtrack.reports.due import due_in
from irbtrack.reports.exceptions import exceptions_since
from irbtrack.reports.plan import plan_on_a_page

AHEAD = "1m"
"""How far the forward look goes."""


def headline(board: Board) -> Iterator[PackBlock]:
    """Tell what the officers want the board to read first."""
    if notes := board.notes(Section.HEADLINE):
        yield _points(notes)


def _points(notes: Sequence[Note], *, numbered: bool = False) -> Points:
    return Points(tuple(note.text for note in notes), numbered)


def directions(board: Board) -> Iterator[PackBlock]:
    """Tell how far each direction is, with its leads and its recent commentary."""
    if not board.directions:
        return
    compared = compared_with(board.view, None)
    comments = comments_on(board.words, board.directions)
    table = progress_table(board.directions, compared, comments, board.posts)
    place = [column.name for column in table.columns].index("trend")
    rows = [[*row[:place], _say_trend(row[place]), *row[place + 1 :]] for row in table.rows]
    yield from board.narrative("Directions")
    title = f"Progress of the directions {board.view.said}"
    yield Grid(table._replace(rows=rows, title=title))
    if compared.since:
        yield from prose(f"The trend is {compared.since}.")
    if any(str(row[place]).endswith("*") for row in rows):
        yield from prose("* An officer's word, in place of the computed trend.")


def _say_trend(sign: str | None) -> str | None:
    """Return a trend as its sign and its word, so that nobody has to know the sign.

    >>> _say_trend("▲*")
    '▲ up*'
    """
    for trend, known in TREND_SIGNS.items():
        if sign and sign.startswith(known):
            return f"{known} {trend.value}{sign.removeprefix(known)}"
    return sign


def plan(board: Board) -> Iterator[PackBlock]:
    """Draw each plan on a page."""
    for top in board.plans:
        for block in plan_on_a_page(board.view, top.ref).blocks:
            if isinstance(block, Timeline) and any(marks for _, _, marks in block.rows):
                yield Heading(top.name)
                yield Drawing(
                    f"{top.name} {board.view.said}",
                    _say_timeline(top.name, block),
                    block,
                    Grid(block.table._replace(title=f"{top.name}: milestones")),
                )


def _say_timeline(name: str, drawn: Timeline) -> str:
    """Say what a plan on a page shows, for those who can't see it."""
    marks = [mark for _, _, found in drawn.rows for mark in found]
    rags = Counter(mark.rag for mark in marks)
    rated = [f"{rags[rag]} {RAG_NAMES[rag].lower()}" for rag in Rag if rags[rag]]
    late = sum(mark.late for mark in marks)
    rows = sum(bool(found) for _, _, found in drawn.rows)
    last = drawn.until - timedelta(days=1)
    return (
        f"A timeline of {name} from {say_date(drawn.first)} to {say_date(last)}, with a line for"
        f" {say_date(drawn.today)}. Milestones: {len(marks)} on {counted(rows, 'row')},"
        f" {', '.join(rated) or 'none rated'}, {late or 'none'} late. The table lists them."
    )


def exceptions(board: Board) -> Iterator[PackBlock]:
    """Tell how the plans are rated, and what went off plan, with the commentary of that time."""
    yield from _ratings(board)
    if board.published is None:
        return
    since = say_date(board.published.as_of)
    told_of = {DIRECTIONS, *(plan.name for plan in board.plans)}
    for block in exceptions_since(board.view, None).blocks:
        if isinstance(block, Table):
            for name, rows in groupby(block.rows, key=lambda row: row[0]):
                if name in told_of:
                    told = [row[1:] for row in rows]
                    yield Grid(Table(block.columns[1:], told, f"{name}: exceptions since {since}"))


def _ratings(board: Board) -> Iterator[PackBlock]:
    """Yield how many milestones of each plan have which rating."""
    known = board.view.records_or_first(Workstream)
    there = in_plan(board.view.records(Milestone))
    rows = []
    for top in board.plans:
        rags = Counter(one.rag for one in upon(outline(known.values(), top.ref), there))
        if rags:
            rows.append((top.name, *(rags[rag] for rag in (*Rag, None)), rags.total()))
    columns = (
        Column("plan", "Plan"),
        *(Column(rag.value, f"{rag.value} {RAG_NAMES[rag]}", Kind.NUMBER) for rag in Rag),
        Column("unrated", "Not rated", Kind.NUMBER),
        Column("milestones", "Milestones", Kind.NUMBER),
    )
    if rows:
        yield Grid(Table(columns, rows, f"Milestones by rating {board.view.said}"))


def forward(board: Board) -> Iterator[PackBlock]:
    """Tell what the next month brings: in the officers' words, and what falls due."""
    names = board.words.names(Workstream) | board.words.names(Direction)
    ahead = board.notes(Section.FORWARD)
    for about, notes in groupby(ahead, key=lambda one: one.direction or one.workstream):
        if about:
            yield Heading(names.get(about, about))
        yield _points(list(notes))
    until = read_period_end(AHEAD, board.view.day)
    if found := due_in(board.view, until):
        yield Heading("Falling due")
        title = f"Due from {say_date(board.view.day)} to {say_date(until)}"
        columns = tuple(column for column in DUE_COLUMNS if column.label)
        yield Grid(Table(columns, [_due_row(board, one) for one in found], title))


def _due_row(board: Board, one: Due) -> tuple[object, ...]:
    """Return what is due as a board reads it: posts by their titles, a rating by its name."""
    posts = " / ".join(board.posts.get(code, code) for code in one.posts)
    state = RAG_NAMES[Rag(one.state)] if one.state in RAG_NAMES else one.state
    return (one.due_on, one.noun.capitalize(), one.ref, one.title, posts, state)


def progress(board: Board) -> Iterator[PackBlock]:
    """Tell of each direction what was done, and what comes next."""
    for one in board.directions:
        done = board.notes(Section.PROGRESS, one.ref)
        steps = board.notes(Section.NEXT_STEP, one.ref)
        if done or steps:
            yield Heading(f"{one.ref} {one.title}")
        if done:
            yield _points(done, numbered=True)
        if steps:
            yield from prose("Next steps:")
            yield _points(steps, numbered=True)


def themes(board: Board) -> Iterator[PackBlock]:
    """Tell of each theme what was done lately."""
    for theme, notes in groupby(board.notes(Section.THEME), key=lambda one: one.theme):
        yield Heading(theme or "")
        yield _points(list(notes))
