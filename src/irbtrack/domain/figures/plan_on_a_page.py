"""The plan on a page: its table, and its drawing."""

from collections.abc import Iterable, Mapping
from datetime import date

from irbtrack.domain.answers import Column, Kind, Mark, Table, Timeline
from irbtrack.domain.dates import say_date_briefly
from irbtrack.domain.nouns.milestone import Milestone, ends_on, is_late, slipped_days
from irbtrack.domain.nouns.workstream import Workstream, plan_of

MONTHS_BACK = 8
MONTHS_AHEAD = 4
"""The months that a plan shows before and after the one of its day, unless others are asked."""


MILESTONE_COLUMNS = (
    Column("plan"),
    Column("workstream"),
    Column("workstream_name", "Workstream", rank=1),
    Column("ref", "Ref", Kind.CODE),
    Column("title", "Milestone"),
    Column("direction", "Direction", Kind.CODE, rank=4),
    Column("starts_on", "Starts", Kind.DATE, rank=3),
    Column("baseline_on", "First planned", Kind.DATE, rank=2),
    Column("forecast_on", "Forecast", Kind.DATE),
    Column("slipped_days", "Days slipped", Kind.CHANGE),
    Column("times_redated", "Re-dated", Kind.NUMBER, rank=5),
    Column("rag", "RAG", Kind.RAG),
    Column("completed_on", "Completed", Kind.DATE, rank=3),
    Column("late"),
)


def milestones_table(
    milestones: Iterable[Milestone], workstreams: Mapping[str, Workstream], day: date
) -> Table:
    """Return one row for each milestone, in the order given."""
    return Table(
        MILESTONE_COLUMNS,
        [
            (
                plan_of(workstreams, m.workstream).name,
                m.workstream,
                workstreams[m.workstream].name,
                m.ref,
                m.title,
                m.direction,
                m.starts_on,
                m.baseline_on,
                m.forecast_on,
                slipped_days(m),
                m.times_redated,
                m.rag,
                m.completed_on,
                is_late(m, day),
            )
            for m in milestones
        ],
    )


def months_around(day: date) -> tuple[date, date]:
    """Return the first days of the first and the last month that a plan of ``day`` shows."""
    return month_from(day, -MONTHS_BACK), month_from(day, MONTHS_AHEAD)


def month_from(day: date, months: int) -> date:
    """Return the first day of the month that is ``months`` after that of ``day``.

    >>> month_from(date(2023, 10, 31), 4).isoformat()
    '2024-02-01'
    """
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def timeline(
    milestones: Iterable[Milestone],
    rows: Iterable[tuple[int, Workstream]],
    day: date,
    shown: tuple[date, date],
    table: Table,
) -> Timeline:
    """Return the drawing of a plan: ``milestones`` on ``rows``, which an :func:`outline` gives.

    ``shown`` has the first days of the first and the last month. ``table`` is what a writer that
    cannot draw puts out.
    """
    of: dict[str, list[Mark]] = {}
    for milestone in milestones:
        of.setdefault(milestone.workstream, []).append(_mark(milestone, day, shown[0]))
    return Timeline(
        rows=tuple((depth, one.name, tuple(of.get(one.ref, ()))) for depth, one in rows),
        first=shown[0],
        until=month_from(shown[1], 1),
        today=day,
        table=table,
    )


def _mark(milestone: Milestone, day: date, first: date) -> Mark:
    """Return the mark of a milestone, which says how far it moved and if it is late or undated."""
    slipped, due_on = slipped_days(milestone), milestone.forecast_on
    late = is_late(milestone, day)
    early = milestone.completed_on is not None and slipped < 0
    remarks = [f"{slipped:+}d"] if slipped and not early else []
    if due_on is None:
        remarks.append("no date")
    elif late:
        remarks.append("late" if due_on >= first else f"late, {say_date_briefly(due_on)}")
    return Mark(
        f"{milestone.title} ({', '.join(remarks)})" if remarks else milestone.title,
        milestone.starts_on,
        ends_on(milestone) if early else milestone.baseline_on,
        ends_on(milestone),
        milestone.rag,
        late,
    )
