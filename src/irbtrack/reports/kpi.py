"""What committees ask of a period, for all actions, each directorate and each year."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from irbtrack.domain.answers import LAST, Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import say_date
from irbtrack.domain.figures.performance import Case, Measured, cases, findings
from irbtrack.domain.figures.selection import Selection
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.register.view import View
from irbtrack.reports.explained import Counted, explanation
from irbtrack.store.news import news_as_of

ALL, DIRECTORATE, YEAR = "all", "directorate", "year"

GROUPINGS = (DIRECTORATE, YEAR)

DATA_COLUMNS = (
    Column("of"),
    Column("group"),
    Column("measure"),
    Column("number", kind=Kind.NUMBER),
    Column("out_of", kind=Kind.NUMBER),
    Column("percent", kind=Kind.NUMBER),
    Column("days", kind=Kind.NUMBER),
)

WHOLE_COLUMNS = (
    Column("measure", "Measure", Kind.CODE),
    Column("number", "Number", Kind.NUMBER),
    Column("out_of", "Of", Kind.NUMBER),
    Column("percent", "%", Kind.NUMBER),
    Column("days", "Median days", Kind.NUMBER),
)

ShownMeasure = tuple[str, str, str, int]
"""A measure, what of it is shown, the label of its column, and the column's rank."""

TABLES: tuple[tuple[str, tuple[ShownMeasure, ...]], ...] = (
    (
        "Completed",
        (
            ("completed", "number", "Completed", 0),
            ("completed_by_original_due", "percent", "% by original date", 0),
            ("completed_by_due", "percent", "% by current date", 0),
            ("verified", "percent", "% verified", 1),
            ("days_to_complete", "days", "Days to complete", 2),
            ("days_to_verify", "days", "Days to verify", 3),
        ),
    ),
    (
        "{high}",
        (
            ("high_completed", "number", "Completed", 0),
            ("high_completed_by_original_due", "percent", "% by original date", 0),
            ("high_completed_by_due", "percent", "% by current date", 0),
            ("high_overdue_without_note", "out_of", "Overdue", 0),
            ("high_overdue_without_note", "number", "No news since due", 0),
        ),
    ),
    (
        "Overdue and open",
        (
            ("raised", "number", "Raised", 3),
            ("overdue_at_start", "number", "Overdue before", 0),
            ("overdue_at_end", "number", "Overdue now", 0),
            ("overdue_change", "number", "Change", 0),
            ("redated_once", "out_of", "Open", 1),
            ("redated_once", "number", "Re-dated once", 2),
            ("redated_twice", "number", "Re-dated twice", 2),
            ("redated_more", "number", "Re-dated more", 2),
        ),
    ),
)
"""The tables of groups: their titles and their columns."""


class Performers(NamedTuple):
    """A directorate, a year, or all, with what its measures come to."""

    of: str
    key: str
    name: str
    findings: Sequence[Measured]


def performance_between(
    view: View,
    first: date,
    years: Collection[str] = (),
    by: str | None = None,
    *,
    refs: bool = False,
    explain: bool = False,
) -> Answer:
    """Return the measures of the period from ``first`` to the view's day, both included.

    They are for all actions and for each group ``by``, one of :data:`GROUPINGS`; without it for
    each group of either. With ``years`` only actions that are of these on the last day are
    measured, or that were at the start. ``refs`` asks for the references behind each number. With
    ``explain`` people are told the commands that list them.
    """
    highest = view.council.priorities[0]
    eve = view.on(first - timedelta(days=1))
    before = {one.ref: one for one in eve.records(Action)}
    news = news_as_of(view.reader, view.day, view.known_to)
    every = cases(before, view.records(Action), news, (first, view.day), highest)
    names = view.names(Directorate)
    groups = list(_groups(every, years, by, names))
    rows = [
        (
            *(group.of, group.key, one.measure.name),
            *(one.number, one.out_of, one.percent, one.days),
            *([one.refs] if refs else ()),
        )
        for group in groups
        for one in group.findings
    ]
    data = Table((*DATA_COLUMNS, *([Column("refs")] if refs else ())), rows)
    period = f"from {say_date(first)} to {say_date(view.day)}{view.known}"
    blocks = list(_blocks(groups, period, first, highest, refs=refs))
    if explain:
        blocks.append(explanation(view, _counted(groups, highest)))
    return Answer(data, tuple(blocks))


def _counted(groups: Iterable[Performers], highest: str) -> Iterator[Counted]:
    """Yield what each measure of each group counts; a net change counts nothing."""
    for group in groups:
        for one in group.findings:
            what = f"{group.name}: {_label(one, highest)}"
            yield Counted(what, len(one.refs), Selection(refs=frozenset(one.refs)))


def _groups(
    every: Sequence[Case], years: Collection[str], by: str | None, names: dict[str, str]
) -> Iterator[Performers]:
    """Yield the groups in order: all, the directorates by name, and the years."""
    now: dict[tuple[str, str], list[Case]] = {(ALL, ALL): []}
    at_start: dict[tuple[str, str], list[Case]] = {}
    for case in every:
        for action, of_group in ((case.now, now), (case.before, at_start)):
            if action is not None and (not years or action.year in years):
                for group in ((ALL, ALL), (DIRECTORATE, action.directorate), (YEAR, action.year)):
                    of_group.setdefault(group, []).append(case)
    called = {
        (of, key): {ALL: "All", DIRECTORATE: names.get(key, key)}.get(of, key)
        for of, key in {*now, *at_start}
        if of == ALL or by in (None, of)
    }
    order = (ALL, *GROUPINGS)
    for of, key in sorted(called, key=lambda at: (order.index(at[0]), called[at], at)):
        found = findings(now.get((of, key), []), at_start.get((of, key), []))
        yield Performers(of, key, called[of, key], found)


def _blocks(
    groups: Sequence[Performers], period: str, first: date, highest: str, *, refs: bool
) -> Iterator[Block]:
    """Yield the measures of all, then those of each group, and the lists that are asked for."""
    whole = groups[0]
    rows = [
        (_label(one, highest), one.number, one.out_of, one.percent, one.days)
        for one in whole.findings
    ]
    yield Table(WHOLE_COLUMNS, rows, f"Performance {period}")
    if not whole.findings[0].number:
        yield f"No action was completed {period}."
    for of in GROUPINGS:
        members = [group for group in groups if group.of == of]
        for title, shown in TABLES if members else ():
            yield _group_table(of, [*members, whole], title.format(high=highest), shown)
    yield (
        f"Overdue before, or at the start, is as of {say_date(first - timedelta(days=1))}."
        " 'irbtrack kpi --help' says what each measure counts."
    )
    for group in groups if refs else ():
        yield "\n".join(
            [f"{group.name}:", *(_said(one, highest) for one in group.findings if one.refs)]
        )


def _label(one: Measured, highest: str) -> str:
    return one.measure.label.format(high=highest)


def _said(one: Measured, highest: str) -> str:
    return f"{_label(one, highest)}: {', '.join(one.refs)}"


def _group_table(
    of: str, groups: Iterable[Performers], title: str, shown: Sequence[ShownMeasure]
) -> Table:
    """Return a row for each group, with what is shown of some measures; the last is for all."""
    columns = [Column(of, of.capitalize())]
    for name, what, label, rank in shown:
        kind = Kind.CHANGE if name == "overdue_change" else Kind.NUMBER
        columns.append(Column(f"{name}_{what}", label, kind, rank))
    rows: list[tuple[Any, ...]] = []
    for group in groups:
        by_name = {one.measure.name: one for one in group.findings}
        rows.append((group.name, *(getattr(by_name[name], what) for name, what, _, _ in shown)))
    return Table(tuple(columns), rows, f"{title}, by {of}", totals=LAST)
