"""The plan on a page: workstreams one within another, and what becomes of milestones."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_days, days, milestone, rags, workstream

from irbtrack.domain.answers import Mark
from irbtrack.domain.figures.plan_on_a_page import (
    milestones_table,
    month_from,
    months_around,
    timeline,
)
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.milestone import (
    Milestone,
    in_plan,
    is_late,
    milestone_changes,
    refuse_if_backwards,
    slipped_days,
    upon,
)
from irbtrack.domain.nouns.workstream import Workstream, outline, plan_of, refuse_if_circular
from irbtrack.errors import Refused

DAY = date(2023, 10, 31)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def refusal_of(call: Any, *arguments: Any) -> str:
    """The sentence that a call is refused with."""
    with pytest.raises(Refused) as refusal:
        call(*arguments)
    return str(refusal.value)


@st.composite
def forests(draw: st.DrawFn) -> list[Workstream]:
    """Workstreams, each within an earlier one or none, shuffled."""
    made: list[Workstream] = []
    for n in range(draw(st.integers(0, 12))):
        within = draw(st.none() | st.sampled_from([one.ref for one in made])) if made else None
        made.append(workstream(f"w{n}", within, draw(st.integers(1, 4))))
    return draw(st.permutations(made))


PLAN = [
    workstream("finance", position=2),
    workstream("people", position=1),
    workstream("ledger", "finance", 2),
    workstream("budget", "finance", 1),
    workstream("closing", "ledger", 1),
    workstream("w10", "people", 1),
    workstream("w9", "people", 1),
]
BY_REF = {one.ref: one for one in PLAN}


def outlined(top: str | None = None) -> list[tuple[int, str]]:
    return [(depth, one.ref) for depth, one in outline(PLAN, top)]


def test_each_workstream_comes_after_the_one_it_is_within_by_its_place() -> None:
    assert outlined() == [
        (0, "people"),
        (1, "w9"),
        (1, "w10"),
        (0, "finance"),
        (1, "budget"),
        (1, "ledger"),
        (2, "closing"),
    ]


def test_an_outline_may_begin_at_any_workstream() -> None:
    assert outlined("finance") == [(0, "finance"), (1, "budget"), (1, "ledger"), (2, "closing")]
    assert outlined("ledger") == [(0, "ledger"), (1, "closing")]
    assert outlined("closing") == [(0, "closing")]


@given(forests())
def test_every_workstream_is_in_the_outline_once_and_one_deeper_than_its_parent(
    there: list[Workstream],
) -> None:
    made = outline(there)
    assert sorted(one.ref for _, one in made) == sorted(one.ref for one in there)
    depths = {one.ref: depth for depth, one in made}
    places = {one.ref: place for place, (_, one) in enumerate(made)}
    for one in there:
        assert depths[one.ref] == (0 if one.within is None else depths[one.within] + 1)
        assert one.within is None or places[one.within] < places[one.ref]


@given(forests())
def test_the_outlines_of_the_plans_make_the_whole_outline(there: list[Workstream]) -> None:
    whole = outline(there)
    plans = [one.ref for depth, one in whole if depth == 0]
    assert [row for plan in plans for row in outline(there, plan)] == whole
    by_ref = {one.ref: one for one in there}
    for plan in plans:
        assert all(plan_of(by_ref, one.ref).ref == plan for _, one in outline(there, plan))


def test_a_plan_is_the_outermost_workstream() -> None:
    assert plan_of(BY_REF, "closing").ref == "finance"
    assert plan_of(BY_REF, "people").ref == "people"


def within(*links: tuple[str, str | None]) -> dict[str, Workstream]:
    """Workstreams, each with what it is within."""
    return {ref: workstream(ref, outer) for ref, outer in links}


def test_a_workstream_cannot_be_within_itself() -> None:
    assert refusal_of(refuse_if_circular, BY_REF | within(("ledger", "ledger"))) == (
        "ledger within ledger would be a circle; put one of them elsewhere first"
    )


def test_a_workstream_cannot_be_within_one_that_is_within_it() -> None:
    assert refusal_of(refuse_if_circular, within(("a", "b"), ("b", "a"))) == (
        "a within b within a would be a circle; put one of them elsewhere first"
    )
    assert refusal_of(refuse_if_circular, BY_REF | within(("finance", "closing"))) == (
        "finance within closing within ledger within finance would be a circle; put one of"
        " them elsewhere first"
    )


def test_a_workstream_that_leads_into_a_circle_is_not_named_for_it() -> None:
    links = within(("a", "b"), ("b", "c"), ("c", "b"))
    assert refusal_of(refuse_if_circular, links).startswith("b within c within b would be")


def test_a_workstream_within_one_that_is_not_there_is_no_circle() -> None:
    refuse_if_circular(within(("a", "gone"), ("b", "a")))


def test_a_workstream_within_one_that_is_not_there_stands_for_itself() -> None:
    there = within(("a", "gone"), ("b", "a"))
    assert [(depth, one.ref) for depth, one in outline(there.values())] == [(0, "a"), (1, "b")]
    assert plan_of(there, "b").ref == "a"


@given(forests(), st.data())
def test_a_link_is_refused_if_and_only_if_it_closes_a_circle(
    there: list[Workstream], data: st.DataObject
) -> None:
    there = [*there, workstream("one"), workstream("other")]
    ref, outer = (data.draw(st.sampled_from([one.ref for one in there])) for _ in "12")
    links = {one.ref: one for one in there} | within((ref, outer))
    if outer in {one.ref for _, one in outline(there, ref)}:
        assert "would be a circle" in refusal_of(refuse_if_circular, links)
    else:
        refuse_if_circular(links)


@given(forests())
def test_no_forest_is_refused(there: list[Workstream]) -> None:
    refuse_if_circular({one.ref: one for one in there})


def test_milestones_upon_an_outline_come_in_the_order_of_its_rows() -> None:
    there = [
        milestone(ref, workstream=where)
        for ref, where in (("M1", "ledger"), ("M2", "budget"), ("M3", "people"), ("M4", "budget"))
    ]
    assert [one.ref for one in upon(outline(PLAN, "finance"), there)] == ["M2", "M4", "M1"]


def test_a_bar_that_would_end_before_it_starts_is_refused() -> None:
    assert refusal_of(refuse_if_backwards, "Ledger closed", DAY, BEFORE) == (
        "'Ledger closed' cannot end on 30 October 2023, before it starts on 31 October 2023;"
        " give a later end or an earlier start"
    )


def test_a_bar_without_an_end_is_refused() -> None:
    assert refusal_of(refuse_if_backwards, "Ledger closed", DAY, None) == (
        "'Ledger closed' would start on 31 October 2023 and have no end; give its date"
    )


@pytest.mark.parametrize(("starts", "ends"), [(DAY, DAY), (BEFORE, DAY), (None, DAY), (None, None)])
def test_a_bar_of_a_day_a_point_and_an_item_without_dates_are_not(
    starts: date | None, ends: date | None
) -> None:
    refuse_if_backwards("Ledger closed", starts, ends)


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
    assert milestone_changes(bar, {"forecast_on": BEFORE}) == {"forecast_on": BEFORE}
    late = {"starts_on": AFTER + timedelta(days=1)}
    for given_ in (late, {"forecast_on": BEFORE - timedelta(days=1)}):
        assert "before it starts" in refusal_of(milestone_changes, bar, given_)
    assert "have no end" in refusal_of(milestone_changes, bar, {"forecast_on": None})
    moved = late | {"forecast_on": date(2023, 12, 31)}
    assert milestone_changes(bar, moved) == moved
    assert milestone_changes(bar, {"starts_on": None, "forecast_on": None}) == {
        "starts_on": None,
        "forecast_on": None,
    }


def test_a_refusal_names_the_title_as_it_is_now() -> None:
    given_ = {"title": "Ledger shut", "starts_on": AFTER}
    assert refusal_of(milestone_changes, milestone(), given_).startswith("'Ledger ")


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


def test_a_row_says_how_far_a_milestone_slipped_and_whether_it_is_late() -> None:
    one = milestone(
        workstream="closing",
        baseline_on=date(2023, 9, 30),
        times_redated=1,
        rag="A",
        direction="3a",
    )
    table = milestones_table([one], BY_REF, AFTER)
    assert dict(zip([c.name for c in table.columns], table.rows[0], strict=True)) == {
        "plan": "Finance",
        "workstream": "closing",
        "workstream_name": "Closing",
        "ref": "M1",
        "title": "Ledger closed",
        "direction": "3a",
        "starts_on": None,
        "baseline_on": date(2023, 9, 30),
        "forecast_on": DAY,
        "slipped_days": 31,
        "times_redated": 1,
        "rag": "A",
        "completed_on": None,
        "late": True,
    }


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (DAY, 0, date(2023, 10, 1)),
        (DAY, 2, date(2023, 12, 1)),
        (DAY, 3, date(2024, 1, 1)),
        (DAY, -9, date(2023, 1, 1)),
        (DAY, -10, date(2022, 12, 1)),
        (date(2023, 1, 31), 1, date(2023, 2, 1)),
        (DAY, 120, date(2033, 10, 1)),
    ],
)
def test_months_are_counted_over_the_years(day: date, months: int, expected: date) -> None:
    assert month_from(day, months) == expected


@given(any_days, st.integers(-600, 600), st.integers(-600, 600))
def test_months_add_up(day: date, some: int, more: int) -> None:
    assert month_from(month_from(day, some), more) == month_from(day, some + more)
    assert month_from(day, 0) == day.replace(day=1)


def test_a_plan_shows_a_year_and_a_month_around_its_day() -> None:
    assert months_around(DAY) == (date(2023, 2, 1), date(2024, 2, 1))
    assert months_around(date(2024, 1, 1)) == (date(2023, 5, 1), date(2024, 5, 1))


def test_what_is_late_since_before_the_months_drawn_says_since_when() -> None:
    late = milestone(workstream="people", baseline_on=DAY)
    over = milestone("M2", workstream="people", baseline_on=DAY, rag="C", rag_on=DAY)
    shown = (date(2023, 11, 1), date(2023, 12, 1))
    table = milestones_table([late, over], BY_REF, AFTER)
    drawing = timeline([late, over], outline(PLAN, "people")[:1], AFTER, shown, table)
    assert drawing.rows[0][2] == (
        Mark("Ledger closed (late, 31 Oct 2023)", None, DAY, DAY, None, True),
        Mark("Ledger closed", None, DAY, DAY, "C"),
    )


def test_a_drawing_has_a_row_for_each_workstream_with_its_marks() -> None:
    there = [
        milestone("M1", workstream="budget", rag="A", baseline_on=date(2023, 9, 30)),
        milestone("M2", workstream="ledger", starts_on=BEFORE, baseline_on=DAY),
        milestone("M3", workstream="ledger", forecast_on=None),
        milestone("M4", workstream="ledger", forecast_on=AFTER, baseline_on=date(2023, 11, 4)),
        milestone("M5", workstream="people"),
    ]
    table = milestones_table(there, BY_REF, AFTER)
    shown = (date(2023, 9, 1), date(2023, 12, 1))
    drawing = timeline(there, outline(PLAN, "finance"), AFTER, shown, table)
    assert (drawing.first, drawing.until) == (date(2023, 9, 1), date(2024, 1, 1))
    assert (drawing.today, drawing.table) == (AFTER, table)
    assert drawing.rows == (
        (0, "Finance", ()),
        (
            1,
            "Budget",
            (Mark("Ledger closed (+31d, late)", None, date(2023, 9, 30), DAY, "A", True),),
        ),
        (
            1,
            "Ledger",
            (
                Mark("Ledger closed (late)", BEFORE, DAY, DAY, None, True),
                Mark("Ledger closed (no date)", None, None, None, None),
                Mark("Ledger closed (-3d)", None, date(2023, 11, 4), AFTER, None),
            ),
        ),
        (2, "Closing", ()),
    )


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
