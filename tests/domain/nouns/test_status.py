"""The status rule: each row of its table, its boundaries, and its laws."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.strategies import RAISED, action_changes, any_days, changed, days, history, raised

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns.action import Closure, standing
from irbtrack.domain.nouns.status import COUNTED, Standing, Status, days_overdue, status_as_of

DAY = date(2023, 10, 31)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)

standings = st.builds(Standing, st.none() | days, st.booleans(), st.none() | days)


def status_on(day: date, *changes: Change, original: bool = False) -> Status | None:
    """The status of one action on a day, from its changes; None if it was not there."""
    action = version_on(history(*changes), day)
    return None if action is None else status_as_of(standing(action, original=original), day)


def test_an_action_is_not_there_before_it_was_raised() -> None:
    assert status_on(RAISED - timedelta(days=1), raised()) is None
    assert status_on(RAISED, raised()) is Status.NOT_DUE


def test_a_due_date_on_the_day_itself_is_not_overdue() -> None:
    assert status_on(BEFORE, raised(due_on=DAY)) is Status.NOT_DUE
    assert status_on(DAY, raised(due_on=DAY)) is Status.NOT_DUE
    assert status_on(AFTER, raised(due_on=DAY)) is Status.OVERDUE


@pytest.mark.parametrize(
    "lacking", [{"owner": None}, {"due_on": None}, {"owner": None, "due_on": None}]
)
@pytest.mark.parametrize("day", [RAISED, DAY, date(2030, 1, 1)])
def test_without_an_owner_or_a_due_date_it_is_not_allocated(
    lacking: dict[str, None], day: date
) -> None:
    assert status_on(day, raised(**lacking)) is Status.NOT_ALLOCATED


def test_it_is_allocated_from_the_day_it_has_both() -> None:
    changes = (
        raised(owner=None, due_on=None),
        changed(BEFORE, owner="ed-finance"),
        changed(DAY, due_on=BEFORE),
    )
    assert status_on(BEFORE, *changes) is Status.NOT_ALLOCATED
    assert status_on(DAY, *changes) is Status.OVERDUE


def test_it_is_complete_from_the_day_of_completion_until_reopened() -> None:
    changes = (
        raised(due_on=date(2023, 9, 30)),
        changed(DAY, completed_on=DAY),
        changed(date(2023, 11, 10), completed_on=None),
    )
    assert status_on(BEFORE, *changes) is Status.OVERDUE
    assert status_on(DAY, *changes) is Status.COMPLETE
    assert status_on(date(2023, 11, 9), *changes) is Status.COMPLETE
    assert status_on(date(2023, 11, 10), *changes) is Status.OVERDUE


def test_a_complete_action_without_an_owner_is_complete() -> None:
    assert status_on(DAY, raised(owner=None), changed(DAY, completed_on=DAY)) is Status.COMPLETE


@pytest.mark.parametrize("closure", Closure)
def test_it_is_closed_from_the_day_of_closure_on(closure: Closure) -> None:
    changes = (
        raised(due_on=date(2023, 9, 30)),
        changed(DAY, closed_on=DAY, closed_as=closure.value),
    )
    assert status_on(BEFORE, *changes) is Status.OVERDUE
    assert status_on(DAY, *changes) is Status.CLOSED
    assert status_on(date.max - timedelta(days=1), *changes) is Status.CLOSED


def test_closed_comes_before_every_other_status() -> None:
    changes = (
        raised(owner=None, due_on=None),
        changed(BEFORE, completed_on=BEFORE),
        changed(DAY, closed_on=DAY, closed_as=Closure.SUPERSEDED.value),
    )
    assert status_on(BEFORE, *changes) is Status.COMPLETE
    assert status_on(DAY, *changes) is Status.CLOSED


def test_an_accepted_risk_counts_again_the_day_after_its_acceptance_expires() -> None:
    accepted = {"closed_on": BEFORE, "closed_as": Closure.RISK_ACCEPTED.value, "expires_on": DAY}
    changes = (raised(due_on=date(2023, 9, 30)), changed(BEFORE, **accepted))
    assert status_on(DAY, *changes) is Status.CLOSED
    assert status_on(AFTER, *changes) is Status.OVERDUE


def test_an_acceptance_may_expire_on_the_day_it_begins() -> None:
    accepted = {"closed_on": DAY, "closed_as": Closure.RISK_ACCEPTED.value, "expires_on": DAY}
    assert status_on(DAY, raised(due_on=None), changed(DAY, **accepted)) is Status.CLOSED
    assert status_on(AFTER, raised(due_on=None), changed(DAY, **accepted)) is Status.NOT_ALLOCATED


def test_redated_it_is_not_due_but_overdue_on_its_original_date() -> None:
    changes = (raised(due_on=BEFORE), changed(BEFORE, due_on=AFTER))
    assert status_on(DAY, *changes) is Status.NOT_DUE
    assert status_on(DAY, *changes, original=True) is Status.OVERDUE


def test_the_original_basis_changes_nothing_of_an_action_that_has_no_owner() -> None:
    changes = (raised(due_on=BEFORE, owner=None), changed(BEFORE, due_on=AFTER))
    assert status_on(DAY, *changes, original=True) is Status.NOT_ALLOCATED


def test_overdue_is_counted_in_days_past_the_due_date() -> None:
    assert days_overdue(Standing(None, False, DAY), AFTER) == 1
    assert days_overdue(Standing(None, False, date(2022, 10, 31)), DAY) == 365
    assert days_overdue(Standing(None, False, DAY), DAY) == 0
    assert days_overdue(Standing(None, True, BEFORE), DAY) == 0
    assert days_overdue(Standing(FOREVER, False, BEFORE), DAY) == 0
    assert days_overdue(Standing(None, False, None), DAY) == 0


def test_every_status_but_closed_is_counted() -> None:
    assert set(COUNTED) == set(Status) - {Status.CLOSED}


@given(standings, days)
def test_every_standing_has_exactly_one_status(stands: Standing, day: date) -> None:
    closed = stands.closed_until is not None and stands.closed_until >= day
    complete = not closed and stands.completed
    unallocated = not closed and not stands.completed and stands.due_on is None
    dated = not (closed or complete or unallocated)
    past = dated and stands.due_on is not None and (day - stands.due_on).days > 0
    fits = {
        Status.CLOSED: closed,
        Status.COMPLETE: complete,
        Status.NOT_ALLOCATED: unallocated,
        Status.OVERDUE: past,
        Status.NOT_DUE: dated and not past,
    }
    assert [status for status, holds in fits.items() if holds] == [status_as_of(stands, day)]


@given(standings, any_days, st.integers(0, 400))
def test_once_overdue_it_stays_overdue_while_nothing_changes(
    stands: Standing, day: date, more: int
) -> None:
    later = day + timedelta(days=more)
    if status_as_of(stands, day) is Status.OVERDUE:
        assert status_as_of(stands, later) is Status.OVERDUE
        assert days_overdue(stands, later) == days_overdue(stands, day) + more


@given(standings, any_days)
def test_it_is_days_overdue_if_and_only_if_it_is_overdue(stands: Standing, day: date) -> None:
    assert (days_overdue(stands, day) > 0) == (status_as_of(stands, day) is Status.OVERDUE)
    assert days_overdue(stands, day) >= 0


@given(action_changes(), days)
def test_an_action_that_was_never_redated_stands_the_same_on_either_basis(
    changes: list[Change], day: date
) -> None:
    action = version_on(history(*changes), day)
    if action is not None and action.due_on == action.original_due_on:
        assert standing(action) == standing(action, original=True)
