"""What each verb does to an action, and the sentence with which it is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from shared.records import replace
from shared.strategies import changed, found_wrong, history, raised

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import Change, effective_day, version_on
from irbtrack.domain.nouns.action import (
    Action,
    Closure,
    allocated,
    closed,
    completed,
    due_day,
    moved_with_audit,
    progressed,
    redated,
    reopened,
    standing,
    updated,
    verified,
)
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.status import Status, status_as_of
from irbtrack.domain.record import Version, contradictions_in, differing
from irbtrack.errors import IrbtrackError, Misused, Refused

REF = "2223-001"
OCT = [date(2023, 10, 1), *(date(2023, 10, day) for day in range(1, 32))]
"""The days of October 2023: ``OCT[5]`` is the 5th."""

EVERY_VERB: dict[str, Callable[..., dict[str, Any]]] = {
    "allocate": lambda actions, on: allocated(actions, on, {"owner": "ad-housing"}),
    "redate": lambda actions, on: redated(actions, on, date(2024, 3, 31), None),
    "progress": lambda actions, on: progressed(actions, on, "Half done", None),
    "complete": lambda actions, on: completed(actions, on, None, None),
    "verify": lambda actions, on: verified(actions, on, "ha-internal-audit"),
    "reopen": reopened,
    "close": lambda actions, on: closed(actions, on, Closure.WITHDRAWN, None),
    "update": lambda actions, on: updated(actions, on, {"priority": "Low"}),
}


class Story:
    """An action's changes in the order of recording, to which verbs add theirs."""

    def __init__(self, **first: Any) -> None:
        self.changes: list[Change] = [raised(**first)]

    def then(self, verb: Callable[..., dict[str, Any]], on: date, *rest: Any) -> "Story":
        """The story with what the verb changes from a day on."""
        self.changes.append(changed(on, **verb(self.history, on, *rest)))
        return self

    @property
    def history(self) -> list[Any]:
        """The versions so far."""
        return history(*self.changes)

    def on(self, day: date) -> Action:
        """The action as it stood on a day."""
        action = version_on(self.history, day)
        assert action is not None
        return action

    def status(self, day: date) -> Status:
        """The status on a day."""
        return status_as_of(standing(self.on(day)), day)

    def refusal(
        self,
        verb: Callable[..., dict[str, Any]],
        on: date,
        *rest: Any,
        kind: type[IrbtrackError] = Refused,
    ) -> str:
        """The sentence with which a verb is refused."""
        before = list(self.history)
        with pytest.raises(kind) as refused:
            verb(self.history, on, *rest)
        assert type(refused.value) is kind
        assert self.history == before
        return str(refused.value)


COMPLETE_10 = (completed, OCT[10], None, None)
WITHDRAWN_10 = (closed, OCT[10], Closure.WITHDRAWN, None)


def test_a_day_to_come_is_refused_and_today_is_not() -> None:
    assert effective_day(OCT[31], OCT[31]) == OCT[31]
    assert effective_day(OCT[30], OCT[31]) == OCT[30]
    with pytest.raises(Refused) as refused:
        effective_day(date(2023, 11, 1), OCT[31])
    assert str(refused.value) == (
        "1 November 2023 is in the future; the latest day to record is today"
    )


def test_a_due_date_before_the_raising_is_refused_and_on_the_day_is_not() -> None:
    assert due_day(REF, OCT[5], OCT[5]) == OCT[5]
    with pytest.raises(Refused) as refused:
        due_day(REF, OCT[4], OCT[5])
    assert str(refused.value) == (
        "2223-001 cannot be due on 4 October 2023, before it was raised on 5 October 2023;"
        " give a later day"
    )


@pytest.mark.parametrize("verb", EVERY_VERB.values(), ids=EVERY_VERB)
def test_nothing_is_recorded_for_a_day_before_the_action_was_raised(
    verb: Callable[..., dict[str, Any]],
) -> None:
    assert Story().refusal(verb, date(2023, 1, 9)) == (
        "2223-001 was raised on 10 January 2023, so nothing can be recorded about it for"
        " 9 January 2023; give a later day"
    )


@pytest.mark.parametrize("name", ["allocate", "redate", "progress", "complete", "verify", "close"])
def test_a_closed_action_is_left_alone_until_it_is_reopened(name: str) -> None:
    story = Story().then(*WITHDRAWN_10)
    for on in (OCT[10], OCT[20]):
        assert story.refusal(EVERY_VERB[name], on) == (
            "2223-001 was closed on 10 October 2023 (Withdrawn);"
            " 'irbtrack action reopen 2223-001 --reason WHY' opens it again"
        )


@pytest.mark.parametrize("name", ["allocate", "redate", "complete", "close"])
def test_a_complete_action_is_left_alone_until_it_is_reopened(name: str) -> None:
    story = Story().then(*COMPLETE_10)
    for on in (OCT[10], OCT[20]):
        assert story.refusal(EVERY_VERB[name], on) == (
            "2223-001 has been complete since 10 October 2023;"
            " 'irbtrack action reopen 2223-001 --reason WHY' opens it again"
        )


@pytest.mark.parametrize("name", ["allocate", "redate", "progress"])
def test_the_day_before_a_completion_can_still_be_recorded(name: str) -> None:
    story = Story().then(*COMPLETE_10).then(EVERY_VERB[name], OCT[9])
    assert story.status(OCT[10]) is Status.COMPLETE


def test_an_owner_and_a_first_due_date_allocate_an_action() -> None:
    story = Story(owner=None, due_on=None)
    assert story.status(OCT[5]) is Status.NOT_ALLOCATED
    story.then(allocated, OCT[5], {"owner": "ad-housing", "due_on": OCT[31]})
    action = story.on(OCT[5])
    assert (action.owner, action.due_on, action.original_due_on) == ("ad-housing", OCT[31], OCT[31])
    assert story.status(OCT[5]) is Status.NOT_DUE


def test_allocating_changes_only_what_differs() -> None:
    story = Story(owner="ed-finance", due_on=OCT[31])
    assert allocated(story.history, OCT[5], {"owner": "ed-finance", "due_on": OCT[31]}) == {}
    assert allocated(story.history, OCT[5], {"owner": "ad-housing"}) == {"owner": "ad-housing"}


def test_an_owner_can_be_taken_away() -> None:
    story = Story().then(allocated, OCT[5], {"owner": None})
    assert story.status(OCT[5]) is Status.NOT_ALLOCATED
    assert story.on(OCT[4]).owner == "ed-finance"


def test_allocating_never_gives_a_second_due_date() -> None:
    sentence = (
        "2223-001 has been due on 31 October 2023 already;"
        " 'irbtrack action redate 2223-001' gives it another date, with the reason"
    )
    given = {"due_on": date(2024, 3, 31)}
    assert Story(due_on=OCT[31]).refusal(allocated, OCT[5], given) == sentence
    later = Story(due_on=None).then(allocated, OCT[20], {"due_on": OCT[31]})
    assert later.refusal(allocated, OCT[5], given) == sentence


def test_a_first_due_date_can_be_back_dated_without_becoming_a_redating() -> None:
    story = Story(due_on=None).then(allocated, OCT[20], {"due_on": OCT[31]})
    story.then(allocated, OCT[5], {"due_on": OCT[31]})
    assert story.on(OCT[5]).due_on == OCT[31]
    assert story.on(OCT[31]).times_redated == 0


def test_allocating_refuses_a_due_date_before_the_raising() -> None:
    story = Story(due_on=None)
    assert story.refusal(allocated, OCT[5], {"due_on": date(2023, 1, 9)}) == (
        "2223-001 cannot be due on 9 January 2023, before it was raised on 10 January 2023;"
        " give a later day"
    )


def test_redating_keeps_the_original_and_says_who_approved() -> None:
    story = Story(due_on=OCT[1]).then(redated, OCT[5], OCT[31], "ed-finance")
    action = story.on(OCT[5])
    assert (action.original_due_on, action.due_on) == (OCT[1], OCT[31])
    assert (action.times_redated, action.approved_by) == (1, "ed-finance")
    assert story.then(redated, OCT[6], OCT[20], None).on(OCT[6]).approved_by is None


def test_redating_an_action_without_a_due_date_is_refused() -> None:
    assert Story(due_on=None).refusal(redated, OCT[5], OCT[31], None) == (
        "2223-001 has no due date on 5 October 2023;"
        " 'irbtrack action allocate 2223-001 --due DATE' gives it the first one"
    )


def test_redating_to_the_same_day_is_refused() -> None:
    assert Story(due_on=OCT[31]).refusal(redated, OCT[5], OCT[31], None) == (
        "2223-001 is due on 31 October 2023 already; give another date"
    )


def test_redating_to_before_the_raising_is_refused() -> None:
    assert Story().refusal(redated, OCT[5], date(2022, 12, 31), None) == (
        "2223-001 cannot be due on 31 December 2022, before it was raised on 10 January 2023;"
        " give a later day"
    )


def test_progress_changes_what_is_given_and_nothing_else() -> None:
    story = Story()
    assert progressed(story.history, OCT[5], "Half done", None) == {"progress": "Half done"}
    assert progressed(story.history, OCT[5], None, 0) == {"percent_complete": 0}
    assert progressed(story.history, OCT[5], None, None) == {}


def test_progress_can_be_told_of_a_complete_action() -> None:
    story = Story().then(*COMPLETE_10)
    assert progressed(story.history, OCT[20], "Embedded", None) == {"progress": "Embedded"}


def test_completing_says_when_and_on_what_evidence() -> None:
    story = Story(due_on=OCT[1])
    assert completed(story.history, OCT[10], "Minutes of 9 October", "All done") == {
        "completed_on": OCT[10],
        "outcome_on": OCT[10],
        "percent_complete": 100,
        "evidence": "Minutes of 9 October",
        "progress": "All done",
    }
    assert completed(story.history, OCT[10], None, None) == {
        "completed_on": OCT[10],
        "outcome_on": OCT[10],
        "percent_complete": 100,
    }
    story.then(*COMPLETE_10)
    assert (story.status(OCT[9]), story.status(OCT[10])) == (Status.OVERDUE, Status.COMPLETE)


def test_completing_forgets_an_acceptance_that_has_expired() -> None:
    story = Story().then(closed, OCT[5], Closure.RISK_ACCEPTED, OCT[9]).then(*COMPLETE_10)
    action = story.on(OCT[10])
    assert (action.closed_on, action.closed_as, action.expires_on) == (None, None, None)
    assert story.status(OCT[9]) is Status.CLOSED
    assert story.status(OCT[10]) is Status.COMPLETE


def test_verifying_says_when_and_by_whom() -> None:
    story = Story().then(*COMPLETE_10).then(verified, OCT[20], "ha-internal-audit")
    assert story.on(OCT[19]).verified_on is None
    assert (story.on(OCT[20]).verified_on, story.on(OCT[20]).verified_by) == (
        OCT[20],
        "ha-internal-audit",
    )
    assert story.status(OCT[20]) is Status.COMPLETE


def test_verifying_what_is_not_complete_on_that_day_is_refused() -> None:
    story = Story().then(*COMPLETE_10)
    assert story.refusal(verified, OCT[9], "ha-internal-audit") == (
        "2223-001 is not complete on 9 October 2023; only a complete action is verified"
    )


def test_verifying_twice_is_refused() -> None:
    story = Story().then(*COMPLETE_10).then(verified, OCT[20], "ha-internal-audit")
    assert story.refusal(verified, OCT[21], "monitoring-officer") == (
        "2223-001 was verified on 20 October 2023 already"
    )


def test_an_officer_does_not_verify_their_own_action() -> None:
    story = Story(owner="ed-finance").then(*COMPLETE_10)
    assert story.refusal(verified, OCT[20], "ed-finance") == (
        "2223-001 is owned by ed-finance, and an officer does not verify their own action;"
        " name another with --by"
    )


def test_reopening_takes_a_completion_back_with_its_evidence_and_verification() -> None:
    story = Story().then(completed, OCT[10], "Minutes", "Done")
    story.then(verified, OCT[15], "ha-internal-audit").then(reopened, OCT[20])
    action = story.on(OCT[20])
    assert (action.completed_on, action.evidence, action.percent_complete) == (None, None, None)
    assert (action.verified_on, action.verified_by) == (None, None)
    assert action.progress == "Done"
    assert story.status(OCT[19]) is Status.COMPLETE
    assert story.status(OCT[20]) is Status.NOT_DUE


def test_a_verification_back_dated_to_before_a_reopening_is_cleared_by_it() -> None:
    story = Story().then(*COMPLETE_10).then(reopened, OCT[20])
    story.then(verified, OCT[15], "ha-internal-audit")
    assert story.on(OCT[15]).verified_by == "ha-internal-audit"
    assert story.on(OCT[20]).verified_on is None
    assert story.on(OCT[20]).verified_by is None


def test_a_reopening_back_dated_to_before_a_verification_is_refused() -> None:
    story = Story().then(*COMPLETE_10).then(verified, OCT[20], "ha-internal-audit")
    sentence = story.refusal(reopened, OCT[15])
    assert "2223-001" in sentence
    assert "20 October 2023" in sentence


def test_reopening_takes_a_closure_back_and_keeps_the_rest() -> None:
    story = Story(due_on=OCT[5]).then(*WITHDRAWN_10).then(reopened, OCT[20])
    action = story.on(OCT[20])
    assert (action.closed_on, action.closed_as, action.expires_on) == (None, None, None)
    assert action.due_on == OCT[5]
    assert (story.status(OCT[19]), story.status(OCT[20])) == (Status.CLOSED, Status.OVERDUE)


def test_reopening_ends_an_acceptance_whether_or_not_it_has_expired() -> None:
    for on in (OCT[8], OCT[20]):
        story = Story().then(closed, OCT[5], Closure.RISK_ACCEPTED, OCT[10]).then(reopened, on)
        assert story.on(on).closed_on is None


def test_reopening_what_is_open_is_refused() -> None:
    story = Story().then(*COMPLETE_10)
    assert story.refusal(reopened, OCT[9]) == (
        "2223-001 is open on 9 October 2023; there is nothing to reopen"
    )


@pytest.mark.parametrize("closure", Closure)
def test_closing_says_when_and_why(closure: Closure) -> None:
    story = Story(due_on=OCT[5]).then(closed, OCT[10], closure, None)
    assert story.on(OCT[10]).closed_as == closure.value
    assert (story.status(OCT[9]), story.status(OCT[10])) == (Status.OVERDUE, Status.CLOSED)


def test_only_the_acceptance_of_a_risk_expires() -> None:
    story = Story().then(closed, OCT[10], Closure.RISK_ACCEPTED, OCT[20])
    assert (story.status(OCT[20]), story.status(OCT[21])) == (Status.CLOSED, Status.NOT_DUE)
    for closure in set(Closure) - {Closure.RISK_ACCEPTED}:
        assert Story().refusal(closed, OCT[10], closure, OCT[20], kind=Misused) == (
            "--expires goes with --as 'risk accepted'; other closures do not expire"
        )


def test_an_acceptance_that_would_expire_before_it_begins_is_refused() -> None:
    story = Story()
    assert story.refusal(closed, OCT[10], Closure.RISK_ACCEPTED, OCT[9]) == (
        "the acceptance of 2223-001's risk cannot expire on 9 October 2023, before it begins"
        " on 10 October 2023"
    )
    story.then(closed, OCT[10], Closure.RISK_ACCEPTED, OCT[10])
    assert story.status(OCT[11]) is Status.NOT_DUE


def test_an_acceptance_that_has_expired_can_be_given_again() -> None:
    story = Story().then(closed, OCT[5], Closure.RISK_ACCEPTED, OCT[9])
    story.then(closed, OCT[20], Closure.RISK_ACCEPTED, None)
    assert story.on(OCT[20]).closed_on == OCT[20]
    assert [story.status(OCT[day]) for day in (9, 10, 20)] == [
        Status.CLOSED,
        Status.NOT_DUE,
        Status.CLOSED,
    ]


_COMPLETE_20 = (completed, OCT[20], None, None)

LATER_OUTCOMES = {
    "completed": (Story().then(*_COMPLETE_20), "20 October 2023"),
    "closed": (Story().then(closed, OCT[20], Closure.WITHDRAWN, None), "20 October 2023"),
    "reopened": (Story().then(*_COMPLETE_20).then(reopened, OCT[25]), "25 October 2023"),
    "reopened the same day": (
        Story().then(*_COMPLETE_20).then(reopened, OCT[20]),
        "20 October 2023",
    ),
}


@pytest.mark.parametrize(("story", "last"), LATER_OUTCOMES.values(), ids=LATER_OUTCOMES)
@pytest.mark.parametrize("name", ["complete", "close"])
def test_an_outcome_before_one_that_is_recorded_is_refused(
    story: Story, last: str, name: str
) -> None:
    assert story.refusal(EVERY_VERB[name], OCT[10]) == (
        f"2223-001 was completed, closed or reopened on {last} already; give a day from then on,"
        " or take that back with 'irbtrack undo'"
    )


def test_a_reopening_before_one_that_is_recorded_is_refused() -> None:
    story = Story().then(*COMPLETE_10).then(reopened, OCT[20])
    assert story.refusal(reopened, OCT[15]) == (
        "2223-001 was completed, closed or reopened on 20 October 2023 already;"
        " give a day from then on, or take that back with 'irbtrack undo'"
    )


def test_an_outcome_after_the_last_one_that_is_recorded_is_not_contradicted() -> None:
    story = Story().then(*COMPLETE_10).then(reopened, OCT[20])
    story.then(completed, OCT[25], None, None)
    assert [story.status(OCT[day]) for day in (9, 10, 20, 25)] == [
        Status.NOT_DUE,
        Status.COMPLETE,
        Status.NOT_DUE,
        Status.COMPLETE,
    ]


def test_what_happened_on_one_day_can_be_taken_back_on_it() -> None:
    story = Story().then(*COMPLETE_10).then(reopened, OCT[10])
    assert story.status(OCT[10]) is Status.NOT_DUE
    assert story.then(*WITHDRAWN_10).status(OCT[10]) is Status.CLOSED


def test_other_changes_in_between_do_not_contradict_an_outcome() -> None:
    story = Story().then(updated, OCT[20], {"priority": "Low"}).then(*COMPLETE_10)
    assert (story.on(OCT[20]).completed_on, story.on(OCT[20]).priority) == (OCT[10], "Low")


def test_a_later_owner_cannot_be_who_verified() -> None:
    story = Story().then(*COMPLETE_10).then(verified, OCT[15], "ha-audit").then(reopened, OCT[20])
    assert story.refusal(allocated, OCT[5], {"owner": "ha-audit"}) == (
        "2223-001 was verified by ha-audit, and an officer does not verify their own action;"
        " name another owner"
    )
    assert story.then(allocated, OCT[20], {"owner": "ha-audit"}).on(OCT[20]).owner == "ha-audit"


def test_a_completion_is_verified_once_from_whichever_day() -> None:
    story = Story().then(*COMPLETE_10).then(verified, OCT[15], "ha-audit")
    assert story.refusal(verified, OCT[12], "hs-audit") == (
        "2223-001 was verified on 15 October 2023 already"
    )
    story.then(reopened, OCT[20]).then(completed, OCT[25], None, None)
    assert story.then(verified, OCT[26], "hs-audit").on(OCT[26]).verified_by == "hs-audit"


def test_what_is_complete_is_not_partly_complete() -> None:
    story = Story().then(*COMPLETE_10)
    assert story.refusal(progressed, OCT[12], None, 20) == (
        "2223-001 has been complete since 10 October 2023; leave out the percentage"
    )
    assert story.then(progressed, OCT[12], "Said so", None).on(OCT[12]).percent_complete == 100


def test_updating_changes_only_what_differs_on_that_day() -> None:
    story = Story(priority="High").then(updated, OCT[10], {"priority": "Low", "title": None})
    assert story.on(OCT[10]).priority == "Low"
    assert updated(story.history, OCT[10], {"priority": "Low"}) == {}
    assert updated(story.history, OCT[9], {"priority": "Low"}) == {"priority": "Low"}
    assert differing(story.on(OCT[10]), {"priority": None, "year": "23/24"}) == {"year": "23/24"}


RULED = Action(
    ref="2223-001",
    raised_on=date(2023, 1, 10),
    year="22/23",
    title="Reconcile the suspense account monthly",
    priority="High",
    directorate="finance",
    owner="ed-finance",
)
DONE = date(2023, 10, 1)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"completed_on": date(2023, 1, 9)},
            "completed_on",
            "2223-001 cannot be complete on 9 January 2023, before it was raised on 10 January"
            " 2023; give a later day",
        ),
        (
            {"completed_on": date(2023, 11, 1)},
            "completed_on",
            "2223-001 is complete on 1 November 2023, and cannot be so from 31 October 2023 on,"
            " which is earlier; give an earlier day",
        ),
        (
            {"raised_on": date(2023, 11, 1)},
            "raised_on",
            "2223-001 was raised on 1 November 2023, so nothing can be recorded about it for"
            " 31 October 2023; give a later day",
        ),
        (
            {"verified_on": DONE},
            "verified_on",
            "2223-001 is not complete; only a complete action is verified",
        ),
        (
            {"completed_on": DONE, "verified_on": DONE, "verified_by": "ed-finance"},
            "verified_by",
            "2223-001 is owned by ed-finance, and an officer does not verify their own action;"
            " name another officer",
        ),
        (
            {"closed_on": DONE},
            "closed_as",
            "2223-001 needs both the day it was closed and the kind of closure; give both",
        ),
        (
            {"closed_as": "Withdrawn"},
            "closed_as",
            "2223-001 needs both the day it was closed and the kind of closure; give both",
        ),
        (
            {"closed_on": DONE, "closed_as": "Withdrawn", "completed_on": DONE},
            "closed_as",
            "2223-001 cannot be both complete and closed; give only one of the two",
        ),
        (
            {"closed_on": DONE, "closed_as": "Withdrawn", "expires_on": DONE},
            "expires_on",
            "2223-001 is not closed as Risk Accepted, and no other closure expires; leave the day"
            " of expiry out",
        ),
        (
            {"closed_on": DONE, "closed_as": "Risk Accepted", "expires_on": date(2023, 9, 30)},
            "expires_on",
            "the acceptance of 2223-001's risk cannot expire on 30 September 2023, before it begins"
            " on 1 October 2023",
        ),
        *(
            (
                {"closed_as": kind, field: date(2023, 12, 1), "completed_on": done},
                field,
                f"2223-001 is {what} on 1 December 2023, and cannot be so from 31 October 2023 on,"
                " which is earlier; give an earlier day",
            )
            for field, what, kind, done in (
                ("closed_on", "closed", "Withdrawn", None),
                ("verified_on", "verified", None, DONE),
            )
        ),
        (
            {"closed_as": "Withdrawn", "closed_on": date(2023, 1, 9)},
            "closed_on",
            "2223-001 cannot be closed on 9 January 2023, before it was raised on 10 January 2023;"
            " give a later day",
        ),
        (
            {"priority": "Urgent"},
            "priority",
            "2223-001 has a priority that is not on the council's scale, 'Urgent'; it is one of"
            " High, Medium or Low",
        ),
    ],
)
def test_what_no_verb_would_leave_behind_is_wrong(
    fields: dict[str, Any], field: str, sentence: str
) -> None:
    assert found_wrong(RULED) == []
    assert found_wrong(replace(RULED, **fields)) == [(field, sentence)]


def test_the_day_raised_is_not_too_early_for_an_end() -> None:
    assert found_wrong(replace(RULED, completed_on=RULED.raised_on)) == []
    nobodys = replace(RULED, owner=None, verified_by="ed-finance", completed_on=DONE)
    assert found_wrong(nobodys) == []


def test_the_day_raised_never_changes() -> None:
    later = replace(RULED, raised_on=date(2023, 1, 11))
    assert found_wrong(later, before=RULED) == [
        ("raised_on", "2223-001 was raised on 10 January 2023, which never changes")
    ]


def test_an_action_is_of_the_year_of_its_audit_whichever_day_that_was_entered() -> None:
    audit = Audit(ref="2223-A01", year="23/24", name="Payroll")
    there = {"audit": {"2223-A01": [Version(audit, date(2024, 1, 1), FOREVER)]}}
    action = replace(RULED, audit="2223-A01")

    def wrong(action: Action) -> list[tuple[str, str]]:
        found = action.contradictions(DONE, None, lambda noun: there.get(noun, {}))
        return [(one.field, str(one)) for one in found]

    assert wrong(action) == [
        (
            "year",
            "2223-001 is of 22/23, and its audit 2223-A01 is of 23/24; 'irbtrack audit update"
            " --year' moves an audit with its actions",
        )
    ]
    assert wrong(replace(action, audit="2223-A02")) == []
    assert wrong(replace(action, year="23/24")) == []


def test_a_contradiction_of_the_past_says_from_which_day() -> None:
    nobody = {"verified_by": None, "verified_on": None, "completed_on": None}
    done = {"completed_on": DONE, "verified_on": DONE, "verified_by": "ed-finance"}
    found = contradictions_in(
        history(raised(), changed(DONE, **done), changed(date(2023, 10, 5), **nobody)),
        lambda _: {},
    )
    assert [(one.ref, one.field, str(one)) for one in found] == [
        (
            "2223-001",
            "verified_by",
            "from 1 October 2023 on, 2223-001 is owned by ed-finance, and an officer does not"
            " verify their own action; name another officer",
        )
    ]


def test_an_action_moves_with_its_audit_while_it_is_of_that() -> None:
    told = history(
        raised(audit="A1"),
        changed(date(2023, 3, 1), audit="A2"),
        changed(date(2023, 5, 1), audit="A1", progress="Begun"),
        changed(date(2023, 6, 1), progress="Going on"),
    )
    feb, june = date(2023, 2, 1), date(2023, 7, 1)
    assert moved_with_audit(told, "A1", "23/24", feb) == [
        (feb, {"year": "23/24"}),
        (date(2023, 3, 1), {"year": "22/23"}),
        (date(2023, 5, 1), {"year": "23/24"}),
    ]
    assert moved_with_audit(told, "A1", "23/24", june) == [(june, {"year": "23/24"})]
    assert moved_with_audit(told, "A3", "23/24", june) == [(june, {"year": "22/23"})]


def test_actions_are_numbered_within_their_year() -> None:
    assert Action.numbering({"year": "23/24"}) == ("2324-", 3)
