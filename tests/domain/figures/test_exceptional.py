"""Reporting by exception: what changed or was missed between two days, with commentary."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import direction, milestone, rags, workstream

from irbtrack.domain.figures.exceptional import Exceptional, Item, exceptions, items

SINCE, UNTIL = date(2023, 10, 3), date(2023, 10, 31)
ONE_DAY = timedelta(days=1)
LATER = date(2024, 3, 31)


def item(
    ref: str = "M1",
    rag: str | None = "G",
    due_on: date | None = LATER,
    *,
    complete: bool = False,
    dropped: bool = False,
    noun: str = "milestone",
) -> Item:
    return Item("Finance", "Ledger closed", noun, ref, rag, due_on, complete, dropped)


def found(before: list[Item], now: list[Item]) -> list[Exceptional]:
    return exceptions(before, now, SINCE, UNTIL)


def reasons(before: Item | None, now: Item) -> list[str]:
    """Why one item is an exception; empty if it is none."""
    made = found([] if before is None else [before], [now])
    return made[0].reasons if made else []


def test_a_rating_that_changed_is_an_exception() -> None:
    [one] = found([item(rag="G")], [item(rag="A")])
    assert (one.item, one.rag_before, one.due_before, one.passed) == (
        item(rag="A"),
        "G",
        LATER,
        False,
    )
    assert one.reasons == ["Green to Amber"]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("A", "C", "Amber to Complete"),
        ("R", "G", "Red to Green"),
        (None, "R", "Not rated to Red"),
        ("A", None, "Amber to not rated"),
    ],
)
def test_a_better_rating_a_first_one_and_a_lost_one_are_exceptions_too(
    before: str | None, now: str | None, said: str
) -> None:
    assert reasons(item(rag=before), item(rag=now)) == [said]


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (date(2023, 12, 1), LATER, "moved from 1 Dec 2023 to 31 Mar 2024"),
        (LATER, date(2023, 12, 1), "moved from 31 Mar 2024 to 1 Dec 2023"),
        (None, LATER, "moved from no date to 31 Mar 2024"),
        (LATER, None, "moved from 31 Mar 2024 to no date"),
    ],
)
def test_a_date_that_moved_is_an_exception(
    before: date | None, now: date | None, said: str
) -> None:
    assert reasons(item(due_on=before), item(due_on=now)) == [said]


@pytest.mark.parametrize(
    ("due_on", "passed"),
    [
        (SINCE - ONE_DAY, False),
        (SINCE, True),
        (date(2023, 10, 15), True),
        (UNTIL - ONE_DAY, True),
        (UNTIL, False),
        (UNTIL + ONE_DAY, False),
        (None, False),
    ],
)
def test_a_date_passes_the_day_after_it(due_on: date | None, *, passed: bool) -> None:
    one = item(due_on=due_on)
    assert [e.passed for e in found([one], [one])] == [True] * passed


def test_what_is_said_of_a_date_that_passed_is_the_date() -> None:
    one = item(due_on=date(2023, 10, 15))
    assert reasons(one, one) == ["due 15 Oct 2023 and not complete"]


def test_the_date_of_what_is_complete_does_not_pass() -> None:
    complete = item(rag="C", due_on=date(2023, 10, 15), complete=True)
    assert found([complete], [complete]) == []
    assert reasons(item(rag="G", due_on=date(2023, 10, 15)), complete) == ["Green to Complete"]


def test_what_was_completed_before_and_is_open_again_can_pass() -> None:
    day = date(2023, 10, 15)
    before = item(rag="C", due_on=day, complete=True)
    assert reasons(before, item(rag="A", due_on=day)) == [
        "Complete to Amber",
        "due 15 Oct 2023 and not complete",
    ]


def test_all_three_causes_are_said_together_in_order() -> None:
    before, now = item(due_on=date(2023, 10, 5)), item(rag="R", due_on=date(2023, 10, 20))
    [one] = found([before], [now])
    assert (one.rag_before, one.due_before, one.passed) == ("G", date(2023, 10, 5), True)
    assert one.reasons == [
        "Green to Red",
        "moved from 5 Oct 2023 to 20 Oct 2023",
        "due 20 Oct 2023 and not complete",
    ]


def test_a_date_that_was_moved_out_of_the_period_does_not_pass() -> None:
    assert reasons(item(due_on=date(2023, 10, 15)), item(due_on=LATER)) == [
        "moved from 15 Oct 2023 to 31 Mar 2024"
    ]


def test_what_was_dropped_is_an_exception_and_its_date_does_not_pass() -> None:
    day = date(2023, 10, 15)
    gone = item(rag="R", due_on=day, dropped=True)
    assert reasons(item(rag="R", due_on=day), gone) == ["dropped"]
    assert reasons(item(rag="G", due_on=day), gone) == ["Green to Red", "dropped"]


def test_what_was_dropped_before_is_no_exception_any_more() -> None:
    before = item(due_on=date(2023, 10, 5), dropped=True)
    assert found([before], [before]) == []
    assert found([], [before]) == []


def test_what_was_not_there_before_has_nothing_to_have_changed_from() -> None:
    assert found([], [item(rag="R")]) == []
    assert reasons(None, item(due_on=date(2023, 10, 15))) == ["due 15 Oct 2023 and not complete"]


def test_what_is_no_longer_there_is_no_exception() -> None:
    assert found([item()], []) == []


def test_a_direction_and_a_milestone_of_one_reference_are_two_things() -> None:
    before = [item("3a", "G", noun="direction"), item("3a", "A")]
    now = [item("3a", "A", noun="direction"), item("3a", "A")]
    assert [one.item for one in found(before, now)] == [now[0]]


def test_exceptions_come_in_the_order_of_the_items() -> None:
    before = [item(ref) for ref in ("M1", "M2", "M3")]
    now = [item(ref, "A") for ref in ("M3", "M1", "M2")]
    assert [one.item.ref for one in found(before, now)] == ["M3", "M1", "M2"]


period = st.dates(SINCE - timedelta(days=5), UNTIL + timedelta(days=5))
states = st.fixed_dictionaries(
    {
        "rag": st.none() | rags,
        "due_on": st.none() | period,
        "complete": st.booleans(),
        "dropped": st.booleans(),
    }
)
pairs = st.lists(st.tuples(states, states), max_size=5)


@given(st.lists(states, max_size=5))
def test_no_change_and_no_date_in_the_period_are_no_exception(there: list[dict]) -> None:
    outside = [
        item(f"M{n}", **state)
        for n, state in enumerate(there)
        if state["complete"]
        or state["due_on"] is None
        or not SINCE <= state["due_on"] < UNTIL
        or state["dropped"]
    ]
    assert found(outside, outside) == []


@given(pairs)
def test_an_exception_has_a_reason_and_what_has_none_is_no_exception(
    there: list[tuple[dict, dict]],
) -> None:
    before = [item(f"M{n}", **state) for n, (state, _) in enumerate(there)]
    now = [item(f"M{n}", **state) for n, (_, state) in enumerate(there)]
    made = {one.item.ref: one for one in found(before, now)}
    assert all(one.reasons for one in made.values())
    for was, is_ in zip(before, now, strict=True):
        past = is_.due_on is not None and SINCE <= is_.due_on < UNTIL
        passed = past and not is_.complete and not is_.dropped
        gone_or_back = was.dropped != is_.dropped
        causes = sum((was.rag != is_.rag, was.due_on != is_.due_on, passed, gone_or_back))
        expected = 0 if was.dropped and is_.dropped else causes
        assert len(made[is_.ref].reasons if is_.ref in made else []) == expected


@given(st.none() | rags, st.none() | rags)
def test_swapping_the_two_days_swaps_the_ratings_in_the_reason(
    before: str | None, now: str | None
) -> None:
    there, back = reasons(item(rag=before), item(rag=now)), reasons(item(rag=now), item(rag=before))
    assert len(there) == len(back) == (before != now)
    for one, other in zip(there, back, strict=True):
        assert one.lower().split(" to ") == other.lower().split(" to ")[::-1]


def test_directions_come_first_and_milestones_under_the_plan_they_are_of() -> None:
    within = {
        one.ref: one
        for one in (workstream("finance"), workstream("ledger", "finance"), workstream("people"))
    }
    made = items(
        [direction(rag="C"), direction("4", title="Reporting", target_on=None)],
        [
            milestone(rag="G"),
            milestone("M2", workstream="people", rag="C", rag_on=UNTIL, title="Posts filled"),
            milestone("M3", workstream="people", dropped_on=SINCE, title="Posts cut"),
        ],
        within,
    )
    assert made == [
        Item(
            *("Directions", "Financial Sustainability", "direction", "3a", "C"),
            due_on=date(2024, 3, 31),
            complete=True,
            dropped=False,
        ),
        Item("Directions", "Reporting", "direction", "4", "A", None, False, False),
        Item("Finance", "Ledger closed", "milestone", "M1", "G", UNTIL, False, False),
        Item("People", "Posts filled", "milestone", "M2", "C", UNTIL, True, False),
        Item("People", "Posts cut", "milestone", "M3", None, UNTIL, False, True),
    ]
