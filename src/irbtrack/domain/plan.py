"""The plan on a page: workstreams one within another, and the milestones upon them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from irbtrack.domain.board import Column, Kind, Mark, Table, Timeline
from irbtrack.domain.dates import say_date, say_date_briefly
from irbtrack.domain.rating import rated_changes
from irbtrack.domain.records import Milestone, Note, Workstream
from irbtrack.domain.words import natural_order
from irbtrack.errors import Refused, quoted

Fields = dict[str, Any]

MONTHS_BACK = 8
MONTHS_AHEAD = 4
"""The months that a plan shows before and after the one of its day, unless others are asked."""


def outline(
    workstreams: Iterable[Workstream], top: str | None = None
) -> list[tuple[int, Workstream]]:
    """The workstreams in the order of the plan, each after the one it is within, with its depth.

    One that is within another that is not there stands for itself. With ``top`` only that one
    and those within it, or nothing if it is not there.
    """
    there = {one.ref: one for one in workstreams}
    inner: dict[str | None, list[Workstream]] = {}
    for one in there.values():
        inner.setdefault(one.within if one.within in there else None, []).append(one)

    def below(parent: str | None, depth: int) -> Iterator[tuple[int, Workstream]]:
        for one in sorted(inner.get(parent, []), key=lambda w: (w.position, natural_order(w.ref))):
            yield depth, one
            yield from below(one.ref, depth + 1)

    if top is None:
        return list(below(None, 0))
    if top not in there:
        return []
    return [(0, there[top]), *below(top, 1)]


def upon(
    rows: Iterable[tuple[int, Workstream]], milestones: Iterable[Milestone]
) -> list[Milestone]:
    """Those of ``milestones`` that are upon rows of an outline, in the order of the rows."""
    order = {one.ref: place for place, (_, one) in enumerate(rows)}
    there = [one for one in milestones if one.workstream in order]
    return sorted(there, key=lambda one: order[one.workstream])


def plan_of(workstreams: Mapping[str, Workstream], ref: str) -> Workstream:
    """The plan that a workstream belongs to: the outermost one it is within, or itself."""
    one = workstreams[ref]
    while one.within is not None and one.within in workstreams:
        one = workstreams[one.within]
    return one


def refuse_if_circular(workstreams: Mapping[str, Workstream]) -> None:
    """Raise :class:`Refused` if a workstream is within itself, at once or through others."""
    for one in workstreams.values():
        path, outer = [one.ref], one.within
        while outer is not None and outer in workstreams and outer not in path:
            path.append(outer)
            outer = workstreams[outer].within
        if outer == one.ref:
            raise Refused(
                f"{' within '.join([*path, one.ref])} would be a circle; put one of them"
                " elsewhere first"
            )


def refuse_if_backwards(title: str, starts_on: date | None, ends_on: date | None) -> None:
    """Raise :class:`Refused` if a bar would end before it starts, or has no end."""
    if starts_on is not None and ends_on is None:
        raise Refused(
            f"{quoted(title)} would start on {say_date(starts_on)} and have no end; give its date"
        )
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Refused(
            f"{quoted(title)} cannot end on {say_date(ends_on)}, before it starts on"
            f" {say_date(starts_on)}; give a later end or an earlier start"
        )


def refuse_if_dropped(one: Milestone | Note) -> None:
    """Raise :class:`Refused` for what was dropped from its plan or section."""
    if one.dropped_on is not None:
        raise Refused(
            f"{one.ref} was dropped on {say_date(one.dropped_on)}; 'irbtrack undo' takes that back"
        )


def milestone_changes(then: Milestone, given: Fields) -> Fields:
    """What of ``given`` changes a milestone on that day, by :func:`rated_changes`.

    Raises :class:`Refused` for one that was dropped, or that would end before it starts.
    """
    refuse_if_dropped(then)
    fields = rated_changes(then, given)
    refuse_if_backwards(
        then.title,
        fields.get("starts_on", then.starts_on),
        fields.get("forecast_on", then.forecast_on),
    )
    return fields


def ends_on(milestone: Milestone) -> date | None:
    """The day it was completed or, until then, that of its forecast."""
    return milestone.completed_on or milestone.forecast_on


def slipped_days(milestone: Milestone) -> int:
    """How many days later than first planned it is forecast, or was completed.

    Less than 0 if earlier.
    """
    end = ends_on(milestone)
    return (end - milestone.baseline_on).days if end and milestone.baseline_on else 0


def is_late(milestone: Milestone, day: date) -> bool:
    """Whether its date is before ``day``, and it was not complete by then."""
    return (
        milestone.forecast_on is not None
        and milestone.forecast_on < day
        and milestone.completed_on is None
    )


def in_plan(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Those that were not dropped, in the order of their beginning; undated ones last."""
    return sorted((m for m in milestones if m.dropped_on is None), key=_by_date)


def _by_date(milestone: Milestone) -> tuple[date, date, list[str | int]]:
    ends = milestone.forecast_on or date.max
    return (milestone.starts_on or ends, ends, natural_order(milestone.ref))


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
    """One row for each milestone, in the order given."""
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
    """The first days of the first and the last month that a plan of ``day`` shows."""
    return month_from(day, -MONTHS_BACK), month_from(day, MONTHS_AHEAD)


def month_from(day: date, months: int) -> date:
    """The first day of the month so many months after that of ``day``.

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
    """The plan to be drawn: ``milestones`` upon ``rows``, as an :func:`outline` gives them.

    ``shown`` has the first days of the first and the last month; ``table`` is what a writer
    that does not draw puts out.
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
    """A milestone with what there is to remark: how far it moved, that it is late or undated."""
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
