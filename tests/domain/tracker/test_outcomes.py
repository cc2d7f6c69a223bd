"""What a sheet's status and dates say became of an action, and where they contradict."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irbtrack.domain.nouns.action import Action, Closure, standing
from irbtrack.domain.nouns.status import Status, status_as_of
from irbtrack.domain.record import Contradiction
from irbtrack.domain.tracker.outcomes import (
    Claim,
    InDoubt,
    Open,
    Outcome,
    meanings_in_doubt,
    outcome,
    read_status,
)
from irbtrack.errors import Misused, Refused

DAY = date(2023, 10, 31)
BEFORE, AFTER = date(2023, 10, 30), date(2023, 11, 1)
OCT_10, OCT_20 = date(2023, 10, 10), date(2023, 10, 20)

REMEDY = (
    "; put right which is wrong, give the day that the sheet is of with --on, or leave the column"
    " out with '--map status='"
)


def known(**fields: Any) -> Action:
    """An action as the register has it on the day: open, owned and not due yet."""
    given: dict[str, Any] = {
        "raised_on": date(2023, 1, 10),
        "year": "22/23",
        "title": "Reconcile the suspense account monthly",
        "priority": "High",
        "directorate": "finance",
        "owner": "ed-finance",
        "due_on": date(2024, 3, 31),
    }
    return Action(ref="2223-001", **given | fields)


def complete(**fields: Any) -> Action:
    return known(completed_on=OCT_10, percent_complete=100, outcome_on=OCT_10, **fields)


def accepted(expires_on: date | None = None) -> Action:
    return known(closed_on=OCT_10, closed_as="Risk Accepted", expires_on=expires_on)


def refusal(said: dict[str, Any], now: Action | None = None) -> tuple[str, str]:
    """The field and the sentence with which a row's end is refused."""
    with pytest.raises(Contradiction) as refused:
        outcome(said, now, DAY)
    assert isinstance(refused.value, Refused)
    return refused.value.field, str(refused.value)


NOTHING_HAPPENED = Outcome({}, reopened=False, assumed=None)
REOPENED = Outcome({}, reopened=True, assumed=None)

OPEN_CLAIMS = [*Open, Status.NOT_DUE, Status.NOT_ALLOCATED, Status.OVERDUE]


@pytest.mark.parametrize(
    ("word", "claim"),
    [
        ("Not Due", Status.NOT_DUE),
        ("Overdue", Status.OVERDUE),
        ("Complete", Status.COMPLETE),
        ("Completed", Status.COMPLETE),
        (" COMPLETED\n", Status.COMPLETE),
        ("Not Allocated", Status.NOT_ALLOCATED),
        ("Closed", Status.CLOSED),
        ("Withdrawn", Closure.WITHDRAWN),
        ("Superseded", Closure.SUPERSEDED),
        ("Risk accepted", Closure.RISK_ACCEPTED),
        ("no longer applicable", Closure.NO_LONGER_APPLICABLE),
        ("Open", Open.OPEN),
        ("In Progress", Open.IN_PROGRESS),
        ("in-progress", Open.IN_PROGRESS),
        ("Not Started", Open.NOT_STARTED),
        ("outstanding", Open.OUTSTANDING),
        ("over due", Status.OVERDUE),
        ("Compl", Status.COMPLETE),
    ],
)
def test_every_word_for_a_status_is_understood(word: str, claim: Claim) -> None:
    assert read_status(word) is claim


@pytest.mark.parametrize("word", ["Agreed", "C", "Not", "O", "", "Complete?", "Amber"])
def test_another_word_is_no_status_and_the_sentence_says_which_are(word: str) -> None:
    with pytest.raises(Misused) as refused:
        read_status(word)
    assert str(refused.value) == (
        f"'{word}' is not a status; it is one of Not Due, Overdue, Complete, Not Allocated, Open,"
        " Withdrawn, Superseded, Risk Accepted or No Longer Applicable"
    )


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("Implemented, Fully implemented, DONE, fully-complete", Status.COMPLETE),
        ("Not yet due", Status.NOT_DUE),
        ("Not implemented, new, active", Open.OPEN),
        ("Ongoing, on-going, On track, Pending, Delayed, on hold", Open.IN_PROGRESS),
        ("Not yet started", Open.NOT_STARTED),
        ("At risk, Blocked, escalated, Mitigating, monitoring, under review", Open.IN_PROGRESS),
        ("Closed - implemented, CLOSED (done), Closed: fully implemented", Status.COMPLETE),
        ("Closed superseded, closed_superseded", Closure.SUPERSEDED),
        ("Open (on hold), Open - in progress", Open.IN_PROGRESS),
        ("Open - awaiting a reply, Open: response unacceptable", Open.OPEN),
    ],
)
def test_words_that_people_write_for_a_status_are_known(words: str, claim: Claim) -> None:
    assert {read_status(word) for word in words.split(",")} == {claim}


@pytest.mark.parametrize(
    ("word", "meanings"),
    [
        ("Partly implemented", "Open or Complete"),
        ("Partially", "Open or Complete"),
        ("PARTIALLY-IMPLEMENTED", "Open or Complete"),
        ("Cancelled", "Withdrawn, Superseded, Risk Accepted or No Longer Applicable"),
        ("Closed cancelled", "Withdrawn, Superseded, Risk Accepted or No Longer Applicable"),
        (
            "Closed satisfactorily",
            "Complete, Withdrawn, Superseded, Risk Accepted or No Longer Applicable",
        ),
        (
            "Closed in progress",
            "Complete, Withdrawn, Superseded, Risk Accepted or No Longer Applicable",
        ),
        (
            "Open - resolved",
            "Open, Complete, Withdrawn, Superseded, Risk Accepted or No Longer Applicable",
        ),
        ("Mitigated", "Complete, Risk Accepted or Open"),
    ],
)
def test_a_word_that_may_mean_several_is_never_guessed(word: str, meanings: str) -> None:
    with pytest.raises(InDoubt) as doubt:
        read_status(word)
    assert str(doubt.value) == f"{word!r} may mean {meanings}; say which it means"


@pytest.mark.parametrize("now", [None, known()], ids=["new", "known"])
def test_a_row_that_says_nothing_of_the_end_changes_nothing_of_it(now: Action | None) -> None:
    assert outcome({}, now, DAY) == NOTHING_HAPPENED
    assert outcome({"title": "Reconcile", "due_on": DAY}, now, DAY) == NOTHING_HAPPENED


@pytest.mark.parametrize("now", [complete(), accepted()], ids=["complete", "closed"])
def test_a_row_without_a_status_leaves_an_end_that_is_known(now: Action) -> None:
    assert outcome({}, now, DAY) == NOTHING_HAPPENED


@pytest.mark.parametrize("now", [None, known(), complete()], ids=["new", "known", "complete"])
@pytest.mark.parametrize("status", [{}, {"status": Status.COMPLETE}], ids=["no status", "complete"])
def test_a_date_of_completion_is_the_completion(status: dict[str, Any], now: Action | None) -> None:
    assert outcome({"completed_on": OCT_20, **status}, now, DAY) == Outcome(
        {"completed_on": OCT_20}
    )


@pytest.mark.parametrize("said", [{}, {"completed_on": None}], ids=["no column", "empty"])
@pytest.mark.parametrize("now", [None, known(), accepted()], ids=["new", "known", "closed"])
def test_complete_without_a_date_is_of_the_day_and_says_so(
    said: dict[str, Any], now: Action | None
) -> None:
    assert outcome({"status": Status.COMPLETE, **said}, now, DAY) == Outcome(
        {"completed_on": DAY}, assumed="completed_on"
    )


def test_complete_without_a_date_keeps_the_date_that_is_known() -> None:
    for said in ({}, {"completed_on": None}):
        assert outcome({"status": Status.COMPLETE, **said}, complete(), DAY) == Outcome(
            {"completed_on": OCT_10}
        )


@pytest.mark.parametrize("claim", OPEN_CLAIMS, ids=str)
@pytest.mark.parametrize("now", [None, known(), complete()], ids=["new", "known", "complete"])
def test_a_date_of_completion_beside_an_open_status_is_a_contradiction(
    claim: Claim, now: Action | None
) -> None:
    assert refusal({"status": claim, "completed_on": OCT_10}, now) == (
        "completed_on",
        f"it was completed on 10 October 2023, but its status is {claim.value}; empty the date, or"
        " make the status Complete",
    )


@pytest.mark.parametrize("closure", Closure, ids=str)
@pytest.mark.parametrize("now", [None, known()], ids=["new", "known"])
def test_a_closure_without_a_date_is_of_the_day_and_says_so(
    closure: Closure, now: Action | None
) -> None:
    expected = Outcome(
        {"closed_on": DAY, "closed_as": closure.value, "expires_on": None}, assumed="closed_on"
    )
    assert outcome({"status": closure}, now, DAY) == expected
    assert outcome({"closed_as": closure.value}, now, DAY) == expected
    assert outcome({"status": Status.CLOSED, "closed_as": closure.value}, now, DAY) == expected


@pytest.mark.parametrize("now", [None, known()], ids=["new", "known"])
def test_a_closure_with_its_dates_is_of_them(now: Action | None) -> None:
    dates = {"closed_on": OCT_10, "expires_on": date(2024, 3, 31)}
    expected = Outcome({"closed_as": "Risk Accepted", **dates})
    assert outcome({"status": Closure.RISK_ACCEPTED, **dates}, now, DAY) == expected
    assert outcome({"closed_as": "Risk Accepted", **dates}, now, DAY) == expected


def test_closed_without_saying_how_is_refused_unless_it_is_known() -> None:
    sentence = (
        "Closed does not say how; make it Complete, Withdrawn, Superseded, Risk Accepted or No"
        " Longer Applicable"
    )
    for now in (None, known()):
        assert refusal({"status": Status.CLOSED}, now) == ("status", sentence)
        assert refusal({"status": Status.CLOSED, "closed_on": OCT_10}, now) == ("status", sentence)
    assert outcome({"status": Status.CLOSED}, accepted(AFTER), DAY) == Outcome(
        {"closed_on": OCT_10, "closed_as": "Risk Accepted", "expires_on": AFTER}
    )


@pytest.mark.parametrize("now", [None, known()], ids=["new", "known"])
def test_a_day_of_closure_without_saying_how_is_not_lost(now: Action | None) -> None:
    assert refusal({"closed_on": OCT_10}, now)[0] in ("status", "closed_as", "closed_on")


@pytest.mark.parametrize("claim", [*Open, Status.NOT_DUE], ids=str)
def test_a_day_of_closure_beside_an_open_status_is_a_contradiction(claim: Claim) -> None:
    field, _ = refusal({"status": claim, "closed_on": OCT_10, "due_on": AFTER})
    assert field in ("status", "closed_on", "closed_as")


def test_two_kinds_of_closure_contradict_each_other() -> None:
    field, _ = refusal({"status": Closure.WITHDRAWN, "closed_as": "Superseded"})
    assert field in ("status", "closed_as")


@pytest.mark.parametrize("now", [None, known()], ids=["new", "known"])
def test_nothing_is_both_complete_and_closed(now: Action | None) -> None:
    for status in ({}, {"status": Status.COMPLETE}, {"status": Status.CLOSED}):
        said = {"completed_on": OCT_10, "closed_as": "Withdrawn", **status}
        assert refusal(said, now) == (
            "closed_as",
            "it cannot be both complete and closed; empty one of them",
        )
    assert refusal({"completed_on": OCT_10, "status": Closure.SUPERSEDED}, now) == (
        "completed_on",
        "it cannot be completed and Superseded; empty the date, or say Complete",
    )


def test_complete_beside_a_kind_of_closure_is_a_contradiction() -> None:
    for closed in ({"closed_as": "Withdrawn"}, {"closed_on": OCT_10}):
        field, _ = refusal({"status": Status.COMPLETE, **closed})
        assert field in ("status", "closed_as", "closed_on")


def test_a_day_of_closure_beside_one_of_completion_is_a_contradiction() -> None:
    for status in ({}, {"status": Status.COMPLETE}):
        field, _ = refusal({"completed_on": OCT_10, "closed_on": OCT_20, **status})
        assert field in ("closed_on", "closed_as", "completed_on")


@pytest.mark.parametrize("claim", OPEN_CLAIMS, ids=str)
@pytest.mark.parametrize("expires_on", [None, DAY, AFTER], ids=["never", "today", "later"])
def test_a_closure_that_holds_beside_an_open_status_is_a_contradiction(
    claim: Claim, expires_on: date | None
) -> None:
    said = {"status": claim, "closed_as": "Risk Accepted", "expires_on": expires_on}
    assert refusal(said) == (
        "closed_as",
        f"it was closed as Risk Accepted, but its status is {claim.value}; empty one of them",
    )


def test_an_acceptance_that_has_expired_fits_a_status_that_is_open() -> None:
    fields = {"closed_as": "Risk Accepted", "closed_on": OCT_10, "expires_on": BEFORE}
    for claim in (Status.OVERDUE, Open.OPEN, Status.NOT_DUE):
        for now in (None, accepted(BEFORE)):
            assert outcome({"status": claim, **fields}, now, DAY) == Outcome(fields)


def test_an_acceptance_that_has_expired_is_not_reopened_by_an_open_status() -> None:
    said = {"status": Open.OPEN}
    assert outcome(said, accepted(BEFORE), DAY) == NOTHING_HAPPENED
    assert outcome(said, accepted(DAY), DAY) == REOPENED
    assert outcome(said, accepted(AFTER), DAY) == REOPENED
    assert outcome(said, accepted(), DAY) == REOPENED


@pytest.mark.parametrize("claim", Open, ids=str)
@pytest.mark.parametrize("now", [None, known()], ids=["new", "known"])
@pytest.mark.parametrize("due_on", [None, BEFORE, DAY, AFTER], ids=str)
def test_a_status_that_says_only_that_it_is_open_fits_any_date(
    claim: Claim, now: Action | None, due_on: date | None
) -> None:
    said = {"status": claim, "due_on": due_on} if due_on else {"status": claim}
    assert outcome(said, now, DAY) == NOTHING_HAPPENED


@pytest.mark.parametrize("claim", [*Open, Status.NOT_DUE], ids=str)
@pytest.mark.parametrize("now", [complete(), accepted()], ids=["complete", "closed"])
def test_an_open_status_takes_back_an_end_that_is_known(claim: Claim, now: Action) -> None:
    assert outcome({"status": claim}, now, DAY) == REOPENED


@pytest.mark.parametrize("field", ["completed_on", "closed_on", "closed_as"])
def test_an_end_that_was_emptied_is_taken_back_only_with_its_status(field: str) -> None:
    now = complete() if field == "completed_on" else accepted()
    with pytest.raises(Contradiction, match="choose Open as the status to reopen it"):
        outcome({field: None}, now, DAY)
    assert outcome({field: None, "status": Open.OPEN}, now, DAY) == REOPENED
    assert outcome({field: None}, known(), DAY) == NOTHING_HAPPENED
    assert outcome({field: None}, None, DAY) == NOTHING_HAPPENED


@pytest.mark.parametrize(
    ("due_on", "why"),
    [
        (DAY, "it is due on 31 October 2023"),
        (AFTER, "it is due on 1 November 2023"),
        (None, "it has no due date"),
    ],
)
def test_overdue_is_refused_for_a_date_that_has_not_passed(due_on: date | None, why: str) -> None:
    said = {"status": Status.OVERDUE, "owner": "ed-finance"}
    sentence = ("status", f"it cannot be Overdue on 31 October 2023, because {why}{REMEDY}")
    assert refusal({**said, "due_on": due_on}) == sentence
    assert refusal(said, known(due_on=due_on)) == sentence
    assert outcome({**said, "due_on": BEFORE}, known(due_on=due_on), DAY) == NOTHING_HAPPENED


@pytest.mark.parametrize("field", ["due_on", "original_due_on"])
def test_overdue_and_not_due_are_held_against_the_first_date_if_there_is_no_other(
    field: str,
) -> None:
    assert outcome({"status": Status.OVERDUE, field: BEFORE}, None, DAY) == NOTHING_HAPPENED
    assert outcome({"status": Status.NOT_DUE, field: DAY}, None, DAY) == NOTHING_HAPPENED
    assert refusal({"status": Status.OVERDUE, field: DAY})[0] == "status"
    assert refusal({"status": Status.NOT_DUE, field: BEFORE})[0] == "status"


def test_a_revised_date_counts_for_the_status_and_the_original_does_not() -> None:
    moved_on = {"original_due_on": BEFORE, "due_on": AFTER}
    assert outcome({"status": Status.NOT_DUE, **moved_on}, None, DAY) == NOTHING_HAPPENED
    assert refusal({"status": Status.OVERDUE, **moved_on})[0] == "status"


def test_the_original_date_of_a_sheet_does_not_hide_the_revised_one_that_is_known() -> None:
    now = known(original_due_on=BEFORE, due_on=AFTER, times_redated=1)
    said = {"status": Status.NOT_DUE, "original_due_on": BEFORE}
    assert outcome(said, now, DAY) == NOTHING_HAPPENED


def test_not_due_is_refused_for_a_date_that_has_passed() -> None:
    said = {"status": Status.NOT_DUE}
    sentence = (
        "status",
        f"it cannot be Not Due on 31 October 2023, because it is due on 30 October 2023{REMEDY}",
    )
    assert refusal({**said, "due_on": BEFORE}) == sentence
    assert refusal(said, known(due_on=BEFORE)) == sentence
    for due_on in (DAY, AFTER):
        assert outcome({**said, "due_on": due_on}, known(due_on=BEFORE), DAY) == NOTHING_HAPPENED
    assert outcome(said, None, DAY) == NOTHING_HAPPENED


def test_not_allocated_is_refused_for_one_with_an_owner_and_a_date() -> None:
    said = {"status": Status.NOT_ALLOCATED, "owner": "ad-housing", "due_on": AFTER}
    sentence = (
        "status",
        f"it cannot be Not Allocated, because ad-housing owns it and it is due on 1 November 2023"
        f"{REMEDY}",
    )
    assert refusal(said) == sentence
    assert refusal(
        {"status": Status.NOT_ALLOCATED, "owner": "ad-housing"}, known(due_on=AFTER)
    ) == (sentence)
    for missing in ("owner", "due_on"):
        less = {field: value for field, value in said.items() if field != missing}
        assert outcome(less, None, DAY) == NOTHING_HAPPENED
        assert outcome(less, known(**{missing: None}), DAY) == NOTHING_HAPPENED


def test_an_owner_that_was_taken_away_is_there_no_longer() -> None:
    said = {"status": Status.NOT_ALLOCATED, "owner": None}
    assert outcome(said, known(), DAY) == NOTHING_HAPPENED


@given(
    st.none() | st.sampled_from([BEFORE, DAY, AFTER]),
    st.none() | st.just("ed-finance"),
    st.none() | st.just(OCT_10),
    st.none() | st.sampled_from(Closure),
    st.none() | st.sampled_from([BEFORE, DAY, AFTER]),
)
def test_the_status_that_an_action_has_never_contradicts_its_dates(
    due_on: date | None,
    owner: str | None,
    completed_on: date | None,
    closure: Closure | None,
    expires_on: date | None,
) -> None:
    closed: dict[str, Any] = {}
    if closure and not completed_on:
        until = expires_on if closure is Closure.RISK_ACCEPTED else None
        closed = {"closed_on": OCT_10, "closed_as": closure.value, "expires_on": until}
    action = known(due_on=due_on, owner=owner, completed_on=completed_on, **closed)
    told = {"due_on": due_on, "owner": owner, "completed_on": completed_on, **closed}
    said = {field: value for field, value in told.items() if value is not None}
    said["status"] = status_as_of(standing(action), DAY)
    for now in (None, action):
        said_to_be = outcome(said, now, DAY)
        assert not said_to_be.reopened
        assert said_to_be.assumed is None
        assert all(getattr(action, field) == value for field, value in said_to_be.fields.items())
        assert ("completed_on" in said_to_be.fields) == (completed_on is not None)
        assert ("closed_on" in said_to_be.fields) == bool(closed)


@given(st.dates(DAY - timedelta(days=5), DAY + timedelta(days=5)), st.sampled_from(OPEN_CLAIMS))
def test_a_claim_that_is_not_refused_is_the_status_that_follows(due_on: date, claim: Claim) -> None:
    action = known(due_on=due_on)
    said = {"status": claim, "due_on": due_on, "owner": "ed-finance"}
    follows = status_as_of(standing(action), DAY)
    if isinstance(claim, Open) or claim is follows:
        assert outcome(said, None, DAY) == NOTHING_HAPPENED
    else:
        assert refusal(said)[0] == "status"


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("Closed", (Status.COMPLETE, *Closure)),
        ("closed ", (Status.COMPLETE, *Closure)),
        ("Closed - nobody knows", (Status.COMPLETE, *Closure)),
        ("Open - complete", (Open.OPEN, Status.COMPLETE)),
        ("Complete", ()),
        ("Closed - complete", ()),
        ("Open", ()),
        ("whatever", ()),
    ],
)
def test_what_a_status_may_mean_is_offered_only_where_it_is_in_doubt(
    text: str, meanings: tuple[Claim, ...]
) -> None:
    assert meanings_in_doubt(text) == meanings
