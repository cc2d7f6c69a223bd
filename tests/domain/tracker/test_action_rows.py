"""What a row of a sheet changes about an action, and what is refused."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shared.strategies import RAISED, changed, raised

from irbtrack.domain.journal import Change, fold
from irbtrack.domain.nouns.action import Action, Closure, completion
from irbtrack.domain.nouns.status import Status
from irbtrack.domain.tracker.action_rows import raised_day, tell_action
from irbtrack.domain.tracker.outcomes import Claim, Open
from irbtrack.domain.tracker.story import Occasion, Row, Story

REF = "2223-001"
OCT = [date(2023, 10, 1), *(date(2023, 10, day) for day in range(1, 32))]
"""The days of October 2023: ``OCT[5]`` is the 5th."""

TODAY = date(2023, 11, 23)
DAY = Occasion(OCT[31], TODAY)
EXPLAINED = DAY._replace(explained=True)
MARCH = date(2024, 3, 31)

NEW = {
    "year": "22/23",
    "title": "Reconcile the suspense account monthly",
    "priority": "High",
    "directorate": "finance",
    "owner": "ed-finance",
    "raised_on": RAISED,
    "due_on": MARCH,
}
"""A row of an action that the register does not have."""

COMPLETED_10 = {"completed_on": OCT[10], "percent_complete": 100, "outcome_on": OCT[10]}
COMPLETE = changed(OCT[10], **COMPLETED_10)
CLOSURE_10: dict[str, Any] = {
    "closed_on": OCT[10],
    "closed_as": "Withdrawn",
    "expires_on": None,
    "outcome_on": OCT[10],
}
WITHDRAWN = changed(OCT[10], **CLOSURE_10)
VERIFIED = changed(OCT[15], verified_on=OCT[15], verified_by="ha-audit")
COMPLETION_CLEARED = dict.fromkeys(
    ("completed_on", "percent_complete", "evidence", "verified_on", "verified_by")
)

NO_REASON = (
    " without a reason; give it in the column 'Reason for a change', or for all with --reason"
)


class Telling:
    """What a row was found to change: the story, and the fields that were assumed."""

    def __init__(
        self,
        said: Mapping[str, Any],
        *known: Change,
        day: Occasion = DAY,
        notes: Mapping[str, str] | None = None,
        reason: str | None = None,
        to_month: frozenset[str] = frozenset(),
    ) -> None:
        self.row, self.day = Row(said, notes or {}, reason, to_month & said.keys()), day
        self.story = Story(Action, REF, known)
        self.assumed = tell_action(self.story, self.row, day)

    def __repr__(self) -> str:
        known = [(f"{change.effective_on}", change.fields) for change in self.story.known]
        return f"{self.row} on {self.day} after {known}"

    @property
    def changes(self) -> list[tuple[date, dict[str, Any]]]:
        """The day and the fields of each change that it adds; nothing may be refused."""
        assert self.story.problems == []
        assert {(change.noun, change.ref) for change in self.story.added} <= {("action", REF)}
        return [(change.effective_on, dict(change.fields)) for change in self.story.added]

    @property
    def problems(self) -> list[tuple[str, str]]:
        return self.story.problems

    def on(self, day: date) -> Action:
        action = self.story.on(day)
        assert action is not None
        return action

    def again(self, day: Occasion | None = None) -> "Telling":
        """The same row applied again to its own result."""
        known = [*self.story.known, *self.story.added]
        return Telling(
            self.row.said,
            *known,
            day=day or self.day,
            notes=self.row.notes,
            reason=self.row.reason,
            to_month=self.row.to_month,
        )


def new(**others: Any) -> dict[str, Any]:
    """A row of a new action; a field that is None is left out."""
    return {field: value for field, value in (NEW | others).items() if value is not None}


# An action that the register does not have


def test_a_new_action_is_raised_on_its_day_with_all_that_stands_from_then_on() -> None:
    told = Telling(new(audit="2223-A01", detail="Seen in May"))
    assert told.changes == [(RAISED, new(audit="2223-A01", detail="Seen in May"))]
    assert told.assumed == []


def test_without_its_day_a_new_action_is_raised_on_that_of_the_sheet() -> None:
    told = Telling(new(raised_on=None))
    assert told.changes == [(OCT[31], new(raised_on=OCT[31], assumed_days="raised_on"))]
    assert told.assumed == ["raised_on"]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({}, OCT[31]),
        ({"due_on": MARCH}, OCT[31]),
        ({"due_on": OCT[5]}, OCT[5]),
        ({"due_on": MARCH, "original_due_on": OCT[5]}, OCT[5]),
        ({"due_on": OCT[20], "completed_on": OCT[10]}, OCT[10]),
        ({"due_on": OCT[20], "closed_on": OCT[10]}, OCT[10]),
        ({"due_on": MARCH, "verified_on": OCT[10]}, OCT[10]),
        ({"due_on": OCT[5], "raised_on": OCT[20]}, OCT[20]),
        ({"due_on": None, "raised_on": None}, OCT[31]),
    ],
)
def test_the_day_of_raising_is_said_or_else_the_latest_it_can_be(
    said: dict[str, Any], day: date
) -> None:
    assert raised_day(Row(said), OCT[31]) == day


def test_a_new_action_without_owner_and_date_is_not_allocated() -> None:
    told = Telling(new(owner=None, due_on=None, status=Status.NOT_ALLOCATED))
    assert told.changes == [(RAISED, new(owner=None, due_on=None))]


def test_a_revised_date_of_a_new_action_is_a_redating_by_the_day_of_the_sheet() -> None:
    told = Telling(new(original_due_on=OCT[20]))
    assert told.changes == [(RAISED, new(due_on=OCT[20])), (OCT[31], {"due_on": MARCH})]
    action = told.on(OCT[31])
    assert (action.original_due_on, action.due_on, action.times_redated) == (OCT[20], MARCH, 1)


def test_an_original_date_alone_is_the_date() -> None:
    told = Telling(new(due_on=None, original_due_on=MARCH))
    assert told.changes == [(RAISED, new())]
    assert told.on(RAISED).times_redated == 0


def test_who_approved_a_redating_is_kept_with_it() -> None:
    told = Telling(new(original_due_on=OCT[20], approved_by="Board"))
    assert told.changes[1:] == [(OCT[31], {"due_on": MARCH, "approved_by": "Board"})]
    assert told.on(OCT[31]).approved_by == "Board"


@pytest.mark.parametrize(
    ("dates", "number"),
    [({"original_due_on": OCT[20]}, 3), ({"original_due_on": MARCH}, 2), ({}, 2)],
    ids=["moved", "moved and back", "not said what it was"],
)
def test_how_often_a_new_action_was_redated_is_kept(dates: dict[str, Any], number: int) -> None:
    told = Telling(new(times_redated=number, **dates))
    assert told.problems == []
    assert told.on(OCT[31]).times_redated == number
    assert told.on(OCT[31]).due_on == MARCH


def test_a_number_that_is_less_than_its_dates_tell_is_not_believed() -> None:
    told = Telling(new(times_redated=0, original_due_on=OCT[20]))
    assert told.on(OCT[31]).times_redated == 1


def test_a_completion_is_of_its_own_day_with_its_evidence() -> None:
    told = Telling(new(completed_on=OCT[10], evidence="Minutes", progress="Done"))
    assert told.changes == [
        (RAISED, new()),
        (OCT[10], {"progress": "Done"}),
        (OCT[10], {**COMPLETED_10, "evidence": "Minutes"}),
    ]
    assert told.assumed == []


def test_a_completion_without_a_date_is_of_the_day_of_the_sheet_and_that_is_said() -> None:
    told = Telling(new(status=Status.COMPLETE, raised_on=None))
    assert told.assumed == ["raised_on", "completed_on"]
    assert told.on(OCT[31]).completed_on == OCT[31]


def test_what_a_complete_action_was_revised_to_and_owned_by_is_of_its_last_day() -> None:
    told = Telling(new(original_due_on=OCT[5], due_on=OCT[20], completed_on=OCT[10]))
    assert told.changes == [
        (RAISED, new(due_on=OCT[5])),
        (OCT[10], {"due_on": OCT[20]}),
        (OCT[10], COMPLETED_10),
    ]


def test_a_complete_action_is_at_100_percent_whatever_its_column_says() -> None:
    told = Telling(new(completed_on=OCT[10], percent_complete=40))
    assert told.on(OCT[10]).percent_complete == 100
    assert told.again().changes == []


def test_what_an_owner_reports_is_of_the_day_of_the_sheet() -> None:
    told = Telling(new(progress="Half done", percent_complete=50, status=Open.IN_PROGRESS))
    assert told.changes[1:] == [(OCT[31], {"progress": "Half done", "percent_complete": 50})]


def test_evidence_of_what_is_not_complete_is_kept_all_the_same() -> None:
    told = Telling(new(evidence="Draft minutes"))
    assert told.changes[1:] == [(OCT[31], {"evidence": "Draft minutes"})]


def test_a_closure_is_of_its_own_day_and_needs_no_reason_if_the_action_is_new() -> None:
    told = Telling(new(status=Closure.WITHDRAWN, closed_on=OCT[10]))
    assert told.changes == [(RAISED, new()), (OCT[10], CLOSURE_10)]
    undated = Telling(new(closed_as="Superseded"))
    assert undated.changes[1:] == [
        (
            OCT[31],
            CLOSURE_10
            | {"closed_on": OCT[31], "closed_as": "Superseded"}
            | {"outcome_on": OCT[31], "assumed_days": "closed_on"},
        )
    ]
    assert undated.assumed == ["closed_on"]


def test_a_risk_is_accepted_until_a_day() -> None:
    told = Telling(new(status=Closure.RISK_ACCEPTED, closed_on=OCT[10], expires_on=MARCH))
    assert told.on(OCT[31]).expires_on == MARCH
    early = Telling(new(status=Closure.RISK_ACCEPTED, closed_on=OCT[10], expires_on=OCT[5]))
    assert early.problems == [
        (
            "status",
            "the acceptance of 2223-001's risk cannot expire on 5 October 2023, before it begins"
            " on 10 October 2023",
        )
    ]


def test_a_closure_that_cannot_expire_is_refused_in_the_words_of_a_sheet() -> None:
    told = Telling(new(status=Closure.WITHDRAWN, closed_on=OCT[10], expires_on=MARCH))
    [(field, sentence)] = told.problems
    assert field in ("expires_on", "status")
    assert "--expires" not in sentence
    assert "--as" not in sentence


def test_a_verification_is_of_its_own_day_and_need_not_say_whose_it_is() -> None:
    told = Telling(new(completed_on=OCT[10], verified_on=OCT[15], verified_by="ha-audit"))
    assert told.changes[2:] == [(OCT[15], {"verified_on": OCT[15], "verified_by": "ha-audit"})]
    unsaid = Telling(new(completed_on=OCT[10], verified_on=OCT[15]))
    assert unsaid.changes[2:] == [(OCT[15], {"verified_on": OCT[15], "verified_by": None})]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            {"verified_on": OCT[15]},
            "2223-001 is not complete on 15 October 2023; only a complete action is verified",
        ),
        (
            {"completed_on": OCT[10], "verified_on": OCT[5]},
            "2223-001 is not complete on 5 October 2023; only a complete action is verified",
        ),
        (
            {"completed_on": OCT[10], "verified_by": "ha-audit"},
            "2223-001: a verification needs its date, and is taken back by 'irbtrack undo'",
        ),
        (
            {"completed_on": OCT[10], "verified_on": TODAY + timedelta(days=1)},
            "24 November 2023 is in the future; the latest day to record is today",
        ),
    ],
)
def test_a_verification_that_cannot_be_is_refused(said: dict[str, Any], problem: str) -> None:
    assert Telling(new(**said)).problems == [("verified_on", problem)]


def test_an_officer_does_not_verify_their_own_action() -> None:
    said = {"completed_on": OCT[10], "verified_on": OCT[15], "verified_by": "ed-finance"}
    why = "ed-finance owns 2223-001, and an officer does not verify their own action; name another"
    assert Telling(new(**said)).problems == [("verified_by", why)]


FUTURE = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"raised_on": FUTURE}, "raised_on"),
        ({"completed_on": FUTURE}, "completed_on"),
        ({"status": Closure.WITHDRAWN, "closed_on": FUTURE}, "closed_on"),
    ],
)
def test_nothing_has_happened_yet_on_a_day_to_come(said: dict[str, Any], field: str) -> None:
    assert Telling(new(**said)).problems == [
        (field, "24 November 2023 is in the future; the latest day to record is today")
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"due_on": date(2023, 1, 9)}, "due_on"),
        ({"original_due_on": date(2023, 1, 9)}, "original_due_on"),
        ({"original_due_on": OCT[31], "due_on": date(2023, 1, 9)}, "due_on"),
    ],
)
def test_nothing_is_due_before_it_was_raised(said: dict[str, Any], field: str) -> None:
    [(where, sentence)] = Telling(new(**said)).problems
    assert where == field
    assert sentence.endswith(
        " cannot be due on 9 January 2023, before it was raised on 10 January 2023; give a later"
        " day"
    )


def test_a_list_of_somebody_elses_keeps_its_due_dates() -> None:
    telling = Telling(new(due_on=date(2023, 1, 9)), day=DAY._replace(as_told=True))
    assert telling.problems == []
    assert "due_on" in telling.assumed


def test_nothing_is_complete_before_it_was_raised() -> None:
    assert Telling(new(completed_on=date(2023, 1, 9))).problems == [
        (
            "completed_on",
            "2223-001 was raised on 10 January 2023, so nothing can be recorded about it for"
            " 9 January 2023; give a later day",
        )
    ]


@pytest.mark.parametrize(
    "said",
    [
        {"progress": "Half done"},
        {"original_due_on": date(2023, 12, 31)},
        {"evidence": "Minutes"},
        {},
    ],
    ids=["progress", "revised", "evidence", "nothing else"],
)
def test_what_a_row_says_of_an_action_raised_after_the_day_of_the_sheet_is_not_lost(
    said: dict[str, Any],
) -> None:
    told = Telling(new(raised_on=date(2023, 11, 10), **said))
    if not told.problems:
        action = told.on(TODAY)
        assert all(
            getattr(action, field) == value
            for field, value in new(**said).items()
            if field != "raised_on"
        )
        assert (told.again().problems, told.again().story.added) == ([], [])


def test_all_problems_of_a_row_are_told_at_once() -> None:
    told = Telling(new(raised_on=FUTURE, due_on=date(2023, 1, 9), completed_on=OCT[10]))
    assert {field for field, _ in told.problems} >= {"raised_on", "due_on"}
    both = Telling(
        new(completed_on=OCT[10], verified_on=OCT[5], original_due_on=OCT[31], due_on=OCT[1])
        | {"due_on": date(2023, 1, 1)}
    )
    assert {field for field, _ in both.problems} == {"due_on", "verified_on"}
    contradicted = Telling(
        new(status=Status.OVERDUE, original_due_on=OCT[31], due_on=date(2023, 1, 1))
        | {"verified_on": OCT[5]}
    )
    assert {"due_on", "verified_on"} <= {field for field, _ in contradicted.problems}


# An action that is known


def test_a_row_that_says_what_is_known_changes_nothing() -> None:
    assert Telling(NEW, raised(due_on=MARCH)).changes == []
    assert Telling({}, raised()).changes == []
    told = Telling({**NEW, "status": Status.COMPLETE}, raised(due_on=MARCH), COMPLETE)
    assert (told.changes, told.assumed) == ([], [])


def test_only_what_differs_changes_and_from_the_day_of_the_sheet() -> None:
    said = {**NEW, "title": "Reconcile weekly", "priority": "Low", "directorate": "housing"}
    assert Telling(said, raised(due_on=MARCH)).changes == [
        (OCT[31], {"title": "Reconcile weekly", "priority": "Low", "directorate": "housing"})
    ]


def test_what_was_emptied_is_cleared() -> None:
    known = raised(audit="2223-A01", detail="Seen in May", progress="Half done")
    told = Telling({"audit": None, "detail": None, "progress": None, "owner": None}, known)
    action = told.on(OCT[31])
    assert (action.audit, action.detail, action.progress, action.owner) == (None,) * 4
    assert told.on(OCT[30]).detail == "Seen in May"


@pytest.mark.parametrize("field", ["title", "priority", "directorate", "year"])
def test_what_an_action_cannot_do_without_is_not_cleared(field: str) -> None:
    told = Telling({field: None}, raised())
    assert [where for where, _ in told.problems] == [field]


def test_another_owner_answers_from_the_day_of_the_sheet() -> None:
    told = Telling({"owner": "ad-housing"}, raised())
    assert told.changes == [(OCT[31], {"owner": "ad-housing"})]


def test_a_first_date_is_no_redating_and_needs_no_reason() -> None:
    for field in ("due_on", "original_due_on"):
        told = Telling({field: MARCH}, raised(due_on=None))
        assert told.changes == [(OCT[31], {"due_on": MARCH})]
        assert told.on(OCT[31]).times_redated == 0


def test_a_redating_needs_a_reason_of_the_row_or_of_the_import() -> None:
    said, known = {"due_on": MARCH}, raised(due_on=OCT[20])
    assert Telling(said, known).problems == [
        (
            "due_on",
            f"2223-001 would be re-dated from 20 October 2023 to 31 March 2024{NO_REASON}",
        )
    ]
    told = [(OCT[31], {"due_on": MARCH, "approved_by": None})]
    assert Telling(said, known, day=EXPLAINED).changes == told
    own = Telling(said, known, reason="The system is late")
    assert own.changes == told
    assert [change.reason for change in own.story.added] == ["The system is late"]
    approved = Telling({**said, "approved_by": "Board"}, known, day=EXPLAINED)
    assert approved.on(OCT[31]).approved_by == "Board"


def test_a_date_that_was_redated_since_is_not_redated_again() -> None:
    known = raised(due_on=OCT[20]), changed(OCT[15], due_on=MARCH)
    told = Telling({"original_due_on": OCT[20], "due_on": MARCH, "times_redated": 1}, *known)
    assert told.changes == []
    only_the_first = Telling({"original_due_on": OCT[20]}, *known)
    assert only_the_first.changes == []


def test_a_due_date_is_not_taken_away() -> None:
    assert Telling({"due_on": None}, raised(due_on=MARCH)).problems == [
        (
            "due_on",
            "2223-001 is due on 31 March 2024, and a due date is not taken away; give another, with"
            " the reason",
        )
    ]
    assert Telling({"due_on": None}, raised(due_on=None)).changes == []


@pytest.mark.parametrize("said", [{"status": Closure.WITHDRAWN}, {"closed_as": "Withdrawn"}])
def test_a_closing_needs_a_reason(said: dict[str, Any]) -> None:
    said = {**said, "closed_on": OCT[10]}
    assert Telling(said, raised()).problems == [
        ("status", f"2223-001 would be closed as Withdrawn{NO_REASON}")
    ]
    told = Telling(said, raised(), reason="The service ended")
    assert told.changes == [(OCT[10], CLOSURE_10)]
    assert told.story.added[0].reason == "The service ended"
    assert Telling(said, raised(), day=EXPLAINED).story.added[0].reason is None


@pytest.mark.parametrize(
    ("said", "ended", "cleared"),
    [
        ({"status": Open.OPEN}, COMPLETE, COMPLETION_CLEARED),
        ({"status": Open.OPEN, "completed_on": None}, COMPLETE, COMPLETION_CLEARED),
        ({"status": Open.OPEN}, WITHDRAWN, dict.fromkeys(["closed_on", "closed_as", "expires_on"])),
        (
            {"status": Open.OPEN, "closed_as": None},
            WITHDRAWN,
            dict.fromkeys(["closed_on", "closed_as", "expires_on"]),
        ),
    ],
)
def test_a_reopening_needs_a_reason(
    said: dict[str, Any], ended: Change, cleared: dict[str, Any]
) -> None:
    assert Telling(said, raised(due_on=MARCH), ended).problems == [
        ("status", f"2223-001 would be reopened{NO_REASON}")
    ]
    told = Telling(said, raised(due_on=MARCH), ended, reason="It came back")
    assert told.changes == [(OCT[31], {**cleared, "outcome_on": OCT[31]})]
    assert told.on(OCT[30]) != told.on(OCT[31])


def test_what_is_reopened_may_be_redated_and_reported_on_in_one_row() -> None:
    said = {
        "status": Open.IN_PROGRESS,
        "due_on": MARCH,
        "percent_complete": 20,
        "owner": "ad-housing",
    }
    told = Telling(said, raised(due_on=OCT[20]), COMPLETE, VERIFIED, reason="It came back")
    action = told.on(OCT[31])
    assert told.problems == []
    assert (action.completed_on, action.verified_on, action.outcome_on) == (None, None, OCT[31])
    assert (action.due_on, action.percent_complete, action.owner) == (MARCH, 20, "ad-housing")


def test_a_completion_of_a_known_action_needs_no_reason() -> None:
    told = Telling({"status": Status.COMPLETE}, raised())
    assert told.assumed == ["completed_on"]
    done = {"completed_on": OCT[31], "percent_complete": 100, "outcome_on": OCT[31]}
    assert told.changes == [(OCT[31], done | {"assumed_days": "completed_on"})]


def test_another_day_of_completion_is_refused_until_it_is_reopened() -> None:
    assert Telling({"completed_on": OCT[12]}, raised(), COMPLETE).problems == [
        (
            "completed_on",
            "2223-001 has been complete since 10 October 2023; 'irbtrack action reopen 2223-001"
            " --reason WHY' opens it again",
        )
    ]


def test_a_closed_action_is_not_completed_and_a_complete_one_not_closed() -> None:
    for said, ended in (
        ({"status": Status.COMPLETE}, WITHDRAWN),
        ({"status": Closure.WITHDRAWN}, COMPLETE),
    ):
        told = Telling(said, raised(), ended, day=EXPLAINED)
        assert len(told.problems) == 1
        assert "opens it again" in told.problems[0][1]


def test_evidence_and_verification_may_come_after_a_completion() -> None:
    said = {
        "status": Status.COMPLETE,
        "evidence": "Minutes",
        "verified_on": OCT[20],
        "verified_by": "ha-audit",
    }
    assert Telling(said, raised(), COMPLETE).changes == [
        (OCT[31], {"evidence": "Minutes"}),
        (OCT[20], {"verified_on": OCT[20], "verified_by": "ha-audit"}),
    ]


def test_a_verification_that_is_known_is_neither_moved_nor_taken_back() -> None:
    known = raised(), COMPLETE, VERIFIED
    assert Telling({"verified_on": OCT[15], "verified_by": "ha-audit"}, *known).changes == []
    assert Telling({"verified_on": OCT[16]}, *known).problems == [
        ("verified_on", "2223-001 was verified on 15 October 2023 already")
    ]
    assert Telling({"verified_on": None}, *known).problems == [
        (
            "verified_on",
            "2223-001: a verification needs its date, and is taken back by 'irbtrack undo'",
        )
    ]


def test_a_later_owner_is_not_who_verified() -> None:
    told = Telling({"owner": "ha-audit"}, raised(), COMPLETE, VERIFIED)
    assert [field for field, _ in told.problems] == ["owner"]


@pytest.mark.parametrize(
    ("field", "told", "label", "was"),
    [
        ("raised_on", date(2023, 1, 11), "Raised", "10 January 2023"),
        ("original_due_on", OCT[20], "Original due", "31 October 2023"),
    ],
)
def test_what_never_changes_is_refused(field: str, told: date, label: str, was: str) -> None:
    assert Telling({field: told}, raised()).problems == [
        (
            field,
            f"2223-001: {label} is {was}, and never changes; put it back, or leave the column out"
            f" with '--map {field}='",
        )
    ]


def test_all_problems_of_a_row_of_a_known_action_are_told_at_once() -> None:
    said = {
        "raised_on": date(2023, 1, 11),
        "due_on": MARCH,
        "status": Closure.WITHDRAWN,
        "verified_on": OCT[15],
        "priority": "Low",
    }
    told = Telling(said, raised())
    assert [field for field, _ in told.problems] == ["raised_on", "due_on", "status", "verified_on"]


def test_a_row_of_a_day_before_the_action_was_raised_is_refused() -> None:
    early = Occasion(date(2023, 1, 9), TODAY)
    told = Telling({"priority": "Low"}, raised(), day=early)
    assert {sentence for _, sentence in told.problems} == {
        "2223-001 was raised on 10 January 2023, so nothing can be recorded about it for"
        " 9 January 2023; give a later day"
    }


def test_an_earlier_sheet_is_held_against_what_was_true_then() -> None:
    known = raised(priority="Low"), changed(OCT[20], priority="High")
    then = Telling({"priority": "Low"}, *known, day=Occasion(OCT[10], TODAY))
    assert then.changes == []
    now = Telling({"priority": "Low"}, *known)
    assert now.changes == [(OCT[31], {"priority": "Low"})]


@pytest.mark.parametrize("known", [(), (raised(due_on=MARCH),)], ids=["new", "known"])
def test_evidence_beside_a_closure_is_not_lost(known: tuple[Change, ...]) -> None:
    said = new(closed_as="Withdrawn", closed_on=OCT[10], evidence="Minutes")
    told = Telling(said, *known, day=EXPLAINED)
    assert told.on(OCT[31]).evidence == "Minutes"
    assert told.again().changes == []


def test_a_known_action_without_a_date_is_given_the_original_and_the_revised_one() -> None:
    told = Telling(
        {"original_due_on": OCT[20], "due_on": MARCH}, raised(due_on=None), day=EXPLAINED
    )
    action = told.on(OCT[31])
    assert (action.original_due_on, action.due_on, action.times_redated) == (OCT[20], MARCH, 1)
    assert told.again().changes == []


REPORTED_20 = changed(OCT[20], progress="Half done", percent_complete=50)


def test_what_was_reported_after_a_completion_of_an_earlier_day_does_not_hide_it() -> None:
    said = {"completed_on": OCT[10], "progress": "Done"}
    told = Telling(said, raised(), REPORTED_20)
    assert told.problems == []
    action = told.on(OCT[31])
    assert (action.completed_on, action.progress, action.percent_complete) == (OCT[10], "Done", 100)
    assert told.again().changes == []


def test_what_was_reported_after_a_closure_of_an_earlier_day_does_not_hide_what_the_row_says() -> (
    None
):
    said = {"closed_as": "Withdrawn", "closed_on": OCT[10], "progress": "Not needed"}
    told = Telling(said, raised(), REPORTED_20, day=EXPLAINED)
    assert told.problems == []
    assert told.on(OCT[31]).progress == "Not needed"
    assert told.again().changes == []


def test_a_redating_after_a_completion_of_an_earlier_day_is_not_asked_for_again() -> None:
    known = raised(due_on=OCT[5]), changed(OCT[20], due_on=MARCH, owner="ad-housing")
    said = {"due_on": MARCH, "owner": "ad-housing", "completed_on": OCT[10]}
    told = Telling(said, *known)
    assert told.changes == [(OCT[10], COMPLETED_10)]


def test_progress_on_a_closed_action_is_refused() -> None:
    told = Telling({"progress": "Half done"}, raised(), WITHDRAWN)
    assert [field for field, _ in told.problems] == ["progress"]
    assert Telling({"progress": "Said so"}, raised(), COMPLETE).changes == [
        (OCT[31], {"progress": "Said so"})
    ]


# Reasons and notes


def test_a_note_beside_a_date_goes_with_the_change_of_that_date() -> None:
    told = Telling(
        new(original_due_on=OCT[20], completed_on=OCT[10]),
        notes={"due_on": "FOR REVIEW", "completed_on": "in part"},
        reason="The system is late",
    )
    assert [change.reason for change in told.story.added] == [
        None,
        "The system is late; noted with the date: FOR REVIEW",
        "noted with the date: in part",
    ]


def test_a_note_of_one_date_is_not_told_of_another_that_is_the_same() -> None:
    told = Telling(
        {"due_on": OCT[20], "completed_on": OCT[20]},
        raised(due_on=OCT[10]),
        notes={"due_on": "extended"},
        day=EXPLAINED,
    )
    assert [
        (dict(c.fields).keys() & {"due_on", "completed_on"}, c.reason) for c in told.story.added
    ] == [
        ({"due_on"}, "noted with the date: extended"),
        ({"completed_on"}, None),
    ]


def test_a_reason_goes_with_the_change_that_it_explains() -> None:
    told = Telling(
        {"title": "Reconcile weekly", "due_on": MARCH}, raised(due_on=OCT[20]), reason="Late"
    )
    assert [(sorted(change.fields), change.reason) for change in told.story.added] == [
        (["title"], None),
        (["approved_by", "due_on"], "Late"),
    ]
    other = Telling({"title": "Reconcile weekly"}, raised(), reason="Clearer")
    assert [change.reason for change in other.story.added] == ["Clearer"]
    first = Telling(new(), reason="From the old tracker")
    assert [change.reason for change in first.story.added] == ["From the old tracker"]


# Properties

near = st.dates(OCT[1], OCT[1] + timedelta(days=20))
days = st.dates(OCT[1], OCT[31])
owners = st.sampled_from(["ed-finance", "ad-housing", "ha-audit"])
claims: st.SearchStrategy[Claim] = st.sampled_from([*Status, *Closure, *Open])

rows_of_dates: dict[str, st.SearchStrategy[Any]] = {
    "raised_on": near,
    "original_due_on": near,
    "due_on": days,
    "completed_on": days,
    "verified_on": days,
    "closed_on": days,
    "expires_on": days,
}
others: dict[str, st.SearchStrategy[Any]] = {
    "audit": st.sampled_from(["2223-A01", "2223-A02"]),
    "detail": st.sampled_from(["Seen in May", "Seen in June"]),
    "owner": owners,
    "status": claims,
    "verified_by": owners,
    "closed_as": st.sampled_from([closure.value for closure in Closure]),
    "progress": st.sampled_from(["Half done", "Done"]),
    "percent_complete": st.integers(0, 100),
    "evidence": st.sampled_from(["Minutes", "Ledger"]),
    "approved_by": st.sampled_from(["Board", "Director"]),
    "times_redated": st.integers(0, 4),
}
needed: dict[str, st.SearchStrategy[Any]] = {
    "year": st.sampled_from(["22/23", "23/24"]),
    "title": st.sampled_from(["Reconcile", "Report"]),
    "priority": st.sampled_from(["High", "Medium", "Low"]),
    "directorate": st.sampled_from(["finance", "housing"]),
}
sheet_days = st.dates(OCT[10], OCT[31])


@st.composite
def rows_of(draw: st.DrawFn, *, whole: bool) -> dict[str, Any]:
    """A row with a few fields, so few that most rows are not refused."""
    said: dict[str, Any] = {}
    for field, values in needed.items():
        if whole or draw(st.booleans()):
            said[field] = draw(values)
    optional = draw(st.sets(st.sampled_from([*rows_of_dates, *others]), max_size=7))
    for field in sorted(optional):
        said[field] = draw({**rows_of_dates, **others}[field])
    if draw(st.booleans()):  # an end in which the fields go together
        for field in (
            "status",
            "completed_on",
            "verified_on",
            "closed_as",
            "closed_on",
            "expires_on",
        ):
            said.pop(field, None)
        if draw(st.booleans()):
            said["completed_on"] = draw(days)
            if draw(st.booleans()):
                said["verified_on"] = draw(days.filter(lambda day: day >= said["completed_on"]))
        elif draw(st.booleans()):
            said |= {"closed_as": draw(others["closed_as"]), "closed_on": draw(days)}
    return said


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    """One row of a new action or, after it, another of the then known one; none is refused."""
    first = Telling(
        draw(rows_of(whole=True)),
        day=Occasion(draw(sheet_days), TODAY),
        reason=draw(st.none() | st.just("So")),
    )
    assume(not first.problems and not happened_after(first))
    if draw(st.booleans()):
        return first
    later = draw(st.dates(first.day.of_sheet, OCT[31]))
    second = Telling(
        draw(rows_of(whole=False)),
        *first.story.added,
        day=Occasion(later, TODAY, explained=draw(st.booleans())),
        reason=draw(st.none() | st.just("So")),
    )
    assume(not second.problems and not happened_after(second))
    return second


def happened_after(told: Telling) -> bool:
    """Whether a row says what happened after the day that its sheet is of."""
    happened = ("raised_on", "completed_on", "closed_on", "verified_on")
    return any(
        told.row.said.get(field, told.day.of_sheet) > told.day.of_sheet for field in happened
    )


@pytest.mark.parametrize(
    "said",
    [
        {"completed_on": OCT[20]},
        {"completed_on": OCT[10], "verified_on": OCT[20], "verified_by": "ha-audit"},
        {"closed_as": "Withdrawn", "closed_on": OCT[20]},
        {"completed_on": OCT[20], "progress": "Done", "evidence": "Minutes"},
    ],
    ids=["completed", "verified", "closed", "completed, with evidence"],
)
def test_what_happened_after_the_day_of_the_sheet_is_refused_or_told_but_once(
    said: dict[str, Any],
) -> None:
    told = Telling(new(**said), day=Occasion(OCT[15], TODAY, explained=True))
    if not told.problems:
        again = told.again()
        assert (again.problems, again.story.added) == ([], [])


def test_a_percentage_reported_after_the_day_of_completion_does_not_stay() -> None:
    told = Telling(
        {"completed_on": OCT[1]},
        Change("action", "2223-001", OCT[1], {**new(), "raised_on": OCT[1]}),
        Change("action", "2223-001", OCT[10], {"percent_complete": 0}),
        day=Occasion(OCT[11], TODAY),
    )
    assert {one.record.percent_complete for one in told.story.versions} == {100}


REPORTS = st.lists(st.tuples(st.sampled_from(OCT[5:31]), st.integers(0, 99)), max_size=4)


@given(REPORTS, st.sampled_from(OCT[5:31]), st.booleans())
def test_a_sheet_and_a_command_complete_an_action_alike(
    reports: list[tuple[date, int]], done_on: date, assumed: bool
) -> None:
    known = [raised(), *(changed(on, percent_complete=percent) for on, percent in reports)]
    if assumed:
        known += Telling({"status": Status.COMPLETE}, *known).story.added
    told = Telling({"completed_on": done_on}, *known)
    assert told.problems == []
    changes = completion(known, done_on, None, None)
    by_command = fold(Action, REF, [*known, *(changed(on, **fields) for on, fields in changes)])
    assert by_command == told.story.versions
    done = [one.record for one in by_command if one.valid_from >= done_on]
    assert {(one.completed_on, one.percent_complete) for one in done} == {(done_on, 100)}
    assert all(one.completed_on is None for one in (v.record for v in by_command[: -len(done)]))
    assert {one.assumed_days for one in done} == {None}


# A day that was only assumed


@given(st.sampled_from(OCT[1:31]), st.sampled_from([None, OCT[20]]))
def test_the_true_day_of_raising_takes_the_place_of_an_assumed_one(
    raised_on: date, due_on: date | None
) -> None:
    first = Telling(new(raised_on=None, due_on=due_on, times_redated=2 if due_on else None))
    later = Occasion(TODAY, TODAY, as_told=True)
    assumed_on = OCT[20] if due_on else OCT[31]
    told = Telling({"raised_on": raised_on}, *first.story.added, day=later)
    if raised_on > assumed_on:
        [(field, why)] = told.problems
        assert field == "raised_on"
        assert "'--map raised_on=' leaves the column out of an import" in why
        return
    assert told.problems == []
    assert {one.record.raised_on for one in told.story.versions} == {raised_on}
    assert {one.record.assumed_days for one in told.story.versions} == {None}
    assert told.story.versions[0].valid_from == raised_on
    before, after = first.story.versions[-1].record, told.story.versions[-1].record
    kept = vars(before) | {"raised_on": raised_on, "assumed_days": None}
    assert vars(after) == kept
    assert told.again().story.added == []


def test_a_day_that_was_told_never_changes() -> None:
    told = Telling({"raised_on": OCT[5]}, raised(raised_on=OCT[10]))
    assert [field for field, _ in told.problems] == ["raised_on"]


@pytest.mark.parametrize("end", ["completed_on", "closed_on"])
@pytest.mark.parametrize("true_day", [OCT[5], OCT[31], TODAY])
def test_the_true_day_of_an_end_takes_the_place_of_an_assumed_one(end: str, true_day: date) -> None:
    status = Status.COMPLETE if end == "completed_on" else Closure.WITHDRAWN
    reported = {"status": status, "progress": "Half of it", "percent_complete": 50}
    first = Telling(new(raised_on=None, due_on=None, **reported))
    assert first.on(OCT[31]).assumed_days == f"raised_on, {end}"
    silent = Telling({"status": status}, *first.story.added, day=EXPLAINED)
    assert silent.changes == []
    day = Occasion(TODAY, TODAY, explained=True)
    told = Telling({"status": status, end: true_day}, *first.story.added, day=day)
    assert told.problems == []
    newest = told.story.versions[-1].record
    assert (getattr(newest, end), newest.assumed_days) == (true_day, "raised_on")
    ended = [v.valid_from for v in told.story.versions if getattr(v.record, end) is not None]
    assert min(ended) == true_day
    assert newest.raised_on == min(true_day, OCT[31])
    assert told.again().story.added == []


def test_a_completion_that_audit_has_verified_is_not_moved_after_that() -> None:
    known = [*Telling({"status": Status.COMPLETE}, raised()).story.added]
    known = [raised(), *known, changed(OCT[31], verified_on=OCT[31], verified_by="ha-audit")]
    day = Occasion(TODAY, TODAY)
    told = Telling({"completed_on": TODAY}, *known, day=day)
    assert [field for field, _ in told.problems] == ["completed_on"]
    earlier = Telling({"completed_on": OCT[5]}, *known, day=day)
    assert earlier.problems == []
    assert earlier.on(TODAY).verified_on == OCT[31]


def test_a_month_without_a_day_is_assumed_and_does_not_move_with_the_sheet() -> None:
    months = frozenset({"completed_on", "raised_on"})
    said = {"raised_on": RAISED, "completed_on": OCT[31], "status": Status.COMPLETE}
    early = Occasion(OCT[15], TODAY)
    first = Telling(new(**said), day=early, to_month=months)
    assert first.on(OCT[15]).completed_on == OCT[15]
    assert first.on(OCT[15]).assumed_days == "raised_on, completed_on"
    assert first.again(DAY).changes == []
    told = Telling({"completed_on": OCT[12]}, *first.story.added)
    assert (told.on(OCT[31]).completed_on, told.on(OCT[31]).assumed_days) == (OCT[12], "raised_on")


@given(tellings())
def test_what_is_taken_folds_and_no_version_contradicts_itself(told: Telling) -> None:
    assert all(change.effective_on <= TODAY for change in told.story.added)
    assert all(change.fields for change in told.story.added)
    assert told.story.versions
    for version in told.story.versions:
        action = version.record
        assert action.raised_on == told.story.versions[0].valid_from
        assert action.due_on is None or action.due_on >= action.raised_on
        assert action.original_due_on is None or action.original_due_on >= action.raised_on
        assert (action.closed_on is None) == (action.closed_as is None)
        assert action.completed_on is None or action.completed_on <= version.valid_from
        assert action.verified_on is None or action.completed_on is not None
        assert action.verified_by is None or action.verified_by != action.owner
        assert action.completed_on is None or action.percent_complete == 100


@given(tellings())
def test_the_same_row_told_again_adds_nothing(told: Telling) -> None:
    again = told.again()
    assert again.problems == []
    assert again.story.added == []
    assert again.assumed == []


@given(tellings(), st.integers(1, 20))
def test_the_same_row_told_on_a_later_day_adds_nothing(told: Telling, after: int) -> None:
    assume(told.row.said.get("status") is not Status.NOT_DUE)  # which it may be no longer
    later = min(told.day.of_sheet + timedelta(days=after), TODAY)
    again = told.again(told.day._replace(of_sheet=later))
    assert again.problems == []
    assert again.story.added == []


@given(tellings())
def test_on_the_day_of_the_sheet_the_action_is_what_its_row_says(told: Telling) -> None:
    said, on = told.row.said, told.day.of_sheet
    action = told.on(on)
    plain = (*needed, "raised_on", "audit", "detail", "owner", "progress", "approved_by")
    assert {f: getattr(action, f) for f in plain if f in said} == {
        f: said[f] for f in plain if f in said
    }
    if "due_on" in said:
        assert action.due_on == said["due_on"]
    first = said.get("original_due_on", said.get("due_on"))
    if not told.story.known or "original_due_on" in said:
        assert action.original_due_on == first
    if not told.story.known:
        assert action.times_redated >= (said.get("times_redated", 0) if action.due_on else 0)
        assert action.times_redated >= (action.due_on != action.original_due_on)
    newest = told.story.versions[-1].record
    for field in (
        "completed_on",
        "closed_on",
        "verified_on",
        "closed_as",
        "evidence",
        "verified_by",
    ):
        if field in said:
            assert getattr(newest, field) == said[field], field
    claim = said.get("status")
    if claim is Status.COMPLETE:
        assert newest.completed_on is not None
    if isinstance(claim, Closure):
        assert newest.closed_as == claim.value
    if "percent_complete" in said and newest.completed_on is None and newest.closed_on is None:
        assert action.percent_complete == said["percent_complete"]


@given(tellings())
def test_a_known_action_is_redated_closed_and_reopened_only_with_a_reason(told: Telling) -> None:
    if not told.story.known:
        return
    before = Story(Action, REF, told.story.known)
    was, now = before.versions[-1].record, told.story.versions[-1].record
    redated = None not in (was.due_on, now.due_on) and was.due_on != now.due_on
    closed = was.closed_on != now.closed_on
    reopened = was.completed_on is not None and now.completed_on is None
    if redated or closed or reopened:
        assert told.row.reason or told.day.explained


@given(tellings())
def test_a_row_leaves_what_was_true_before_its_first_change(told: Telling) -> None:
    if not told.story.known or not told.story.added:
        return
    before = Story(Action, REF, told.story.known)
    first = min(change.effective_on for change in told.story.added)
    day = first - timedelta(days=1)
    assert told.story.on(day) == before.on(day)


@given(rows_of(whole=True), sheet_days)
def test_whatever_a_row_says_it_is_taken_or_refused_in_sentences(
    said: dict[str, Any], day: date
) -> None:
    told = Telling(said, day=Occasion(day, TODAY))
    assert all(sentence and field for field, sentence in told.problems)
    assert told.problems or told.story.added


EARLIEST = "--raised-earliest takes such actions as raised on the day they were done"


@pytest.mark.parametrize(
    ("said", "field", "what"),
    [
        ({"completed_on": OCT[5]}, "completed_on", "complete"),
        ({"status": Closure.WITHDRAWN, "closed_on": OCT[5]}, "closed_on", "closed"),
    ],
)
def test_what_was_done_before_it_was_raised_is_refused_or_raised_then(
    said: dict[str, Any], field: str, what: str
) -> None:
    told = DAY._replace(as_told=True)
    assert (
        field,
        f"the action cannot be {what} on 5 October 2023, before it was raised on"
        f" 6 October 2023; {EARLIEST}",
    ) in Telling(new(raised_on=OCT[6], **said), day=told).problems
    assert Telling(new(raised_on=OCT[5], **said), day=told).problems == []
    earliest = DAY._replace(raised_earliest=True)
    telling = Telling(new(raised_on=OCT[6], **said), day=earliest)
    assert telling.on(OCT[31]).raised_on == OCT[5]
    assert Telling(new(raised_on=OCT[4], **said), day=earliest).on(OCT[31]).raised_on == OCT[4]
    assert Telling(new(raised_on=OCT[6]), day=earliest).on(OCT[31]).raised_on == OCT[6]
