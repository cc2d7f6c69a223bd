"""Milestones: what changes them, how far they slipped, and when they are late or complete."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.records import replace
from shared.strategies import any_days, days, found_wrong, milestone, rags

from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.milestone import (
    Milestone,
    in_plan,
    is_late,
    milestone_changes,
    slipped_days,
)
from irbtrack.errors import Refused

DAY = date(2023, 10, 31)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def refusal_of(call: Any, *arguments: Any) -> str:
    """The sentence that a call is refused with."""
    with pytest.raises(Refused) as refusal:
        call(*arguments)
    return str(refusal.value)


def test_a_bar_that_would_end_before_it_starts_is_refused() -> None:
    assert found_wrong(milestone(starts_on=DAY, forecast_on=BEFORE)) == [
        (
            "forecast_on",
            "'Ledger closed' cannot end on 30 October 2023, before it starts on 31 October 2023;"
            " give a later end or an earlier start",
        )
    ]


def test_a_bar_without_an_end_is_refused() -> None:
    assert found_wrong(milestone(starts_on=DAY, forecast_on=None)) == [
        (
            "forecast_on",
            "'Ledger closed' would start on 31 October 2023 and have no end; give its date",
        )
    ]


@pytest.mark.parametrize(("starts", "ends"), [(DAY, DAY), (BEFORE, DAY), (None, DAY), (None, None)])
def test_a_bar_of_a_day_a_point_and_an_item_without_dates_are_not(
    starts: date | None, ends: date | None
) -> None:
    assert found_wrong(milestone(starts_on=starts, forecast_on=ends)) == []


def test_a_milestone_is_not_dropped_on_a_day_to_come() -> None:
    assert found_wrong(milestone(dropped_on=DAY), DAY) == []
    assert found_wrong(milestone(dropped_on=DAY), BEFORE) == [
        (
            "dropped_on",
            "M1 is dropped on 31 October 2023, and cannot be so from 30 October 2023 on, which is"
            " earlier; give an earlier day",
        )
    ]


def test_only_what_differs_is_changed_and_a_rating_is_confirmed() -> None:
    then = milestone(rag="G", direction="3a")
    same = {"title": then.title, "direction": "3a", "forecast_on": then.forecast_on}
    assert milestone_changes(then, same) == {}
    assert milestone_changes(then, same | {"rag": "G"}) == {"rag": "G"}
    assert milestone_changes(then, same | {"rag": "A", "title": "Ledger shut"}) == {
        "title": "Ledger shut",
        "rag": "A",
    }


FIRST = Change("milestone", "M1", date(2023, 1, 1), {"title": "x", "workstream": "ledger"})


def completions(*told: tuple[date, str]) -> list[date | None]:
    """The day of completion by each version that ratings give."""
    changes = [FIRST, *(Change("milestone", "M1", on, {"rag": rag}) for on, rag in told)]
    return [v.record.completed_on for v in fold(Milestone, "M1", changes)]


def test_a_rating_of_c_is_its_completion_on_that_day_and_another_takes_it_back() -> None:
    for rag in "RAG":
        assert completions((BEFORE, rag), (DAY, "C"), (AFTER, rag)) == [None, None, DAY, None]


def test_a_rating_of_c_given_again_does_not_complete_it_again() -> None:
    assert completions((BEFORE, "C"), (DAY, "C")) == [None, BEFORE]
    assert completions((BEFORE, "C"), (DAY, "R"), (AFTER, "C")) == [None, BEFORE, None, AFTER]


def test_an_earlier_completion_that_is_recorded_later_is_that_of_the_earlier_day() -> None:
    assert completions((DAY, "C"), (BEFORE, "C")) == [None, BEFORE]


@given(st.lists(st.tuples(days, rags), max_size=6))
def test_it_is_complete_if_and_only_if_its_rating_is_c(told: list[tuple[date, str]]) -> None:
    changes = [FIRST, *(Change("milestone", "M1", on, {"rag": rag}) for on, rag in told)]
    for version in fold(Milestone, "M1", changes):
        one = version.record
        assert (one.completed_on is not None) == (one.rag == "C")
        assert one.completed_on is None or one.completed_on <= version.valid_from


def test_a_milestone_that_was_dropped_is_left_alone() -> None:
    dropped = milestone(dropped_on=BEFORE)
    for given_ in ({"rag": "A"}, {"title": dropped.title}, {"dropped_on": DAY}):
        assert refusal_of(milestone_changes, dropped, given_) == (
            "M1 was dropped on 30 October 2023; 'irbtrack undo' takes that back"
        )


def test_a_change_of_either_end_must_fit_the_other() -> None:
    bar = milestone(starts_on=BEFORE, forecast_on=AFTER)

    def refused(**given: date | None) -> str:
        return "; ".join(why for _, why in found_wrong(replace(bar, **given)))

    late = AFTER + timedelta(days=1)
    assert refused(forecast_on=BEFORE) == ""
    assert "before it starts" in refused(starts_on=late)
    assert "before it starts" in refused(forecast_on=BEFORE - timedelta(days=1))
    assert "have no end" in refused(forecast_on=None)
    assert refused(starts_on=late, forecast_on=date(2023, 12, 31)) == ""
    assert refused(starts_on=None, forecast_on=None) == ""


@given(any_days, any_days)
def test_slipping_is_counted_in_days_and_earlier_is_less_than_nothing(
    baseline: date, forecast: date
) -> None:
    found = slipped_days(milestone(baseline_on=baseline, forecast_on=forecast))
    assert baseline + timedelta(days=found) == forecast


def test_what_has_no_date_has_not_slipped() -> None:
    assert slipped_days(milestone(baseline_on=None, forecast_on=None)) == 0
    assert slipped_days(milestone(baseline_on=DAY, forecast_on=None)) == 0


def test_a_milestone_is_late_from_the_day_after_its_date() -> None:
    due = milestone(forecast_on=DAY)
    assert [is_late(due, day) for day in (BEFORE, DAY, AFTER)] == [False, False, True]
    assert not is_late(milestone(forecast_on=DAY, rag="C", rag_on=DAY), AFTER)
    assert not is_late(milestone(forecast_on=None), AFTER)


forecasts = st.lists(st.tuples(days, st.none() | days), min_size=1, max_size=8)


@given(forecasts)
def test_the_baseline_is_the_first_forecast_and_never_changes(
    told: list[tuple[date, date | None]],
) -> None:
    changes = [FIRST, *(Change("milestone", "M1", on, {"forecast_on": day}) for on, day in told)]
    versions = fold(Milestone, "M1", changes)
    baselines = [v.record.baseline_on for v in versions]
    known = [one for one in baselines if one is not None]
    assert len(set(known)) <= 1
    assert baselines == [None] * (len(baselines) - len(known)) + known
    in_effect = [day for _, day in sorted(told, key=lambda one: one[0]) if day is not None]
    assert known[:1] == in_effect[:1]


def test_a_forecast_that_moves_keeps_the_baseline_and_is_counted() -> None:
    dates = [date(2023, 9, 30), date(2023, 10, 31), date(2023, 10, 31), date(2023, 9, 30)]
    changes = [
        Change("milestone", "M1", date(2023, 1, n), {"forecast_on": day})
        for n, day in enumerate(dates, 2)
    ]
    versions = fold(Milestone, "M1", [FIRST, *changes])
    assert [(v.record.baseline_on, v.record.times_redated) for v in versions] == [
        (None, 0),
        (dates[0], 0),
        (dates[0], 1),
        (dates[0], 2),
    ]
    assert [slipped_days(v.record) for v in versions] == [0, 0, 31, 0]


def test_milestones_come_by_their_beginning_and_undated_ones_last() -> None:
    there = [
        milestone("M10", forecast_on=None),
        milestone("M9", forecast_on=None),
        milestone("M1", forecast_on=DAY),
        milestone("M2", starts_on=BEFORE, forecast_on=date(2024, 1, 31)),
        milestone("M3", starts_on=BEFORE, forecast_on=AFTER),
        milestone("M4", forecast_on=BEFORE),
        milestone("M5", forecast_on=BEFORE, dropped_on=DAY),
    ]
    assert [one.ref for one in in_plan(there)] == ["M4", "M3", "M2", "M1", "M9", "M10"]


rated = st.lists(st.tuples(st.dates(DAY, DAY + timedelta(days=12)), rags), min_size=1, max_size=8)


@given(rated, st.dates(DAY, DAY + timedelta(days=14)))
def test_a_milestone_is_complete_from_the_day_its_rating_is_c(
    told: list[tuple[date, str | None]], day: date
) -> None:
    first = Change("milestone", "M1", DAY, {"title": "M", "workstream": "people"})
    changes = [first, *(Change("milestone", "M1", on, {"rag": rag}) for on, rag in told)]
    then = version_on(fold(Milestone, "M1", changes), day)
    assert then is not None
    by_day = {on: rag for on, rag in sorted(told, key=lambda one: one[0]) if on <= day}
    run: date | None = None
    for before, on in zip([None, *by_day], by_day, strict=False):
        if before is None or by_day[before] != by_day[on]:
            run = on if by_day[on] == "C" else None
    assert then.completed_on == run
