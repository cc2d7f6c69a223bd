"""``irbtrack summary``: the report's tables, for any day, beside another day's."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple

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
    Counts,
    Tally,
    column_name,
    say_overdue,
    say_shares,
    tally,
    unfooted,
)
from irbtrack.errors import Misused
from irbtrack.render import TABLE, put_out
from irbtrack.render.cells import cell_text
from irbtrack.store.database import Reader
from irbtrack.store.gather import Snapshot, council, counts_as_of, names_as_of, snapshot_counts


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
    if other == day:
        raise Misused(f"--compare names {say_date(day)} too; give another day")
    with session.reading() as reader:
        question = Question(reader, grouped, original, moment)
        now = question.told_on(day)
        then = question.told_on(other) if other else question.told_before(day)
        names = group_names(reader, grouped, day)
    for problem in unfooted(now.tally.figures):
        note(f"warning: {problem}")
    chosen = list(dict.fromkeys(years)) or sorted(
        {*now.tally.years, *(then.tally.years if then else ())}
    )
    both = [now.tally, then.tally] if other and then else [now.tally]
    blocks: list[Block] = []
    for one in chosen:
        blocks += year_blocks(now, then, one, grouped, names)
    data = tally_rows(both, chosen, grouped, names)
    put_out(Answer(data, tuple(blocks) or ("There are no actions.",)), form)
    if then is None and form in (TABLE, "md"):
        note(
            f"no snapshot before {say_date(day)} to compare with; --compare DATE chooses a day,"
            " and 'irbtrack snapshot take' freezes one"
        )


class Told(NamedTuple):
    """A tally, and how it is told, as in "as of 31 October 2023"."""

    tally: Tally
    how: str


@dataclass(frozen=True)
class Question:
    """What is asked of the register, the same for each day that is compared."""

    reader: Reader
    by: str | None
    original: bool
    known_at: datetime | None

    def told_on(self, day: date) -> Told:
        """The figures of a day, as the register has them."""
        counts = counts_as_of(
            self.reader, day, by=self.by, original=self.original, known_at=self.known_at
        )
        how = f"as of {say_date(day)}"
        if self.original:
            how += ", by original due dates"
        if self.known_at:
            how += f", as known on {cell_text(self.known_at, Kind.DATE)}"
        return self._told(counts, day, how)

    def told_before(self, day: date) -> Told | None:
        """The figures of the newest snapshot before ``day``; None if there is none.

        They are as published, unless overdue is asked for by the original due dates, which
        is not how they were published: then they are worked out again.
        """
        snapshot = snapshot_before(self.reader, day, self.known_at)
        if snapshot is None:
            return None
        if self.original:
            return self.told_on(snapshot.as_of)
        counts = snapshot_counts(published_lines(self.reader, snapshot), self.by)
        return self._told(counts, snapshot.as_of, say_published(snapshot))

    def _told(self, counts: Counts, day: date, how: str) -> Told:
        priorities = council(self.reader).priorities
        return Told(tally(counts, priorities, day, order=priorities), how)


def say_published(snapshot: Snapshot) -> str:
    """How a snapshot's figures are told."""
    return f"as published for {say_date(snapshot.as_of)}"


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
    now: Told, then: Told | None, year: str, by: str | None, names: dict[str, str]
) -> list[Block]:
    """A year as people read it: its tables side by side and what there is to say of them."""
    if not any(year in told.tally.years for told in (now, then) if told):
        return [f"{year} has no actions."]
    if by:
        return [_grouped_table(now, then, year, by, names)]
    today = _status_table(now, year)
    shares = say_shares(now.tally.group(year))
    if then is None:
        return [today, shares]
    before = _status_table(then, year)
    change = Table(
        _status_columns(now.tally.priorities, Kind.CHANGE),
        [
            (row[0], *(a - b for a, b in zip(row[1:], was[1:], strict=True)))
            for row, was in zip(today.rows, before.rows, strict=True)
        ],
        f"{year} change",
        total=True,
    )
    return [(today, before, change), f"{shares}\n{_since(now.tally, then.tally, year)}"]


def _since(now: Tally, then: Tally, year: str) -> str:
    """Which way overdue went between two days, told in the order of time."""
    earlier, later = sorted((now, then), key=lambda one: one.as_of)
    return say_overdue(
        later.figure(year, Status.OVERDUE),
        earlier.figure(year, Status.OVERDUE),
        then.as_of,
        now.priorities,
        link="since" if then is earlier else "until",
    )


def _status_columns(priorities: tuple[str, ...], kind: Kind) -> tuple[Column, ...]:
    return (
        Column("status", TOTALS, Kind.CODE),
        Column("total", "Total", kind),
        *(Column(column_name(p), p, kind) for p in priorities),
    )


def _status_table(told: Told, year: str) -> Table:
    """The report's table: Total and each priority, for each status and in all."""
    rows = [(f.status, f.total, *f.by_priority) for f in told.tally.group(year)]
    columns = _status_columns(told.tally.priorities, Kind.NUMBER)
    return Table(columns, rows, f"{year} {told.how}", total=True)


def _grouped_table(
    told: Told, before: Told | None, year: str, by: str, names: dict[str, str]
) -> Table:
    """One row for each group and one for the year; overdue by priority, as the charts are."""
    now, then = told.tally, before.tally if before else None
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
    beside = f", beside {before.how}" if before else ""
    return Table(columns, rows, f"{year} by {by} {told.how}{beside}", total=True)


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
