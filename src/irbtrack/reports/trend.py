"""How the figures went over time: at month ends, at quarter ends, or from board to board."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

from irbtrack.domain.answers import LAST, Answer, Bars, Block, Column, Kind, Stripe, Table, Tone
from irbtrack.domain.dates import say_date, say_date_briefly
from irbtrack.domain.figures.restatement import Snapshot, snapshot_counts
from irbtrack.domain.figures.selection import Selection, of_group
from irbtrack.domain.figures.series import listed_series, month_ends, quarter_ends, series
from irbtrack.domain.figures.tally import TOTALS, Bucket, Counts, Figure, tally
from irbtrack.domain.nouns.council import column_name
from irbtrack.domain.nouns.status import COUNTED, Status
from irbtrack.domain.words import natural_order
from irbtrack.register.view import View
from irbtrack.reports.explained import COLUMNS as EXPLAINED
from irbtrack.reports.explained import Counted, explanation
from irbtrack.reports.question import NAMED
from irbtrack.reports.tallies import group_name
from irbtrack.store.facts import sources_as_of
from irbtrack.store.published import current_snapshots, published_lines
from irbtrack.store.spells import listed_spells_between, spells_between

TONES = {Status.OVERDUE.value: Tone.BAD, Status.COMPLETE.value: Tone.GOOD}

SIGN = "*"
"""What marks a day whose figures were published."""

Place = tuple[str, str | None, str]
"""The year, the group and the status of a figure."""


EVERY = {"month": "month ends", "quarter": "quarter ends", "board": "snapshot is of a day"}
"""How often figures are shown, and what to say where there is no such day."""


class TrendWanted(NamedTuple):
    """What is asked: some of :data:`TALLIED`, of some years or all, in groups or not.

    ``every`` is one of :data:`EVERY`. With ``original`` actions are overdue by their original due
    dates. ``refs`` asks for the references behind each figure, and ``explain`` for the command
    that lists them.
    """

    every: str
    statuses: tuple[str, ...]
    years: tuple[str, ...] = ()
    by: str | None = None
    original: bool = False
    refs: bool = False
    explain: bool = False


class DayFigures(NamedTuple):
    """The figures of one day: as the register has them and, if any, as they were published.

    ``refs`` are the references behind each figure, if they are asked for.
    """

    day: date
    known: Mapping[Place, Figure]
    published: Mapping[Place, Figure] | None
    refs: Mapping[Place, tuple[str, ...]]

    @property
    def places(self) -> set[Place]:
        """The places of all its figures."""
        return {*self.known, *(self.published or ())}


class TrendLine(NamedTuple):
    """One figure on one day: as the register has it, and as it was published, if it was."""

    day: date
    now: Figure
    published: Figure | None
    refs: tuple[str, ...]

    @property
    def restated(self) -> bool:
        """Whether another total, or other priorities, were published."""
        then = self.published
        return then is not None and then[3:5] != self.now[3:5]


def trend_of(view: View, first: date, asked: TrendWanted) -> Answer:
    """Return the figures that are asked for, from the day ``first`` to the view's day.

    Published figures count overdue by the revised due dates, so none are beside figures by the
    original ones.
    """
    period = f"from {say_date(first)} to {say_date(view.day)}"
    priorities = view.council.priorities
    points = _points(view, first, asked.every)
    moments = _moments(view, points, asked, priorities) if points else []
    lines = _lines(moments, asked, priorities)
    names = view.names(NAMED[asked.by]) if asked.by in NAMED else {}
    data = _rows(lines, asked, priorities, names)
    if not points:
        remark = f"no {EVERY[asked.every]} {period}; an earlier --from may find one"
        return Answer(data, ("There is nothing to show.",), (remark,))
    blocks: list[Block] = []
    by_year: dict[str, dict[str, list[TrendLine]]] = {year: {} for year in asked.years}
    for line in lines:
        by_year.setdefault(line.now.year, {}).setdefault(line.now.status, []).append(line)
    for year, by_status in by_year.items():
        for chosen in by_status.values():
            blocks += _told(view, chosen, asked, priorities, names)
        if not by_status:
            blocks.append(f"{year} has no actions {period}.")
    blocks = blocks or [f"There are no actions {period}."]
    return Answer(data, (*blocks, *_legend(lines, asked.by)))


def _points(view: View, first: date, every: str) -> list[date]:
    if every == "month":
        return month_ends(first, view.day)
    if every == "quarter":
        return quarter_ends(first, view.day)
    taken = current_snapshots(view.reader, view.known_to)
    return sorted(day for day in taken if first <= day <= view.day)


def _moments(
    view: View, points: Sequence[date], asked: TrendWanted, priorities: tuple[str, ...]
) -> list[DayFigures]:
    """Return the figures of some days, at least one, from one sweep over the versions."""
    reader, ends, known_at = view.reader, (points[0], points[-1]), view.known_to
    lists: list[dict[Bucket, list[str]]] = [{} for _ in points]
    if asked.refs:
        listed = listed_spells_between(
            reader, *ends, by=asked.by, original=asked.original, known_at=known_at
        )
        lists = listed_series(listed, points)
        counts = [Counter({cell: len(refs) for cell, refs in of.items()}) for of in lists]
    else:
        spells = spells_between(
            reader, *ends, by=asked.by, original=asked.original, known_at=known_at
        )
        counts = series(spells, points)
    taken = {} if asked.original else current_snapshots(reader, known_at)
    return [
        DayFigures(
            day,
            _figures(counted, priorities, day),
            _published(view, taken[day], asked.by, priorities) if day in taken else None,
            _refs(behind),
        )
        for day, counted, behind in zip(points, counts, lists, strict=True)
    ]


def _figures(counts: Counts, priorities: tuple[str, ...], day: date) -> dict[Place, Figure]:
    found = tally(counts, priorities, day).figures
    return {(figure.year, figure.group, figure.status): figure for figure in found}


def _published(
    view: View, snapshot: Snapshot, by: str | None, priorities: tuple[str, ...]
) -> dict[Place, Figure]:
    day = snapshot.as_of
    sources = sources_as_of(view.reader, day, snapshot.entry) if by == "source" else {}
    lines = published_lines(view.reader, snapshot)
    return _figures(snapshot_counts(lines, by, sources=sources), priorities, day)


def _refs(lists: Mapping[Bucket, list[str]]) -> dict[Place, tuple[str, ...]]:
    """Return the references behind each figure, whatever their priority, in order."""
    found: dict[Place, list[str]] = {}
    for cell, refs in lists.items():
        if cell.status in COUNTED:
            for status in (cell.status.value, TOTALS):
                found.setdefault((cell.year, cell.group, status), []).extend(refs)
    return {place: tuple(sorted(refs, key=natural_order)) for place, refs in found.items()}


def _lines(
    moments: Sequence[DayFigures], asked: TrendWanted, priorities: tuple[str, ...]
) -> list[TrendLine]:
    """Return a line for each year, group, status and day, in that order.

    A year or group is there if it has actions on some day; its figures are 0 on any other.
    """
    rank = {name: n for n, name in enumerate(priorities)}
    within = {(year, group) for one in moments for year, group, _ in one.places}
    in_order = sorted(
        ((y, g) for y, g in within if not asked.years or y in asked.years),
        key=lambda at: (at[0], at[1] is None, rank.get(at[1] or "", len(rank)), at[1] or ""),
    )
    lines = []
    for (year, group), status, one in product(in_order, asked.statuses, moments):
        place = (year, group, status)
        nothing = Figure(year, group, status, 0, (0,) * len(priorities), 0)
        then = None if one.published is None else one.published.get(place, nothing)
        lines.append(
            TrendLine(one.day, one.known.get(place, nothing), then, one.refs.get(place, ()))
        )
    return lines


def _rows(
    lines: Sequence[TrendLine],
    asked: TrendWanted,
    priorities: tuple[str, ...],
    names: Mapping[str, str],
) -> Table:
    """Return one row for each line: the fields of ``summary``, and what was published.

    Groups are codes, but audits are named, as in ``summary``.
    """
    by_priority = [column_name(priority) for priority in priorities]
    columns = (
        *([Column(asked.by)] if asked.by else ()),
        Column("as_of", kind=Kind.DATE),
        *(Column("year"), Column("status")),
        *(Column(name, kind=Kind.NUMBER) for name in ("total", *by_priority, "percent")),
        Column("published", kind=Kind.NUMBER),
        *(Column(f"published_{name}", kind=Kind.NUMBER) for name in by_priority),
        Column("restated"),
        *([Column("refs")] if asked.refs else ()),
    )
    rows: list[tuple[Any, ...]] = []
    for line in lines:
        now, then = line.now, line.published
        group = names.get(now.group or "", now.group) if asked.by == "audit" else now.group
        rows.append(
            (
                *([group] if asked.by else ()),
                *(line.day, now.year, now.status),
                *(now.total, *now.by_priority, now.percent),
                *((then.total, *then.by_priority) if then else [None] * (len(priorities) + 1)),
                line.restated,
                *([line.refs] if asked.refs else ()),
            )
        )
    return Table(columns, rows)


def _told(
    view: View,
    lines: Sequence[TrendLine],
    asked: TrendWanted,
    priorities: tuple[str, ...],
    names: Mapping[str, str],
) -> Iterator[Block]:
    """Yield what people read of a year and status: its days, and the lists that are asked for."""
    one = lines[0].now
    basis = ", by original due dates" if asked.original else ""
    title = f"{one.year} {one.status}{f' by {asked.by}' if asked.by else ''}{basis}{view.known}"
    called = {group: group_name(group, names) for group in _groups(lines)}
    yield _matrix(lines, called, title, asked.by) if asked.by else _bars(lines, priorities, title)
    behind, commands = list[str](), list[Sequence[Any]]()
    for line in lines:
        at = say_date_briefly(line.day)
        at = f"{called[line.now.group]}, {at}" if asked.by else at
        if asked.refs:
            behind.append(f"{at}: {', '.join(line.refs) or 'none'}")
        if asked.explain:
            commands += _explained(view, line, asked, at).rows
    if behind:
        yield "\n".join(behind)
    if commands:
        yield Table(EXPLAINED, commands)


def _groups(lines: Iterable[TrendLine]) -> list[str | None]:
    return list(dict.fromkeys(line.now.group for line in lines))


def _bars(lines: Sequence[TrendLine], priorities: tuple[str, ...], title: str) -> Bars:
    """Return a row and a bar for each day and, below a restated one, for what was published."""
    columns = (
        Column("as_of", "As of", Kind.CODE),
        Column("total", "Total", Kind.NUMBER),
        *(Column(column_name(p), p, Kind.NUMBER, rank=1) for p in priorities),
        Column("percent", "%", Kind.NUMBER, rank=1),
    )
    rows, stripes = [], []
    for line in lines:
        mark = f" {SIGN}" if line.published else ""
        told = [(f"{say_date_briefly(line.day)}{mark}", line.now, TONES.get(line.now.status))]
        if line.restated and line.published:
            told.append(("  published", line.published, Tone.FAINT))
        for label, figure, tone in told:
            rows.append((label, figure.total, *figure.by_priority, figure.percent))
            total = str(figure.total)
            stripes.append(Stripe(label, 0, figure.total, total, tone or Tone.PLAIN))
    return Bars(title, tuple(stripes), Table(columns, rows, title))


def _matrix(
    lines: Sequence[TrendLine], called: Mapping[str | None, str], title: str, by: str | None
) -> Table:
    """Return a row for each group, with a column for each day; the newest go last.

    Where a figure has been restated, what was published stands after it in brackets.
    """
    days = list(dict.fromkeys(line.day for line in lines))
    published = {line.day for line in lines if line.published}
    columns = (
        Column("group", (by or "").capitalize()),
        *(
            Column(
                day.isoformat(),
                say_date_briefly(day) + (SIGN if day in published else ""),
                Kind.NUMBER,
                rank=len(days) - n - 1,
            )
            for n, day in enumerate(days)
        ),
    )
    cells = {
        (line.now.group, line.day): (
            f"{line.now.total} ({line.published.total})"
            if line.restated and line.published
            else line.now.total
        )
        for line in lines
    }
    sums, then = Counter[date](), Counter[date]()
    for line in lines:
        sums[line.day] += line.now.total
        then[line.day] += (line.published or line.now).total
    in_order = sorted(called, key=lambda g: (g is None, called[g])) if by != "priority" else called
    rows = [
        *((called[group], *(cells[group, day] for day in days)) for group in in_order),
        (TOTALS, *(_beside(sums[day], then[day]) for day in days)),
    ]
    return Table(columns, rows, title, totals=LAST)


def _beside(now: int, then: int) -> str | int:
    """Return a figure with what was published in brackets, if that was another."""
    return now if now == then else f"{now} ({then})"


def _legend(lines: Sequence[TrendLine], by: str | None) -> Iterator[str]:
    """Yield what the marks mean, if there are any."""
    if not any(line.published for line in lines):
        return
    said = f"{SIGN} published: there is a snapshot of that day."
    if any(line.restated for line in lines):
        where = "in brackets" if by else "below it"
        said += f" Where a figure has been restated since, what was published stands {where}."
    yield said


def _explained(view: View, line: TrendLine, asked: TrendWanted, at: str) -> Table:
    """Return the command that lists the actions behind a figure, with their number."""
    now = line.now
    wanted = Selection(
        years=frozenset([now.year]),
        statuses=frozenset() if now.status == TOTALS else frozenset([Status(now.status)]),
        original=asked.original,
    )
    figure = Counted(f"{at} {now.status}", now.total, of_group(wanted, asked.by, now.group))
    return explanation(view.on(line.day), [figure])
