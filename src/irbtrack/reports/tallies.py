"""A tally as the report has it: its tables, the rows for programs, and what there is to say."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from irbtrack.domain.answers import LAST, Block, Column, Kind, Table
from irbtrack.domain.figures.tally import TOTALS, Tally, say_overdue, say_shares
from irbtrack.domain.nouns.council import column_name
from irbtrack.domain.nouns.status import COUNTED, Status


class DayTally(NamedTuple):
    """A tally, and how it is told, as in "as of 31 October 2023"."""

    tally: Tally
    how: str


def group_name(group: str | None, names: Mapping[str, str]) -> str:
    """Return what people read of a group: its name, else its code; "(none)" of no group."""
    return names.get(group or "", group or "(none)")


Behind = Mapping[tuple[str, str | None, str], Sequence[str]]
"""The references behind the figures of a day, by year, group and status."""


def tally_rows(
    tallies: list[Tally],
    years: list[str],
    by: str | None,
    names: dict[str, str],
    behind: Sequence[Behind] = (),
) -> Table:
    """Return one row for each year, day, group and status: the fields of DESIGN section 5.

    Groups are codes, but audits are named, because within a year their names are unique. With
    ``behind``, which has what is behind the figures of each tally, a row has its references.
    """
    columns = (
        *([Column(by)] if by else ()),
        Column("as_of", kind=Kind.DATE),
        Column("year"),
        Column("status"),
        Column("total", kind=Kind.NUMBER),
        *(Column(column_name(p), kind=Kind.NUMBER) for p in tallies[0].priorities),
        Column("percent", kind=Kind.NUMBER),
        *([Column("refs")] if behind else ()),
    )
    rows: list[tuple[Any, ...]] = []
    for year in years:
        for one, refs in zip_longest(tallies, behind):
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
                        *([tuple(refs.get((year, group, figure.status), ()))] if refs else ()),
                    )
                    for figure in one.group(year, group)
                ]
    return Table(columns, rows)


def year_blocks(
    now: DayTally,
    then: DayTally | None,
    year: str,
    by: str | None,
    names: dict[str, str],
    moves: Mapping[str, str],
) -> list[Block]:
    """Return a year as people read it: its tables side by side, and what they show in words.

    ``moves`` says what entered and left since the other day, by year.
    """
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
        totals=LAST,
    )
    told = [shares, _since(now.tally, then.tally, year), moves.get(year)]
    return [(today, before, change), "\n".join(filter(None, told))]


def _since(now: Tally, then: Tally, year: str) -> str:
    """Say which way overdue went between two days, in the order of time."""
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


def _status_table(told: DayTally, year: str) -> Table:
    """Return the report's table: the total and each priority, for each status and in all."""
    rows = [(f.status, f.total, *f.by_priority) for f in told.tally.group(year)]
    columns = _status_columns(told.tally.priorities, Kind.NUMBER)
    return Table(columns, rows, f"{year} {told.how}", totals=LAST)


def _grouped_table(
    told: DayTally, before: DayTally | None, year: str, by: str, names: dict[str, str]
) -> Table:
    """Return one row for each group and one for the year.

    Overdue is by priority, as in the report's charts.
    """
    now, then = told.tally, before.tally if before else None
    called = {
        group: group_name(group, names) for group in [*now.groups(year), *_gone(now, then, year)]
    }
    in_order = called if by == "priority" else sorted(called, key=lambda g: (g is None, called[g]))
    rows = [[called[group], *_group_counts(now, then, year, group)] for group in in_order]
    totals = [sum(counts) for counts in list(zip(*rows, strict=True))[1:]]
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
    return Table(
        columns, [*rows, [TOTALS, *totals]], f"{year} by {by} {told.how}{beside}", totals=LAST
    )


def _gone(now: Tally, then: Tally | None, year: str) -> list[str | None]:
    """Return the groups that had actions then and have none now."""
    return [g for g in then.groups(year) if g not in now.groups(year)] if then else []


def _group_counts(now: Tally, then: Tally | None, year: str, group: str | None) -> list[int]:
    overdue = now.figure(year, Status.OVERDUE, group)
    return [
        now.figure(year, TOTALS, group).total,
        *(now.figure(year, status, group).total for status in COUNTED),
        *overdue.by_priority,
        *([overdue.total - then.figure(year, Status.OVERDUE, group).total] if then else ()),
    ]
