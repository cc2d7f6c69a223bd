"""The sections of a pack on internal audit: its plan, and what became of its actions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import dropwhile
from typing import Any

from irbtrack.domain.answers import LAST, Column, Kind, Table
from irbtrack.domain.dates import say_date, say_date_briefly
from irbtrack.domain.figures.bridge import CAUSE_WORDS, Bridge, say_steps
from irbtrack.domain.figures.plan_on_a_page import month_from
from irbtrack.domain.figures.tally import TOTALS, Tally, say_overdue, say_shares
from irbtrack.domain.nouns.council import column_name
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.words import natural_order
from irbtrack.errors import listed
from irbtrack.packs.document import (
    Chart,
    ChartKind,
    Grid,
    Heading,
    PackBlock,
    Refs,
    Series,
    Signed,
    prose,
)
from irbtrack.packs.telling.board import Board, Listed
from irbtrack.reports.audit import audit_plan as plan_of_year
from irbtrack.reports.movement import Ends, positions_in
from irbtrack.reports.question import Question
from irbtrack.reports.tallies import group_name
from irbtrack.reports.trend import TrendWanted, trend_of

OVER_TIME = (Status.OVERDUE.value, Status.COMPLETE.value)
"""The figures that are shown over time."""

MOST_NAMED = 5
"""How many directorates a chart's description names, the largest first."""

Lists = dict[tuple[int, int], Refs]

OfDirectorates = dict[tuple[str | None, str | None], list[str]]
"""References by directorate and priority; None stands for all directorates, or all priorities."""


def narrative(board: Board) -> Iterator[PackBlock]:
    """Tell in words how the actions of each year stand, and why that changed."""
    for year in board.years:
        yield Heading(f"{year} internal audits")
        yield from board.narrative(f"Internal audit actions of {year}")


def audit_plan(board: Board) -> Iterator[PackBlock]:
    """Tell how far the audit plan of each year is, with its findings by quarter."""
    for year in board.years:
        for block in plan_of_year(board.view, year).blocks:
            if isinstance(block, Table):
                yield Heading(f"The audit plan of {year}")
                yield from board.narrative(f"The audit plan of {year}")
                kept = block.having([c for c in block.columns if c.name not in ("ref", "year")])
                yield Grid(kept._replace(title=f"Audits and findings of {year} {board.view.said}"))


def tallies(board: Board) -> Iterator[PackBlock]:
    """Tell how many actions of each year stand where, beside the figures before, and why."""
    for year in board.years:
        yield Heading(f"Actions of {year}")
        now = f"{year} as of {say_date(board.view.day)}"
        yield _tally_grid(board.now, board.listed_now, year, now)
        if board.then is None or board.ends is None:
            yield from prose(say_shares(board.now.group(year)))
            continue
        before = f"{year} as published for {say_date(board.then.as_of)}"
        yield _tally_grid(board.then, board.listed_then, year, before)
        yield from prose(say_shares(board.now.group(year)), _say_moves(board.now, board.then, year))
        for one in board.moved.bridges:
            moved = one.causes or one.opening.total or one.closing.total
            if one.year == year and one.status == Status.OVERDUE and moved:
                yield _bridge_chart(one, board.ends, board.priorities)


def _say_moves(now: Tally, then: Tally, year: str) -> str:
    """Say how overdue, and what is not allocated, went since the day that is compared with."""
    after, before = (one.figure(year, Status.OVERDUE) for one in (now, then))
    said = [say_overdue(after, before, then.as_of, now.priorities)]
    left, had = (one.figure(year, Status.NOT_ALLOCATED).total for one in (now, then))
    if left != had:
        way = "rose" if left > had else "fell"
        said.append(f"Not allocated {way} from {had} to {left}.")
    return " ".join(said)


def _tally_grid(told: Tally, behind: Listed, year: str, title: str) -> Grid:
    """Return the report's table of a year, each figure with the references behind it."""
    figures = told.group(year)
    columns = (Column("status", TOTALS, Kind.CODE), *_number_columns("Total", told.priorities))
    rows = [(figure.status, figure.total, *figure.by_priority) for figure in figures]
    lists = {
        (row, column): refs
        for row, figure in enumerate(figures)
        for column, priority in enumerate((None, *told.priorities), 1)
        if (refs := behind.get((year, figure.status, priority)))
    }
    return Grid(Table(columns, rows, title, LAST), lists)


def _number_columns(total: str, priorities: Sequence[str]) -> tuple[Column, ...]:
    """Return the column of a total, and those of the priorities in it."""
    return (
        Column("total", total, Kind.NUMBER),
        *(Column(column_name(one), one, Kind.NUMBER) for one in priorities),
    )


def _bridge_chart(one: Bridge, ends: Ends, priorities: Sequence[str]) -> Chart:
    """Return how overdue got from one figure to the other."""
    at_an_end = (one.opening, one.closing)
    first, last = say_date(ends.opening.day), say_date(ends.closing.day)
    title = f"{one.year} overdue: from {first} to {last}"
    columns = (Column("line", one.status), *_number_columns("Total", priorities))
    rows: list[tuple[Any, ...]] = []
    lists: Lists = {}
    for place, line in enumerate(one.lines):
        kind = int if line in at_an_end else Signed
        rows.append((CAUSE_WORDS[line.cause], *map(kind, (line.total, *line.by_priority))))
        if line.refs:
            lists[place, 1] = line.refs
    return Chart(
        ChartKind.BRIDGE,
        title,
        f"A bridge from {one.opening.total} overdue actions of {one.year} on {first} to"
        f" {one.closing.total} on {last}. {say_steps(one)}".rstrip(),
        tuple(row[0] for row in rows),
        (Series(one.status, tuple(line.total for line in one.lines)),),
        Grid(Table(columns, rows, title, frozenset({0, len(rows) - 1})), lists),
    )


def directorates(board: Board) -> Iterator[PackBlock]:
    """Show which directorates' actions are overdue, by priority, for each year."""
    question = Question(board.view, "directorate")
    overdue: dict[str, OfDirectorates] = {year: {} for year in board.years}
    positions = positions_in(question, board.view)
    for ref in sorted(positions, key=natural_order):
        at = positions[ref]
        if at.year in overdue and at.status is Status.OVERDUE:
            for directorate in (at.group, None):
                for priority in (None, at.priority):
                    overdue[at.year].setdefault((directorate, priority), []).append(ref)
    for year, found in overdue.items():
        yield Heading(f"Overdue actions of {year} by directorate")
        if found:
            yield _directorate_chart(board, year, found, question.names)
        else:
            yield from prose(f"No action of {year} is overdue.")


def _directorate_chart(
    board: Board, year: str, found: OfDirectorates, names: Mapping[str, str]
) -> Chart:
    """Return the overdue actions of each directorate by priority; the most come first."""
    sizes = {code: len(refs) for (code, priority), refs in found.items() if code and not priority}
    called = _told_apart(sizes, names)
    in_order = sorted(sizes, key=lambda code: (-sizes[code], natural_order(called[code])))
    of_each = (None, *board.priorities)
    lists = {
        (row, column): tuple(refs)
        for row, code in enumerate([*in_order, None])
        for column, priority in enumerate(of_each, 1)
        if (refs := found.get((code, priority)))
    }
    counts = [
        [len(found.get((code, priority), ())) for priority in of_each] for code in [*in_order, None]
    ]
    labels = [called[code] for code in in_order]
    rows = [(label, *row) for label, row in zip([*labels, TOTALS], counts, strict=True)]
    title = f"Overdue actions of {year} by directorate {board.view.said}"
    columns = (Column("directorate", "Directorate"), *_number_columns("Overdue", board.priorities))
    return Chart(
        ChartKind.STACKED,
        title,
        _say_directorates(year, [(called[code], sizes[code]) for code in in_order]),
        tuple(labels),
        tuple(
            Series(priority, tuple(row[column] for row in counts[:-1]))
            for column, priority in enumerate(board.priorities, 1)
        ),
        Grid(Table(columns, rows, title, LAST), lists),
    )


def _told_apart(codes: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return what each directorate is called, with its code if another is called the same."""
    called = {code: group_name(code, names) for code in codes}
    often = Counter([*called.values(), TOTALS])
    return {code: f"{name} ({code})" if often[name] > 1 else name for code, name in called.items()}


def _say_directorates(year: str, sizes: Sequence[tuple[str, int]]) -> str:
    """Say what a chart of directorates shows, for those who can't see it."""
    told = [f"{name} {size}" for name, size in sizes[:MOST_NAMED]]
    if others := sizes[MOST_NAMED:]:
        told.append(f"{len(others)} others {sum(size for _, size in others)}")
    return (
        f"Bars of the {sum(size for _, size in sizes)} overdue actions of {year} by directorate,"
        f" parted by priority. {listed(told, 'and')}."
    )


def over_time(board: Board) -> Iterator[PackBlock]:
    """Show how the complete and the overdue actions of each year went, month by month."""
    if not board.years:
        return
    first = month_from(board.view.day, 1 - board.settings.months)
    asked = TrendWanted("month", OVER_TIME, tuple(board.years), refs=True)
    data = trend_of(board.view, first, asked).data
    names = [column.name for column in data.columns]
    told: dict[str, dict[date, dict[str, tuple[int, Refs]]]] = {}
    for row in data.rows:
        cells = dict(zip(names, row, strict=True))
        of_day = told.setdefault(cells["year"], {}).setdefault(cells["as_of"], {})
        of_day[cells["status"]] = (cells["total"], cells["refs"])
    for year, days in told.items():
        begun = dict(dropwhile(_is_nothing, days.items()))
        if len(begun) > 1:
            yield Heading(f"Actions of {year} over time")
            yield _trend_chart(year, begun)


def _is_nothing(told: tuple[date, Mapping[str, tuple[int, Refs]]]) -> bool:
    """Return whether the figures of a day are all 0, as before a year's first audits."""
    return not any(total for total, _ in told[1].values())


def _trend_chart(year: str, told: Mapping[date, Mapping[str, tuple[int, Refs]]]) -> Chart:
    """Return the figures of a year at each month end."""
    days = list(told)
    series = [Series(s, tuple(told[day][s][0] for day in days)) for s in OVER_TIME]
    columns = (
        Column("as_of", "As of", Kind.DATE),
        *(Column(column_name(one.name), one.name, Kind.NUMBER) for one in series),
    )
    lists = {
        (row, column): refs
        for row, day in enumerate(days)
        for column, status in enumerate(OVER_TIME, 1)
        if (refs := told[day][status][1])
    }
    title = f"Actions of {year} complete and overdue at month ends"
    went = [f"{one.name.lower()} went from {one.values[0]} to {one.values[-1]}" for one in series]
    return Chart(
        ChartKind.LINES,
        title,
        f"Lines from {say_date(days[0])} to {say_date(days[-1])}: of the actions of {year},"
        f" {listed(went, 'and')}.",
        tuple(map(say_date_briefly, days)),
        tuple(series),
        Grid(
            Table(columns, list(zip(days, *(s.values for s in series), strict=True)), title), lists
        ),
    )
