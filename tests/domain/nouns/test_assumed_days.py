"""Days that an import assumed: which are marked, and how they give way to the true ones."""

from datetime import date

import pytest
from shared.strategies import RAISED, changed, history, raised

from irbtrack.domain.journal import Change, version_on
from irbtrack.domain.nouns.action import Action, DatedFields, assumed, completion, raised_anew
from irbtrack.domain.record import Contradiction
from irbtrack.errors import Refused

ASSUMED_ON = date(2023, 11, 23)
DONE_ON = date(2023, 8, 31)


def after(known: list[Change], changes: DatedFields) -> list[Change]:
    """The changes of an action, with those that were recorded now."""
    return [*known, *(Change("action", known[0].ref, on, fields) for on, fields in changes)]


def on_day(known: list[Change], day: date) -> Action:
    """How an action stands on a day on which it is there."""
    action = version_on(history(*known), day)
    assert action is not None
    return action


def complete_on_an_assumed_day(*before: Change) -> list[Change]:
    known = [raised(), *before]
    return after(known, completion(known, ASSUMED_ON, None, None, day_assumed=True))


@pytest.mark.parametrize("still_assumed", [False, True])
def test_an_earlier_day_of_raising_is_assumed_only_where_it_still_is(still_assumed: bool) -> None:
    known = [raised(assumed_days="raised_on"), changed(DONE_ON, progress="Begun")]
    earlier = date(2022, 12, 1)
    now = after(known, raised_anew(known, earlier, still_assumed=still_assumed))
    for day in (earlier, RAISED, DONE_ON):
        action = on_day(now, day)
        assert action.raised_on == earlier
        assert assumed(action) == (["raised_on"] if still_assumed else [])
    assert on_day(now, earlier).original_due_on == on_day(known, RAISED).original_due_on


def test_the_day_that_was_assumed_may_be_the_true_one() -> None:
    known = [raised(assumed_days="raised_on")]
    now = after(known, raised_anew(known, RAISED))
    assert not assumed(on_day(now, RAISED))
    assert on_day(now, RAISED).raised_on == RAISED


def test_a_later_day_of_raising_is_refused() -> None:
    known = [raised(assumed_days="raised_on")]
    with pytest.raises(Contradiction, match="cannot have been raised on 23 November 2023"):
        raised_anew(known, ASSUMED_ON)


@pytest.mark.parametrize("true_day", [DONE_ON, date(2024, 2, 1)])
def test_an_assumed_day_of_completion_gives_way_to_the_true_one(true_day: date) -> None:
    known = complete_on_an_assumed_day(changed(date(2023, 5, 1), percent_complete=40))
    assert assumed(on_day(known, ASSUMED_ON)) == ["completed_on"]
    now = after(known, completion(known, true_day, "Seen", "Filed"))
    done = on_day(now, max(true_day, ASSUMED_ON))
    assert (done.completed_on, done.outcome_on, done.percent_complete) == (true_day, true_day, 100)
    assert not assumed(done)
    assert (on_day(now, true_day).evidence, on_day(now, true_day).progress) == ("Seen", "Filed")
    before = on_day(now, date(2023, 5, 2))
    assert (before.completed_on, before.percent_complete) == (None, 40)
    if true_day > ASSUMED_ON:
        assert on_day(now, ASSUMED_ON) == before


def test_an_action_that_was_verified_on_the_true_day_was_done_by_then() -> None:
    known = [*complete_on_an_assumed_day(), changed(ASSUMED_ON, verified_on=ASSUMED_ON)]
    now = after(known, completion(known, DONE_ON, None, None))
    assert on_day(now, ASSUMED_ON).completed_on == DONE_ON
    with pytest.raises(Refused, match=r"verified on 23 November 2023, .*not only on 24 November"):
        completion(known, date(2023, 11, 24), None, None)


def test_a_day_of_raising_that_is_assumed_stays_so_when_the_completion_is_known() -> None:
    known = [raised(assumed_days="raised_on")]
    known = after(known, completion(known, ASSUMED_ON, None, None, day_assumed=True))
    assert assumed(on_day(known, ASSUMED_ON)) == ["raised_on", "completed_on"]
    now = after(known, completion(known, DONE_ON, None, None))
    assert assumed(on_day(now, ASSUMED_ON)) == ["raised_on"]
