"""The plan on a page: its months, its rows and the marks on them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import any_days, milestone, workstream

from irbtrack.domain.answers import Mark
from irbtrack.domain.figures.plan_on_a_page import (
    milestones_table,
    month_from,
    months_around,
    timeline,
)
from irbtrack.domain.nouns.workstream import outline

DAY = date(2023, 10, 31)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)
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


def test_what_was_complete_early_is_where_it_ended_and_did_not_move() -> None:
    early = milestone(workstream="people", baseline_on=DAY, rag="C", rag_on=BEFORE)
    late = milestone("M2", workstream="people", baseline_on=DAY, rag="C", rag_on=AFTER)
    first = milestone("M3", workstream="people", baseline_on=DAY)
    shown = (DAY, date(2023, 12, 1))
    table = milestones_table([], BY_REF, AFTER)
    drawing = timeline([early, late, first], outline(PLAN, "people")[:1], AFTER, shown, table)
    assert drawing.rows[0][2] == (
        Mark("Ledger closed", None, BEFORE, BEFORE, "C"),
        Mark("Ledger closed (+1d)", None, DAY, AFTER, "C"),
        Mark("Ledger closed (late)", None, DAY, DAY, None, True),
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
