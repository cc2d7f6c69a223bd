"""``irbtrack summary``: the report's tables, for any day, beside another day's."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import typer

from irbtrack.commands.options import (
    AsOf,
    By,
    Form,
    KnownAt,
    Original,
    as_of_day,
    grouping,
    known_at_moment,
)
from irbtrack.commands.published import published_lines, snapshot_before
from irbtrack.commands.session import note, session_of
from irbtrack.domain.board import Answer, Block, Column, Kind, Table
from irbtrack.domain.dates import read_date, read_year, say_date
from irbtrack.domain.records import COUNTED, Status
from irbtrack.domain.tally import (
    TOTALS,
    Tally,
    column_name,
    say_overdue,
    say_shares,
    tally,
    unfooted,
)
from irbtrack.render import TABLE, put_out
from irbtrack.store.database import Reader
from irbtrack.store.gather import council, counts_as_of, names_as_of, snapshot_counts


def summary(
    ctx: typer.Context,
    year: Annotated[
        list[str] | None,
        typer.Option("--year", metavar="YEAR", help="Of that financial year, as 22/23; all."),
    ] = None,
    by: By = None,
    as_of: AsOf = None,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare", metavar="DATE", help="The day to compare with; the previous snapshot's."
        ),
    ] = None,
    original: Original = False,
    known_at: KnownAt = None,
    form: Form = TABLE,
) -> None:
    """The report's tables, for any day.

    How many actions are not due, overdue, complete and not allocated, by priority, beside
    the previous snapshot or the day of --compare. JSON and CSV have the other day's rows
    only when --compare asks for them.
    """
    session = session_of(ctx)
    years = [read_year(one) for one in year or ()]
    day, moment = as_of_day(session, as_of), known_at_moment(session, known_at)
    grouped = grouping(by)
    other = read_date(compare, session.today, month_end=True) if compare else None
    with session.reading() as reader:
        question = Question(reader, grouped, original, moment)
        now = question.tally_on(day)
        then, heading = (
            (question.tally_on(other), f"As of {say_date(other)}")
            if other
            else question.previously(day)
        )
        names = question.names(day)
    for problem in unfooted(now.figures):
        note(f"warning: {problem}")
    chosen = list(dict.fromkeys(years)) or sorted({*now.years, *(then.years if then else ())})
    data = tally_rows([now, then] if other and then else [now], chosen, grouped, names)
    blocks = [
        block for one in chosen for block in year_blocks(now, then, one, grouped, heading, names)
    ]
    put_out(Answer(data, tuple(blocks) or ("There are no actions.",)), form)
    if then is None and form in (TABLE, "md"):
        note(
            f"no snapshot before {say_date(day)} to compare with; --compare DATE chooses a day,"
            " and 'irbtrack snapshot take' freezes one"
        )


@dataclass(frozen=True)
class Question:
    """What is asked of the register, the same for each day that is compared."""

    reader: Reader
    by: str | None
    original: bool
    known_at: datetime | None

    def tally_on(self, day: date) -> Tally:
        """The figures of a day, as the register has them."""
        counts = counts_as_of(
            self.reader, day, by=self.by, original=self.original, known_at=self.known_at
        )
        priorities = council(self.reader).priorities
        return tally(counts, priorities, day, order=priorities)

    def previously(self, day: date) -> tuple[Tally | None, str]:
        """The figures of the newest snapshot before ``day``, and a heading; None without one.

        They are as published, unless overdue is asked for on the basis of the original due
        dates, which is not how they were published: then they are worked out again.
        """
        snapshot = snapshot_before(self.reader, day, self.known_at)
        if snapshot is None:
            return None, ""
        if self.original:
            return self.tally_on(snapshot.as_of), f"As of {say_date(snapshot.as_of)}"
        priorities = council(self.reader).priorities
        counts = snapshot_counts(published_lines(self.reader, snapshot), self.by)
        heading = f"As published for {say_date(snapshot.as_of)}"
        return tally(counts, priorities, snapshot.as_of, order=priorities), heading

    def names(self, day: date) -> dict[str, str]:
        """What to call the groups: see :func:`group_names`."""
        return group_names(self.reader, self.by, day)


def group_names(reader: Reader, by: str | None, day: date) -> dict[str, str]:
    """What the groups of a tally were called on a day, by their codes or references."""
    noun = {"directorate": "directorate", "audit": "audit", "owner": "officer"}.get(by or "")
    return names_as_of(reader, noun, day) if noun else {}


def tally_rows(
    tallies: list[Tally], years: list[str], by: str | None, names: dict[str, str]
) -> Table:
    """One row for each year, day, group and status: the fields of DESIGN section 5.

    Groups are codes, but for audits, which go by the name that is theirs within the year.
    """
    columns = (
        *([Column(by)] if by else ()),
        Column("as_of", kind=Kind.DATE),
        Column("year"),
        Column("status"),
        Column("total", kind=Kind.NUMBER),
        *(Column(column_name(p), kind=Kind.NUMBER) for p in tallies[0].priorities),
        Column("percent", kind=Kind.NUMBER),
    )
    rows: list[tuple[Any, ...]] = []
    for year in years:
        for one in tallies:
            groups = one.groups(year) if by else [None]
            for group in groups:
                called = names.get(group or "", group) if by == "audit" else group
                rows += [
                    (
                        *([called] if by else ()),
                        one.as_of,
                        year,
                        figure.status,
                        figure.total,
                        *figure.by_priority,
                        figure.percent,
                    )
                    for figure in one.group(year, group)
                ]
    return Table(columns, rows)


def year_blocks(
    now: Tally, then: Tally | None, year: str, by: str | None, heading: str, names: dict[str, str]
) -> list[Block]:
    """A year as people read it: its tables side by side and what there is to say of them."""
    if by:
        return [_grouped_table(now, then, year, by, names)]
    figures = now.group(year)
    today = _status_table(now, year, f"{year}  As of {say_date(now.as_of)}")
    if then is None:
        return [today, say_shares(figures)]
    published = _status_table(then, year, heading)
    change = Table(
        _status_columns(now.priorities, Kind.CHANGE),
        [
            (row[0], *(a - b for a, b in zip(row[1:], before[1:], strict=True)))
            for row, before in zip(today.rows, published.rows, strict=True)
        ],
        "Change",
        total=True,
    )
    since = say_overdue(
        now.figure(year, Status.OVERDUE),
        then.figure(year, Status.OVERDUE),
        then.as_of,
        now.priorities,
    )
    return [(today, published, change), f"{say_shares(figures)}\n{since}"]


def _status_columns(priorities: tuple[str, ...], kind: Kind) -> tuple[Column, ...]:
    return (
        Column("status", TOTALS, Kind.CODE),
        Column("total", "Total", kind),
        *(Column(column_name(p), p, kind) for p in priorities),
    )


def _status_table(one: Tally, year: str, title: str) -> Table:
    """The report's table: Total and each priority, for each status and in all."""
    rows = [(f.status, f.total, *f.by_priority) for f in one.group(year)]
    return Table(_status_columns(one.priorities, Kind.NUMBER), rows, title, total=True)


def _grouped_table(
    now: Tally, then: Tally | None, year: str, by: str, names: dict[str, str]
) -> Table:
    """One row for each group and one for the year; overdue by priority, as the charts are."""
    rows: list[list[Any]] = []
    called = {
        group: names.get(group or "", group or "(none)")
        for group in [*now.groups(year), *_gone(now, then, year)]
    }
    in_order = called if by == "priority" else sorted(called, key=lambda g: (g is None, called[g]))
    rows += [[called[group], *_group_counts(now, then, year, group)] for group in in_order]
    totals = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    if rows:
        rows.append([TOTALS, *totals])
    columns = (
        Column(by, by.capitalize()),
        Column("total", "Total", Kind.NUMBER),
        *(Column(column_name(s), s, Kind.NUMBER) for s in COUNTED),
        *(
            Column(f"overdue_{column_name(p)}", f"Overdue {p}", Kind.NUMBER, rank=1)
            for p in now.priorities
        ),
        *([Column("change", "Change in overdue", Kind.CHANGE)] if then else ()),
    )
    since = f", beside {say_date(then.as_of)}" if then else ""
    return Table(columns, rows, f"{year} by {by}, {say_date(now.as_of)}{since}", total=True)


def _gone(now: Tally, then: Tally | None, year: str) -> list[str | None]:
    """The groups that had actions then and have none now."""
    return [g for g in then.groups(year) if g not in now.groups(year)] if then else []


def _group_counts(now: Tally, then: Tally | None, year: str, group: str | None) -> list[int]:
    overdue = now.figure(year, Status.OVERDUE, group)
    return [
        now.figure(year, TOTALS, group).total,
        *(now.figure(year, status, group).total for status in COUNTED),
        *overdue.by_priority,
        *([overdue.total - then.figure(year, Status.OVERDUE, group).total] if then else ()),
    ]
