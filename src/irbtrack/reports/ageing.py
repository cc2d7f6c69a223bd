"""How long actions have been overdue, in bands, and which have been longest."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from irbtrack.domain.answers import LAST, Answer, Block, Column, Kind, Table
from irbtrack.domain.figures.age_bands import Aged, AgeFigure, Band, ageing, days_of_the_longest
from irbtrack.domain.figures.selection import Selection, of_group
from irbtrack.domain.figures.tally import TOTALS
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.council import column_name
from irbtrack.domain.nouns.status import days_overdue
from irbtrack.domain.words import natural_order
from irbtrack.errors import listed
from irbtrack.register.view import View
from irbtrack.reports.explained import Counted, explanation
from irbtrack.reports.question import NAMED
from irbtrack.reports.tallies import group_name
from irbtrack.store.ages import ages_as_of
from irbtrack.store.facts import sources_as_of


class AgeingWanted(NamedTuple):
    """What is asked of the overdue actions of a view.

    ``wanted`` selects them. ``by`` is one of ``GROUPS`` of selections, or None.
    ``top`` is how many of the longest overdue are listed.
    """

    wanted: Selection
    bands: Sequence[Band]
    by: str | None = None
    each_year: bool = False
    top: int = 10
    refs: bool = False
    explain: bool = False

    @property
    def days(self) -> Band:
        """The days overdue that are asked for."""
        return Band(max(self.wanted.overdue_by or 1, 1), self.wanted.overdue_to)

    @property
    def years(self) -> str:
        """Which years are meant, in words."""
        return listed(sorted(self.wanted.years), "and") if self.wanted.years else "All years"

    @property
    def basis(self) -> str:
        """Which actions are meant, and by which dates, in words after the day."""
        least, most = self.days
        said = ", by original due dates" if self.wanted.original else ""
        if most is not None:
            said += f", {least} to {most} days only"
        elif least > 1:
            said += f", {least} days or more only"
        of = sorted(one for one in self.wanted.sources if one)
        return said + (f", {listed(of, 'and')} only" if of else "")


class AgeLine(NamedTuple):
    """A figure of a year's group, and the selection that lists it.

    ``year`` is None for all years together, and ``whole`` says that it is of all groups.
    """

    year: str | None
    group: str | None
    whole: bool
    figure: AgeFigure
    wanted: Selection


Called = Mapping[str | None, str]
"""What groups are called, or of which year they are, by their codes or references."""


def ageing_tables(view: View, asked: AgeingWanted) -> Answer:
    """Return how many overdue actions are in each band, and which have been overdue longest.

    Programs get a row for each band of each group and one for all its bands, and then the same
    of all groups. With ``each_year`` they get these for each year, and then those of all years.
    """
    counts = _counted(view, asked)
    lines = list(_lines(view, asked, counts))
    behind = _behind(view, asked, lines) if asked.refs else []
    audit_years: Called = {
        one.group: one.year for one in counts if one.group and asked.by == "audit"
    }
    data = _data(view, asked, lines, behind, audit_years)
    if not counts:
        of = f" of {asked.years}" if asked.wanted.years else ""
        return Answer(data, (f"Nothing{of} is overdue {view.said}{asked.basis}.",))
    called = _called(view, asked, counts, audit_years)
    years = list(dict.fromkeys(line.year for line in lines))
    several = [year for year in years if year or len(years) != 2]  # one year is all years
    blocks: list[Block] = [
        _table(view, asked, [line for line in lines if line.year == year], called)
        for year in several
    ]
    if asked.top:
        blocks.append(_longest(view, asked, counts))
    said = [_said(line, called) for line in lines]
    if asked.refs:
        rows = [
            (what, len(refs), ", ".join(refs))
            for what, refs in zip(said, behind, strict=True)
            if refs
        ]
        columns = (Column("what", "What"), Column("count", "Count", Kind.NUMBER))
        blocks.append(Table((*columns, Column("refs", "References")), rows))
    if asked.explain:
        pairs = zip(said, lines, strict=True)
        blocks.append(
            explanation(view, [Counted(what, one.figure.total, one.wanted) for what, one in pairs])
        )
    return Answer(data, tuple(blocks))


def _counted(view: View, asked: AgeingWanted) -> Counter[Aged]:
    wanted = asked.wanted
    counts = ages_as_of(
        view.reader,
        view.day,
        by=asked.by,
        original=wanted.original,
        known_at=view.known_to,
        of_sources=wanted.sources,
    )
    return Counter(
        {
            aged: n
            for aged, n in counts.items()
            if asked.days.holds(aged.days) and (not wanted.years or aged.year in wanted.years)
        }
    )


def _lines(view: View, asked: AgeingWanted, counts: Counter[Aged]) -> Iterator[AgeLine]:
    for year in sorted({one.year for one in counts}) if asked.each_year else ():
        own = Counter({one: n for one, n in counts.items() if one.year == year})
        yield from _lines_of(view, asked, year, own, grouped=True)
    yield from _lines_of(view, asked, None, counts, grouped=not asked.each_year)


def _lines_of(
    view: View, asked: AgeingWanted, year: str | None, counts: Counter[Aged], *, grouped: bool
) -> Iterator[AgeLine]:
    """Yield the figures of a year, or of all years: of each group, and then of all groups."""
    scale = view.council.priorities
    told = ageing(counts, asked.bands, scale)
    wanted = asked.wanted._replace(years=frozenset({year})) if year else asked.wanted
    if asked.by and grouped:
        of_scale = [one for one in scale if one in told.groups]
        for group in of_scale if asked.by == "priority" else told.groups:
            own = of_group(wanted, asked.by, group)
            for figure in told.groups[group]:
                yield AgeLine(year, group, False, figure, _in_band(own, figure.band))
    for figure in told.whole:
        yield AgeLine(year, None, True, figure, _in_band(wanted, figure.band))


def _in_band(wanted: Selection, band: Band | None) -> Selection:
    """Return a selection of overdue actions that is narrowed to a band, if there is one."""
    if band is None:
        return wanted
    ends = [most for most in (band.most, wanted.overdue_to) if most is not None]
    least = max(band.least, wanted.overdue_by or 0)
    return wanted._replace(overdue_by=least, overdue_to=min(ends, default=None))


def _behind(view: View, asked: AgeingWanted, lines: list[AgeLine]) -> list[list[str]]:
    """Return the references behind each line."""
    actions: defaultdict[tuple[str | None, str | None, bool], list[tuple[int, str]]]
    actions = defaultdict(list)
    sources = sources_as_of(view.reader, view.day, view.known_to) if asked.by == "source" else {}
    for one in view.selected(asked.wanted):
        aged = (_days(view, asked, one), one.ref)
        group = sources.get(one.audit or "") if asked.by == "source" else None
        if asked.by and asked.by != "source":
            group = getattr(one, asked.by)
        for year in (one.year, None):
            actions[year, group, False].append(aged)
            actions[year, None, True].append(aged)
    return [
        [
            ref
            for days, ref in actions[line.year, line.group, line.whole]
            if line.figure.band is None or line.figure.band.holds(days)
        ]
        for line in lines
    ]


def _days(view: View, asked: AgeingWanted, action: Action) -> int:
    return days_overdue(standing(action, original=asked.wanted.original), view.day)


def _data(
    view: View,
    asked: AgeingWanted,
    lines: list[AgeLine],
    behind: list[list[str]],
    audit_years: Called,
) -> Table:
    """Return the rows for programs. Groups are codes, but audits are named, with their year."""
    dated = asked.each_year or asked.by == "audit"
    names = view.names(NAMED["audit"]) if asked.by == "audit" else {}
    columns = (
        *([Column("year")] if dated else ()),
        *([Column(asked.by)] if asked.by else ()),
        Column("band"),
        *(Column(name, kind=Kind.NUMBER) for name in ("from_days", "to_days", "total")),
        *(Column(column_name(one), kind=Kind.NUMBER) for one in view.council.priorities),
        *([Column("refs")] if asked.refs else ()),
    )
    rows = []
    for place, (year, group, whole, figure, _) in enumerate(lines):
        band = figure.band or Band(asked.bands[0].least)
        rows.append(
            (
                *([year or (TOTALS if whole else audit_years.get(group))] if dated else ()),
                *([TOTALS if whole else names.get(group or "", group)] if asked.by else ()),
                str(figure.band or TOTALS),
                *band,
                figure.total,
                *figure.by_priority,
                *([tuple(behind[place])] if asked.refs else ()),
            )
        )
    return Table(columns, rows)


def _called(view: View, asked: AgeingWanted, counts: Counter[Aged], audit_years: Called) -> Called:
    """Return what the groups are called; audits of several years together have their year."""
    names = view.names(NAMED[asked.by]) if asked.by in NAMED else {}
    called = {one.group: group_name(one.group, names) for one in counts}
    if asked.each_year or len({one.year for one in counts}) == 1:
        return called
    return {
        group: f"{name}, {audit_years[group]}" if group in audit_years else name
        for group, name in called.items()
    }


def _table(view: View, asked: AgeingWanted, lines: list[AgeLine], called: Called) -> Table:
    """Return a year as people read it: a row for each group or, without groups, for each band."""
    grouped = any(not line.whole for line in lines)
    by = f" by {asked.by}" if grouped else ""
    title = f"{lines[0].year or asked.years}: days overdue{by} {view.said}{asked.basis}"
    scale = view.council.priorities
    priorities = [Column(column_name(one), one, Kind.NUMBER, rank=1) for one in scale]
    if not grouped:
        first = (Column("band", "Days overdue", Kind.CODE), Column("total", "Total", Kind.NUMBER))
        rows = [
            (str(line.figure.band or TOTALS), line.figure.total, *line.figure.by_priority)
            for line in lines
        ]
        return Table((*first, *(one._replace(rank=0) for one in priorities)), rows, title, LAST)
    columns = (
        Column("group", str(asked.by).capitalize()),
        *(Column(str(band), str(band), Kind.NUMBER) for band in asked.bands),
        Column("total", "Total", Kind.NUMBER),
        *priorities,
    )
    of_groups: dict[tuple[str | None, bool], list[AgeFigure]] = {}
    for line in lines:
        of_groups.setdefault((line.group, line.whole), []).append(line.figure)
    told = [
        (
            TOTALS if whole else called[group],
            *(figure.total for figure in figures),
            *figures[-1].by_priority,
        )
        for (group, whole), figures in of_groups.items()
    ]
    return Table(columns, told, title, LAST)


def _longest(view: View, asked: AgeingWanted, counts: Counter[Aged]) -> Table:
    """Return the actions that have been overdue longest, and how their dates were moved."""
    least = max(days_of_the_longest(counts, asked.top), asked.days.least)
    found = view.selected(asked.wanted._replace(overdue_by=least))
    found.sort(key=lambda one: (-_days(view, asked, one), natural_order(one.ref)))
    columns = (
        Column("ref", "Ref", Kind.CODE),
        Column("title", "Title"),
        Column("priority", "Priority", Kind.CODE, rank=1),
        Column("directorate", "Directorate", Kind.CODE, rank=3),
        Column("owner", "Owner", Kind.CODE, rank=2),
        Column("days_overdue", "Days overdue", Kind.NUMBER),
        Column("original_due_on", "First due", Kind.DATE),
        Column("times_redated", "Re-dated", Kind.NUMBER),
        Column("days_moved", "Days moved", Kind.NUMBER),
    )
    rows = [
        (
            *(one.ref, one.title, one.priority, one.directorate, one.owner),
            *(_days(view, asked, one), one.original_due_on, one.times_redated, _moved(one)),
        )
        for one in found[: asked.top]
    ]
    return Table(columns, rows, f"Longest overdue: {len(rows)} of {counts.total():,}")


def _moved(action: Action) -> int:
    """Return by how many days the due date was moved in all; fewer than 0 if it is earlier."""
    if action.due_on is None or action.original_due_on is None:
        return 0
    return (action.due_on - action.original_due_on).days


def _said(line: AgeLine, called: Called) -> str:
    """Say what a line counts, as in ``22/23, Finance, overdue 31-90 days``."""
    days = f"overdue {line.figure.band} days" if line.figure.band else "overdue"
    parts = (line.year, None if line.whole else called[line.group], days)
    return ", ".join(part for part in parts if part)
