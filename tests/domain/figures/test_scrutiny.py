"""What a careful reader would question: each rule at its edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import changed, direction, history, raised

from irbtrack.domain.checks import CHECKS
from irbtrack.domain.figures.scrutiny import (
    due_on_rest_days,
    early_due,
    redated_late,
    redated_often,
    silent,
    unheard,
    unknown_posts,
    unlike_findings,
    without_address,
    without_evidence,
)
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.reports.check import MADE

DAY = date(2023, 10, 31)


def action(**fields: object) -> Action:
    return history(raised(**fields))[-1].record


def test_every_check_is_made_and_has_a_name_of_its_own() -> None:
    assert list(MADE) == [check.name for check in CHECKS]
    assert len(set(MADE)) == len(CHECKS)


def test_findings_that_are_not_entered_are_not_compared() -> None:
    audits = [
        Audit(ref="A1", year="22/23", name="Payroll", findings=(1, 0, 0)),
        Audit(ref="A2", year="22/23", name="Debt", findings=(0, 0, 0)),
        Audit(ref="A3", year="22/23", name="Tax"),
    ]
    counted = {"A1": (1, 1, 0), "A3": (2, 0, 0)}
    [found] = unlike_findings(audits, Council(name="Council"), counted)
    assert found == (
        "audit", "A1", "Payroll (22/23) has findings of 1/0/0, and actions of 1/1/0"
    )  # fmt: skip


def test_only_a_complete_action_needs_evidence() -> None:
    done = date(2023, 10, 12)
    actions = [
        action(ref="1", completed_on=done),
        action(ref="2", completed_on=done, evidence="Minutes"),
        action(ref="3"),
    ]
    [found] = without_evidence(actions, DAY)
    assert found == ("action", "1", "complete on 12 October 2023, without evidence")


def test_only_owners_of_open_actions_need_an_address() -> None:
    actions = [
        action(ref="1", owner="a"),
        action(ref="2", owner="a", completed_on=DAY),
        action(ref="3", owner="b"),
        action(ref="4", owner="c", completed_on=DAY),
        action(ref="5", owner=None),
    ]
    assert without_address(actions, DAY, ["b"]) == [
        ("officer", "a", "has no e-mail address, and owns 1 open action")
    ]


def test_a_post_that_is_named_and_not_there_is_told_once() -> None:
    records = [
        action(ref="1", owner="a", directorate="x"),
        action(ref="2", owner="a", directorate="y"),
        direction(members=("b", "c")),
    ]
    known = {"officer": ["b"], "directorate": ["x"]}
    assert unknown_posts(records, known) == [
        ("directorate", "y", "named by 1 record, such as action 2, but not there"),
        ("officer", "a", "named by 2 records, such as action 1, but not there"),
        ("officer", "c", "named by 1 record, such as direction 3a, but not there"),
    ]
    assert unknown_posts(records, {"officer": ["a", "b", "c"], "directorate": ["x", "y"]}) == []


@given(st.integers(0, 5), st.integers(0, 5))
def test_an_action_is_re_dated_too_often_from_one_more_than_the_most(times: int, most: int) -> None:
    again = [changed(date(2023, 2, 1 + n), due_on=date(2024, 1, 1 + n)) for n in range(times)]
    found = redated_often([history(raised(), *again)[-1].record], DAY, most)
    assert bool(found) == (times > most)


def test_a_date_that_was_moved_often_is_told_from_the_first_to_the_last() -> None:
    moved = [changed(date(2023, 2, n), due_on=date(2024, 1, n)) for n in (1, 2)]
    undated = changed(date(2023, 2, 3), due_on=None)
    told = [history(raised(ref="1"), *moved), history(raised(ref="2"), *moved[:1], undated)]
    assert redated_often([one[-1].record for one in told], DAY, 0) == [
        ("action", "1", "re-dated 2 times, from 31 October 2023 to 2 January 2024"),
        ("action", "2", "re-dated 1 time, from 31 October 2023 to no date"),
    ]


@pytest.mark.parametrize(("on", "late"), [(date(2023, 6, 30), ""), (date(2023, 7, 1), "1 day")])
def test_a_date_that_is_moved_on_the_due_day_is_in_time(on: date, late: str) -> None:
    told = history(raised(due_on=date(2023, 6, 30)), changed(on, due_on=date(2024, 1, 31)))
    found = redated_late([told], DAY)
    expected = f"re-dated on 1 July 2023, {late} after it fell due"
    assert [one.wrong for one in found] == ([expected] if late else [])


def test_what_is_done_or_not_re_dated_was_not_re_dated_late() -> None:
    done = history(
        raised(due_on=date(2023, 6, 30)),
        changed(date(2023, 8, 1), due_on=date(2024, 1, 31)),
        changed(date(2023, 9, 1), completed_on=date(2023, 9, 1)),
    )
    other = history(raised(due_on=date(2023, 6, 30)), changed(date(2023, 8, 1), progress="Begun"))
    assert redated_late([done, other], DAY) == []


def test_each_time_that_a_date_was_moved_late_is_told() -> None:
    again = history(
        raised(ref="7", due_on=date(2023, 6, 30)),
        changed(date(2023, 7, 2), due_on=date(2023, 7, 31)),
        changed(date(2023, 8, 1), due_on=date(2024, 1, 31)),
    )
    done = history(raised(), changed(date(2023, 9, 1), completed_on=date(2023, 9, 1)))
    told = "re-dated on 2 July 2023, 2 days after it fell due"
    more = "re-dated on 1 August 2023, 1 day after it fell due"
    assert redated_late([done, again], DAY) == [("action", "7", f"{told}; {more}")]


@pytest.mark.parametrize(
    ("due", "told", "asked"),
    [(90, 35, True), (89, 35, False), (90, 34, False), (400, None, True)],
)
def test_silence_begins_after_90_days_overdue_and_35_without_news(
    due: int, told: int | None, asked: bool
) -> None:
    changes = [raised(due_on=DAY - timedelta(days=due), on=date(2022, 1, 10))]
    if told is not None:
        changes.append(changed(DAY, owner="hs-finance"))
    [*_, newest] = history(*changes)
    news = {} if told is None else {newest.record.ref: DAY - timedelta(days=told)}
    assert bool(silent([newest.record], news, DAY, "High")) is asked
    assert silent([newest.record], news, DAY, "Low") == []


def test_the_silence_about_an_action_is_told_with_when_it_was_last_heard_of() -> None:
    due = DAY - timedelta(days=100)
    actions = [
        action(ref=ref, due_on=due, priority="Low" if ref == "1" else "High") for ref in "1234"
    ]
    news = {"2": DAY - timedelta(days=34), "3": DAY - timedelta(days=35)}
    assert silent(actions, news, DAY, "High") == [
        ("action", "3", "overdue for 100 days, and last heard of on 26 September 2023"),
        ("action", "4", "overdue for 100 days, and never heard of"),
    ]


def test_a_stale_direction_is_told_with_its_last_commentary() -> None:
    told = unheard([(direction("3a"), None), (direction("3b"), date(2023, 9, 10))])
    assert told == [
        ("direction", "3a", "no commentary yet"),
        ("direction", "3b", "last commentary of 10 September 2023"),
    ]


@pytest.mark.parametrize(
    ("due_on", "rest"),
    [
        (date(2023, 12, 25), "Christmas Day"),
        (date(2023, 12, 30), "Saturday"),
        (date(2023, 12, 31), "Sunday"),
        (date(2023, 12, 29), None),
        (date(2023, 10, 29), None),  # it is past
    ],
)
def test_what_is_due_on_a_day_of_rest_is_found(due_on: date, rest: str | None) -> None:
    holidays = {date(2023, 12, 25): "Christmas Day"}
    past, undated = action(ref="1", due_on=date(2023, 9, 30)), action(ref="2", due_on=None)
    due = action(ref="3", due_on=due_on)
    wrong = f"due on {due_on.day} December 2023: {rest}"
    found = due_on_rest_days([past, undated, due], DAY, holidays.get)
    assert found == ([("action", "3", wrong)] if rest else [])
    assert due_on_rest_days([due], due_on, holidays.get) == found or due_on < DAY


def test_an_action_that_was_ever_due_before_it_was_raised_is_questioned() -> None:
    early, later = date(2023, 1, 9), date(2023, 12, 1)
    actions = [
        action(ref="1", due_on=date(2023, 1, 10)),
        action(ref="2", due_on=early),
        history(raised(ref="3", due_on=early), changed(DAY, ref="3", due_on=later))[-1].record,
        action(ref="4", due_on=None),
    ]
    wrong = "due on 9 January 2023, and raised on 10 January 2023"
    assert early_due(actions) == [("action", "2", wrong), ("action", "3", wrong)]
