"""The bridges: each cause, that they always balance, and that they reverse."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import action_changes, changed, days, history, raised

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.bridge import (
    Bridge,
    Cause,
    Position,
    Step,
    buckets_of,
    cause_of,
    movement,
    redated_in_time,
    say_steps,
    unbalanced,
)
from irbtrack.domain.figures.tally import TOTALS
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns.action import standing
from irbtrack.domain.nouns.status import COUNTED, Standing, status_as_of

OCT_3, OCT_31, NOV_30 = date(2023, 10, 3), date(2023, 10, 31), date(2023, 11, 30)
PRIORITIES = ("High", "Medium", "Low")
ALL = (*(status.value for status in COUNTED), TOTALS)


def position(day: date, *changes: Change) -> Position | None:
    """Where an action stands on a day, grouped by its directorate."""
    action = version_on(history(*changes), day) if changes else None
    if action is None:
        return None
    stands = standing(action)
    status = status_as_of(stands, day)
    return Position(action.year, action.directorate, action.priority, status, stands)


def positions(day: date, *actions: list[Change]) -> dict[str, Position]:
    found = {changes[0].ref: position(day, *changes) for changes in actions}
    return {ref: where for ref, where in found.items() if where is not None}


DONE: dict[str, Any] = {"completed_on": OCT_31, "outcome_on": OCT_31}
ACCEPTED: dict[str, Any] = {"closed_on": OCT_3, "closed_as": "Risk Accepted"}


@pytest.mark.parametrize(
    ("cause", "before", "after"),
    [
        (Cause.RAISED, [], [raised(on=OCT_31)]),
        (Cause.REMOVED, [raised()], []),
        (Cause.NEWLY_OVERDUE, [raised()], [raised()]),
        (Cause.NEWLY_OVERDUE, [raised()], [raised(), changed(OCT_31, due_on=date(2023, 11, 5))]),
        (
            Cause.REDATED,
            [raised(due_on=date(2024, 1, 1))],
            [raised(due_on=date(2024, 1, 1)), changed(OCT_31, due_on=date(2023, 11, 5))],
        ),
        (
            Cause.REDATED,
            [raised(due_on=OCT_3)],
            [raised(due_on=OCT_3), changed(OCT_31, due_on=date(2024, 1, 1))],
        ),
        (
            Cause.REDATED,  # it would not be overdue on the day that it was due on
            [raised(due_on=NOV_30)],
            [raised(due_on=NOV_30), changed(OCT_31, due_on=date(2023, 11, 5))],
        ),
        (Cause.COMPLETED, [raised()], [raised(), changed(OCT_31, **DONE)]),
        (
            Cause.REOPENED,
            [raised(), changed(OCT_3, **DONE | {"completed_on": OCT_3})],
            [raised(), changed(OCT_31, completed_on=None)],
        ),
        (Cause.ALLOCATED, [raised(owner=None)], [raised()]),
        (Cause.DEALLOCATED, [raised()], [raised(), changed(OCT_31, owner=None)]),
        (Cause.CLOSED, [raised()], [raised(), changed(OCT_31, **ACCEPTED)]),
        (
            Cause.EXPIRED,
            [raised(), changed(OCT_3, **ACCEPTED, expires_on=OCT_31)],
            [raised(), changed(OCT_3, **ACCEPTED, expires_on=OCT_31)],
        ),
        (
            Cause.EXPIRED,
            [raised(), changed(OCT_3, **ACCEPTED, expires_on=OCT_31)],
            [raised(), changed(date(2023, 11, 2), completed_on=date(2023, 11, 2))],
        ),
        (
            Cause.REOPENED,  # it was accepted up to and with that day
            [raised(), changed(OCT_3, **ACCEPTED, expires_on=NOV_30)],
            [raised(), changed(NOV_30, completed_on=NOV_30)],
        ),
        (
            Cause.REOPENED,
            [raised(), changed(OCT_3, **ACCEPTED)],
            [raised(), changed(OCT_31, due_on=NOV_30)],
        ),
    ],
)  # fmt: skip
def test_each_cause(cause: Cause, before: list[Change], after: list[Change]) -> None:
    assert cause_of(position(OCT_3, *before), position(NOV_30, *after), NOV_30) is cause


def test_a_bridge_has_a_line_for_each_cause_with_its_references() -> None:
    actions = [
        [raised("0", due_on=date(2024, 6, 1))],
        [raised("1", due_on=OCT_31)],
        [raised("2", due_on=date(2023, 9, 1)), changed(OCT_31, "2", **DONE)],
        [raised("3", due_on=date(2023, 9, 1)), changed(OCT_31, "3", priority="Low")],
        [raised("10", due_on=date(2023, 9, 1)), changed(OCT_31, "10", directorate="housing")],
    ]
    opening, closing = positions(OCT_3, *actions), positions(NOV_30, *actions)
    finance, housing = movement(opening, closing, (OCT_3, NOV_30), PRIORITIES)
    assert finance.lines == (
        Step(Cause.OPENING, 3, (3, 0, 0), ()),
        Step(Cause.NEWLY_OVERDUE, 1, (1, 0, 0), ("1",), entered=1),
        Step(Cause.COMPLETED, -1, (-1, 0, 0), ("2",), left=1),
        Step(Cause.REGRADED_IN, 1, (0, 0, 1), ("3",), entered=1),
        Step(Cause.REGRADED_OUT, -1, (-1, 0, 0), ("3",), left=1),
        Step(Cause.MOVED_OUT, -1, (-1, 0, 0), ("10",), left=1),
        Step(Cause.CLOSING, 2, (1, 0, 1), ()),
    )
    assert [line.cause for line in housing.lines] == [Cause.OPENING, Cause.MOVED_IN, Cause.CLOSING]
    assert finance.line(Cause.COMPLETED) == finance.lines[2]
    assert finance.line(Cause.REMOVED) is None
    assert say_steps(finance) == "1 entered: 1 newly overdue. 2 left: 1 completed, 1 moved out."
    named = movement(opening, closing, (OCT_3, NOV_30), PRIORITIES, refs=True)[0]
    assert (named.opening.refs, named.closing.refs) == (("2", "3", "10"), ("1", "3"))
    back = movement(closing, opening, (NOV_30, OCT_3), PRIORITIES, refs=True)[0]
    assert (back.opening.refs, back.closing.refs) == (("1", "3"), ("2", "3", "10"))


def test_what_was_redated_just_before_it_fell_due_is_found() -> None:
    later = date(2024, 1, 1)
    actions = [
        [raised("3", due_on=date(2023, 9, 1)), changed(OCT_31, "3", due_on=later)],
        [raised("10", due_on=OCT_31), changed(OCT_31, "10", due_on=later)],
        [raised("9", due_on=OCT_31), changed(OCT_31, "9", due_on=later)],
        [raised("2", due_on=NOV_30), changed(OCT_31, "2", due_on=later)],
    ]
    found = redated_in_time(positions(OCT_3, *actions), positions(NOV_30, *actions), NOV_30)
    assert found == ["9", "10"]


def test_a_bridge_that_does_not_balance_is_named() -> None:
    lines = (Step(Cause.OPENING, 3, (3,), ()), Step(Cause.CLOSING, 2, (2,), ()))
    bridge = Bridge("22/23", "finance", "Overdue", lines)
    assert unbalanced([bridge]) == [
        "22/23 finance Overdue: the movement comes to 3, and the closing figure is 2"
    ]


_standings = st.builds(
    Standing, st.none() | days | st.just(FOREVER), st.booleans(), st.none() | days
)


@st.composite
def _ends(draw: st.DrawFn) -> tuple[dict[str, Position], dict[str, Position], date, date]:
    """Two ends that have nothing to do with each other, as after any number of corrections."""
    first, last = draw(days), draw(days)
    ends: list[dict[str, Position]] = []
    for day in (first, last):
        found = {}
        for ref in draw(st.sets(st.sampled_from("123456789"))):
            stands = draw(_standings)
            year, group = draw(st.sampled_from(["22/23", "23/24"])), draw(st.sampled_from("ab"))
            priority = draw(st.sampled_from(PRIORITIES))
            found[ref] = Position(year, group, priority, status_as_of(stands, day), stands)
        ends.append(found)
    return ends[0], ends[1], first, last


def _counted(where: dict[str, Position], bridge: Bridge) -> Counter[str]:
    return Counter(
        one.priority
        for one in where.values()
        if (one.year, one.group) == (bridge.year, bridge.group)
        and one.status in COUNTED
        and bridge.status in (one.status.value, TOTALS)
    )


@given(_ends())
def test_every_bridge_balances_whatever_happened_in_between(
    ends: tuple[dict[str, Position], dict[str, Position], date, date],
) -> None:
    opening, closing, first, last = ends
    bridges = movement(opening, closing, (first, last), PRIORITIES, ALL)
    assert unbalanced(bridges) == []
    for bridge in bridges:
        for line, where in ((bridge.opening, opening), (bridge.closing, closing)):
            counted = _counted(where, bridge)
            assert line.by_priority == tuple(counted[p] for p in PRIORITIES)
            assert line.total == counted.total()
        for line in bridge.causes:
            assert line.total == sum(line.by_priority) == line.entered - line.left
            assert line.refs
        stands_on = Counter(ref for line in bridge.causes for ref in line.refs)
        regraded = bridge.line(Cause.REGRADED_IN)
        for ref, lines in stands_on.items():
            assert lines == (2 if regraded and ref in regraded.refs else 1)


@given(_ends())
def test_the_other_direction_is_the_same_with_its_signs_turned(
    ends: tuple[dict[str, Position], dict[str, Position], date, date],
) -> None:
    opening, closing, first, last = ends
    if first == last:
        return
    there = movement(opening, closing, (first, last), PRIORITIES, ALL)
    back = movement(closing, opening, (last, first), PRIORITIES, ALL)
    turned = {Cause.REGRADED_IN: Cause.REGRADED_OUT, Cause.MOVED_IN: Cause.MOVED_OUT}
    turned |= {after: before for before, after in turned.items()}
    for one, other in zip(there, back, strict=True):
        assert (one.opening.total, one.closing.total) == (other.closing.total, other.opening.total)
        found = {line.cause: line for line in other.causes}
        for line in one.causes:
            mirrored = found.pop(turned.get(line.cause, line.cause))
            assert mirrored.by_priority == tuple(-n for n in line.by_priority)
            assert (mirrored.refs, mirrored.entered, mirrored.left) == (
                line.refs,
                line.left,
                line.entered,
            )
        assert not found


@given(st.lists(action_changes(most=4), max_size=4), days, days)
def test_histories_balance_and_have_one_cause_each(
    histories: list[list[Change]], first: date, last: date
) -> None:
    actions = [
        [change._replace(ref=str(n)) for change in changes] for n, changes in enumerate(histories)
    ]
    opening, closing = positions(first, *actions), positions(last, *actions)
    bridges = movement(opening, closing, (first, last), PRIORITIES, ALL)
    assert unbalanced(bridges) == []
    if first < last:
        lost = {ref for one in bridges if (line := one.line(Cause.REMOVED)) for ref in line.refs}
        assert not lost, "nothing that was there on a day is gone on a later one"


@given(st.lists(action_changes(), max_size=4), days)
def test_where_actions_stand_is_counted_as_a_tally_counts(
    drawn: list[list[Change]], day: date
) -> None:
    told = [[change._replace(ref=f"A{n}") for change in changes] for n, changes in enumerate(drawn)]
    where = positions(day, *told)
    counts = buckets_of(where)
    assert counts.total() == len(where)
    for bucket, n in counts.items():
        alike = [
            one for one in where.values()
            if (one.year, one.group, one.status, one.priority) == tuple(
                getattr(bucket, name) for name in ("year", "group", "status", "priority")
            )
        ]  # fmt: skip
        assert len(alike) == n


def test_bridges_are_in_the_order_of_years_and_of_priorities_or_names() -> None:
    def groups(*of: tuple[str, str | None]) -> list[tuple[str, str | None]]:
        stands = Standing(None, completed=False, due_on=OCT_3)
        there = {
            f"A{n}": Position(year, group, "High", status_as_of(stands, OCT_31), stands)
            for n, (year, group) in enumerate(of)
        }
        made = movement(there, there, (OCT_3, OCT_31), PRIORITIES)
        return [(bridge.year, bridge.group) for bridge in made]

    a, b, none, early = ("22/23", "a"), ("22/23", "b"), ("22/23", None), ("21/22", "b")
    assert groups(none, b, a, early) == [early, a, b, none]
    high, low = ("22/23", "High"), ("22/23", "Low")
    assert groups(low, none, high, a) == [high, low, a, none]
