"""The forward look: what falls due, and whose commentary has gone stale."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import changed, direction, history, milestone, note, raised

from irbtrack.domain.figures.forward import STALE_AFTER, Due, due_between, stale
from irbtrack.domain.journal import version_on
from irbtrack.domain.nouns.action import Action, Closure, standing
from irbtrack.domain.nouns.status import status_as_of

DAY, UNTIL = date(2023, 10, 31), date(2023, 11, 30)
ONE_DAY = timedelta(days=1)


def action(ref: str = "2223-001", **fields: Any) -> Action:
    """An action as it stands on the day."""
    found = version_on(history(raised(ref, **fields)), DAY)
    assert found is not None
    return found


def due(*things: Any) -> list[Due]:
    """Which of some actions, milestones and directions fall due."""
    kinds: dict[str, list[Any]] = {"action": [], "milestone": [], "direction": []}
    for one in things:
        kinds[one.NOUN].append(one)
    return due_between(kinds["action"], kinds["milestone"], kinds["direction"], DAY, UNTIL)


def refs(found: list[Due]) -> list[str]:
    return [one.ref for one in found]


@pytest.mark.parametrize(
    ("day", "is_due"),
    [(DAY - ONE_DAY, False), (DAY, True), (UNTIL, True), (UNTIL + ONE_DAY, False), (None, False)],
)
def test_both_days_of_the_period_count(day: date | None, *, is_due: bool) -> None:
    there = [action(due_on=day), milestone(forecast_on=day), direction(target_on=day)]
    assert len(due(*there)) == 3 * is_due


def test_each_is_told_with_who_answers_for_it_and_how_it_stands() -> None:
    found = due(
        action(due_on=UNTIL),
        milestone(forecast_on=UNTIL, direction="3a", rag="G"),
        direction(
            target_on=UNTIL,
            strategic_leads=("chief-executive",),
            operational_leads=("ed-finance", "ed-place"),
            members=("leader",),
        ),
    )
    leads = ("chief-executive", "ed-finance", "ed-place")
    assert found == [
        Due(UNTIL, "direction", "3a", "Financial Sustainability", leads, "A"),
        Due(UNTIL, "milestone", "M1", "Ledger closed", leads, "G"),
        Due(
            *(UNTIL, "action", "2223-001", "Reconcile the suspense account monthly"),
            posts=("ed-finance",),
            state="High",
        ),
    ]


def test_what_nobody_answers_for_is_told_all_the_same() -> None:
    found = due(
        action(due_on=UNTIL, owner=None),
        milestone(forecast_on=UNTIL, direction=None),
        direction(target_on=UNTIL),
    )
    assert [one.posts for one in found] == [(), (), ()]


def test_a_milestone_of_a_direction_that_is_not_there_has_no_posts() -> None:
    [one] = due(milestone(forecast_on=UNTIL, direction="9"))
    assert one.posts == ()


def test_what_is_complete_closed_or_dropped_does_not_fall_due() -> None:
    closed = {"closed_on": DAY, "closed_as": Closure.WITHDRAWN.value}
    assert (
        due(
            action("2223-001", due_on=UNTIL, completed_on=DAY),
            action("2223-002", due_on=UNTIL, **closed),
            milestone(forecast_on=UNTIL, rag="C", rag_on=DAY),
            milestone("M2", forecast_on=UNTIL, dropped_on=DAY),
            direction(target_on=UNTIL, rag="C"),
        )
        == []
    )


def test_an_action_is_as_it_stands_on_the_day() -> None:
    versions = history(raised(due_on=UNTIL), changed(UNTIL, completed_on=UNTIL))
    then = version_on(versions, DAY)
    assert then is not None
    assert refs(due(then)) == ["2223-001"]


def test_what_falls_due_comes_by_date_and_directions_before_milestones_before_actions() -> None:
    first = DAY + ONE_DAY
    found = due(
        action("2223-010", due_on=first),
        action("2223-9", due_on=first),
        milestone("M10", forecast_on=first),
        milestone("M9", forecast_on=first),
        milestone("M1", forecast_on=UNTIL),
        direction("3b", target_on=first),
        direction("10", target_on=first),
        action("2223-001", due_on=DAY),
    )
    assert refs(found) == ["2223-001", "3b", "10", "M9", "M10", "2223-9", "2223-010", "M1"]


near = st.none() | st.dates(DAY - timedelta(days=40), UNTIL + timedelta(days=40))


@given(st.lists(near, max_size=6), st.dates(DAY, UNTIL))
def test_two_periods_one_after_the_other_hold_what_the_whole_holds(
    dates: list[date | None], middle: date
) -> None:
    there = [milestone(f"M{n}", forecast_on=day) for n, day in enumerate(dates)]
    whole = due_between([], there, [], DAY, UNTIL)
    first = due_between([], there, [], DAY, middle)
    second = due_between([], there, [], middle + ONE_DAY, UNTIL)
    assert [*first, *second] == whole


@given(st.lists(near, max_size=6))
def test_no_action_that_falls_due_is_overdue(dates: list[date | None]) -> None:
    there = [action(f"2223-{n}", due_on=day) for n, day in enumerate(dates)]
    by_ref = {one.ref: one for one in there}
    for one in due(*there):
        assert status_as_of(standing(by_ref[one.ref]), DAY).value == "Not Due"
        assert DAY <= one.due_on <= UNTIL


def test_commentary_of_35_days_ago_is_not_stale_and_older_is() -> None:
    assert STALE_AFTER == 35
    one = direction()
    for days, found in ((0, []), (35, []), (36, [DAY - timedelta(days=36)])):
        told = {"3a": [note(dated_on=DAY - timedelta(days=days)), note(dated_on=date(2023, 1, 1))]}
        assert [dated for _, dated in stale([one], told, DAY)] == found


def test_a_direction_of_which_nothing_was_ever_said_is_stale() -> None:
    one = direction()
    assert stale([one], {"3a": []}, DAY) == [(one, None)]


def test_a_complete_direction_needs_no_commentary() -> None:
    told = {"3a": [note(dated_on=date(2023, 1, 1))], "4": []}
    assert stale([direction(rag="C"), direction("4", rag="C")], told, DAY) == []
