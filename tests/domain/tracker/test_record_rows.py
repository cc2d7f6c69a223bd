"""What a row of a sheet changes of audits, directions, milestones, notes and the rest."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from irbtrack.domain.journal import Change
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record, settable_fields
from irbtrack.domain.tracker.record_rows import tell_record
from irbtrack.domain.tracker.story import Occasion, Row, Story

OCT = [date(2023, 10, 1), *(date(2023, 10, day) for day in range(1, 32))]
TODAY = date(2023, 11, 23)
DAY = Occasion(OCT[31], TODAY)
EXPLAINED = DAY._replace(explained=True)
MARCH, JUNE = date(2024, 3, 31), date(2024, 6, 30)
TOMORROW = TODAY + timedelta(days=1)

NO_REASON = (
    " without a reason; give it in the column 'Reason for a change', as commentary, or for all with"
    " --reason"
)


class Telling:
    """What a row was found to change: the story, and its problems."""

    def __init__(
        self,
        kind: type[Record],
        said: Mapping[str, Any],
        *known: Change,
        day: Occasion = DAY,
        reason: str | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> None:
        self.kind, self.row, self.day = kind, Row(said, notes or {}, reason), day
        self.story: Story[Any] = Story(kind, "R1", known)
        tell_record(self.story, self.row, day)

    def __repr__(self) -> str:
        known = [(f"{change.effective_on}", change.fields) for change in self.story.known]
        return f"{self.kind.NOUN}: {self.row} on {self.day} after {known}"

    @property
    def changes(self) -> list[tuple[date, dict[str, Any]]]:
        """The day and the fields of each change that it adds; nothing may be refused."""
        assert self.story.problems == []
        return [(change.effective_on, dict(change.fields)) for change in self.story.added]

    @property
    def problems(self) -> list[tuple[str, str]]:
        return self.story.problems

    def on(self, day: date) -> Any:
        return self.story.on(day)

    def again(self, day: Occasion | None = None) -> "Telling":
        """The same row applied again to its own result."""
        known = [*self.story.known, *self.story.added]
        return Telling(
            self.kind,
            self.row.said,
            *known,
            day=day or self.day,
            reason=self.row.reason,
            notes=self.row.notes,
        )


def known(kind: type[Record], on: date = OCT[1], **fields: Any) -> Change:
    """The change that entered a record."""
    return Change(kind.NOUN, "R1", on, fields)


AUDIT = known(Audit, year="22/23", name="Payroll", status="Planned")
DIRECTION = known(Direction, title="Financial Sustainability", target_on=MARCH, rag="A")
MILESTONE = known(Milestone, title="Ledger closed", workstream="ledger", forecast_on=MARCH, rag="A")
NOTE = known(Note, section="Headline", text="The plan was agreed.", dated_on=OCT[1], position=1)
WORKSTREAM = known(Workstream, name="The Ledger", position=1)
OFFICER = known(Officer, title="Head of Finance", directorate="finance")
DIRECTORATE = known(Directorate, name="Finance")

ALL = [
    (Audit, AUDIT),
    (Direction, DIRECTION),
    (Milestone, MILESTONE),
    (Note, NOTE),
    (Workstream, WORKSTREAM),
    (Officer, OFFICER),
    (Directorate, DIRECTORATE),
]
EACH = pytest.mark.parametrize(("kind", "first"), ALL, ids=[kind.NOUN for kind, _ in ALL])

RATED = pytest.mark.parametrize(
    ("kind", "first"), [ALL[1], ALL[2]], ids=[Direction.NOUN, Milestone.NOUN]
)
SHEETS_DAY = "31 October 2023, the day that the sheet is of; give a later one with --on"


# What all have in common


@EACH
def test_a_new_record_begins_on_the_day_of_the_sheet_with_all_that_its_row_says(
    kind: type[Record], first: Change
) -> None:
    told = Telling(kind, {"ref": "R1", **first.fields})
    assert told.changes == [(OCT[1] if kind is Note else OCT[31], dict(first.fields))]


@EACH
def test_a_row_that_says_what_is_known_changes_nothing(kind: type[Record], first: Change) -> None:
    assert Telling(kind, {"ref": "R1", **first.fields}, first).changes == []
    assert Telling(kind, {"ref": "R1"}, first).changes == []


@EACH
def test_what_differs_changes_from_the_day_of_the_sheet(kind: type[Record], first: Change) -> None:
    label = "text" if kind is Note else kind.LABEL
    told = Telling(kind, {**first.fields, label: "Another"}, first)
    assert told.changes == [(OCT[31], {label: "Another"})]
    assert getattr(told.on(OCT[30]), label) == first.fields[label]


@EACH
def test_a_row_of_a_day_before_the_record_was_entered_is_refused(
    kind: type[Record], first: Change
) -> None:
    early = Occasion(OCT[1] - timedelta(days=1), TODAY)
    assert Telling(kind, first.fields, first, day=early).problems == [
        ("ref", "R1 was entered from 1 October 2023 on; give a later day with --on")
    ]


@EACH
def test_what_a_record_cannot_do_without_is_not_cleared(kind: type[Record], first: Change) -> None:
    label = "text" if kind is Note else kind.LABEL
    told = Telling(kind, {label: None}, first)
    assert [field for field, _ in told.problems] == [label]


@EACH
def test_what_belongs_elsewhere_is_no_change_of_the_record(
    kind: type[Record], first: Change
) -> None:
    said = {"email": "a.other@example.org", "reason": "So", "days_overdue": 3}
    assert Telling(kind, said, first).changes == []
    begun = Telling(kind, {**first.fields, **said})
    assert all(not change.fields.keys() & said.keys() for change in begun.story.added)


def test_what_may_be_set_is_what_the_fold_does_not_work_out() -> None:
    assert {"title", "target_on", "rag", "trend", "trend_on"} <= settable_fields(Direction)
    assert not {"ref", "original_target_on", "times_redated", "rag_on"} & settable_fields(Direction)
    assert not {"ref", "baseline_on", "times_redated", "rag_on"} & settable_fields(Milestone)
    assert settable_fields(Directorate) == {"name"}


# Audits, posts and workstreams


def test_a_new_audit_without_year_and_status_is_planned_in_the_year_of_the_sheet() -> None:
    assert Telling(Audit, {"name": "Payroll"}).changes == [
        (OCT[31], {"year": "23/24", "status": "Planned", "name": "Payroll"})
    ]


def test_an_audit_keeps_its_year_and_changes_its_status_and_findings() -> None:
    said = {"status": "Finalised", "classification": "Partial Assurance", "findings": (1, 2, 3)}
    assert Telling(Audit, said, AUDIT).changes == [(OCT[31], said)]
    assert Telling(Audit, {"year": "23/24", **said}, AUDIT).problems == [
        (
            "year",
            "R1: Year is 22/23, and never changes; put it back, or leave the column out with"
            " '--map year='",
        )
    ]


def test_who_holds_a_post_is_not_in_the_journal() -> None:
    said = {"title": "Head of Finance", "name": "A N Other", "email": "a.other@example.org"}
    assert Telling(Officer, said).changes == [(OCT[31], {"title": "Head of Finance"})]
    assert Telling(Officer, {"directorate": None}, OFFICER).changes == [
        (OCT[31], {"directorate": None})
    ]


def test_a_workstream_may_be_within_another() -> None:
    said = {"name": "The Ledger", "within": "finance-plan", "position": 2}
    assert Telling(Workstream, said).changes == [(OCT[31], said)]


# Directions


def test_a_new_direction_begins_on_the_day_of_its_rating_if_that_is_earlier() -> None:
    told = Telling(Direction, {"title": "SEND", "rag": "A", "rag_on": OCT[5]})
    assert told.changes == [(OCT[5], {"title": "SEND", "rag": "A"})]
    assert told.on(OCT[31]).rag_on == OCT[5]


def test_a_rating_of_a_day_to_come_is_refused() -> None:
    tomorrow = Occasion(TOMORROW, TODAY)
    assert Telling(Direction, {"title": "SEND", "rag": "A"}, day=tomorrow).problems == [
        ("rag_on", "24 November 2023 is in the future; the latest day to record is today")
    ]


def test_a_first_target_and_a_later_one_are_a_revision_on_the_day_of_the_sheet() -> None:
    said = {"title": "SEND", "rag": "A", "original_target_on": MARCH, "target_on": JUNE}
    told = Telling(Direction, {**said, "rag_on": OCT[5], "times_redated": 3})
    assert told.changes == [
        (OCT[5], {"title": "SEND", "rag": "A", "target_on": MARCH}),
        (OCT[31], {"target_on": JUNE, "times_redated": 3}),
    ]
    one = told.on(OCT[31])
    assert (one.original_target_on, one.target_on, one.times_redated) == (MARCH, JUNE, 3)
    assert Telling(Direction, said).on(OCT[31]).times_redated == 1


REVISED = [
    (Direction, DIRECTION, "original_target_on", "target_on"),
    (Milestone, MILESTONE, "baseline_on", "forecast_on"),
]
REVISABLE = pytest.mark.parametrize(
    ("kind", "known_one", "first", "now"), REVISED, ids=["direction", "milestone"]
)


@REVISABLE
def test_a_first_date_alone_is_the_date(
    kind: type[Record], known_one: Change, first: str, now: str
) -> None:
    said = {**known_one.fields, first: MARCH}
    del said[now]
    one = Telling(kind, said).on(OCT[31])
    assert (getattr(one, first), getattr(one, now), one.times_redated) == (MARCH, MARCH, 0)


@REVISABLE
@pytest.mark.parametrize("dates", [{}, {"first": MARCH}], ids=["not said", "moved and back"])
def test_how_often_a_date_was_revised_is_kept_though_it_is_what_it_was(
    kind: type[Record], known_one: Change, first: str, now: str, dates: dict[str, date]
) -> None:
    said = {**known_one.fields, now: MARCH, "times_redated": 2}
    told = Telling(kind, said | ({first: MARCH} if dates else {}))
    assert told.problems == []
    assert told.on(OCT[31]).times_redated == 2


@REVISABLE
def test_a_first_date_is_fixed_and_another_needs_a_reason(
    kind: type[Record], known_one: Change, first: str, now: str
) -> None:
    assert [field for field, _ in Telling(kind, {first: JUNE}, known_one).problems] == [first]
    assert Telling(kind, {first: MARCH}, known_one).changes == []
    what = now.removesuffix("_on")
    assert Telling(kind, {now: JUNE}, known_one).problems == [
        (now, f"R1 would have another {what}{NO_REASON}")
    ]
    expected = [(OCT[31], {now: JUNE})]
    told = Telling(kind, {now: JUNE}, known_one, reason="The grant is late")
    assert told.changes == expected
    assert told.story.added[0].reason == "The grant is late"
    assert told.on(OCT[31]).times_redated == 1
    assert Telling(kind, {now: JUNE}, known_one, day=EXPLAINED).changes == expected
    assert Telling(kind, {now: JUNE, "commentary": "Late"}, known_one).changes == expected


@REVISABLE
def test_a_known_one_without_a_date_is_given_its_first_and_its_later_one(
    kind: type[Record], known_one: Change, first: str, now: str
) -> None:
    undated = known_one._replace(fields={f: v for f, v in known_one.fields.items() if f != now})
    told = Telling(kind, {first: MARCH, now: JUNE}, undated, day=EXPLAINED)
    one = told.on(OCT[31])
    assert (getattr(one, first), getattr(one, now), one.times_redated) == (MARCH, JUNE, 1)
    assert told.again().changes == []
    alone = Telling(kind, {first: MARCH}, undated, day=EXPLAINED).on(OCT[31])
    assert (getattr(alone, first), getattr(alone, now), alone.times_redated) == (MARCH, MARCH, 0)


@REVISABLE
def test_a_date_may_be_taken_away(
    kind: type[Record], known_one: Change, first: str, now: str
) -> None:
    told = Telling(kind, {now: None}, known_one)
    assert told.changes == [(OCT[31], {now: None})]
    assert getattr(told.on(OCT[31]), first) == MARCH


def test_a_trend_is_an_officers_word_of_a_day_and_needs_a_reason() -> None:
    begun = Telling(Direction, {"title": "SEND", "rag": "A", "trend": "up"})
    assert begun.changes == [
        (OCT[31], {"title": "SEND", "rag": "A", "trend": "up", "trend_on": OCT[31]})
    ]
    dated = Telling(Direction, {"title": "SEND", "trend": "up", "trend_on": OCT[5]})
    assert dated.on(OCT[31]).trend_on == OCT[5]
    assert Telling(Direction, {"trend": "down"}, DIRECTION).problems == [
        ("trend", f"R1 would have another trend{NO_REASON}")
    ]
    told = Telling(Direction, {"trend": "down"}, DIRECTION, reason="Staff left")
    assert told.changes == [(OCT[31], {"trend": "down", "trend_on": OCT[31]})]
    back = Telling(Direction, {"trend": None}, DIRECTION, *told.story.added)
    assert back.changes == [(OCT[31], {"trend": None, "trend_on": None})]


def test_who_leads_a_direction_changes_and_may_be_nobody() -> None:
    direction = known(Direction, title="SEND", strategic_leads=("ed-finance",), members=("leader",))
    said = {"strategic_leads": ("ed-finance", "clerk"), "members": ()}
    assert Telling(Direction, said, direction).changes == [(OCT[31], said)]
    assert Telling(Direction, {"title": "SEND", "members": ()}).changes == [
        (OCT[31], {"title": "SEND"})
    ]


def test_a_note_beside_a_new_target_goes_with_its_change() -> None:
    told = Telling(
        Direction, {"target_on": JUNE}, DIRECTION, notes={"target_on": "FOR REVIEW"}, reason="Late"
    )
    assert told.story.added[0].reason == "Late; noted with the date: FOR REVIEW"


# Milestones


def test_a_bar_that_slipped_may_start_after_it_was_first_to_end() -> None:
    said = {
        "title": "Ledger closed",
        "workstream": "ledger",
        "starts_on": date(2024, 5, 1),
        "baseline_on": MARCH,
        "forecast_on": JUNE,
    }
    told = Telling(Milestone, said)
    assert told.problems == []
    one = told.on(OCT[31])
    assert (one.baseline_on, one.starts_on, one.forecast_on) == (MARCH, date(2024, 5, 1), JUNE)


def test_a_milestone_is_complete_on_the_day_of_its_rating() -> None:
    told = Telling(Milestone, {"rag": "C"}, MILESTONE)
    assert told.changes == [(OCT[31], {"rag": "C"})]
    assert told.on(OCT[31]).completed_on == OCT[31]


@pytest.mark.parametrize(
    ("kind", "first", "said"),
    [(Milestone, MILESTONE, {"rag": "G"}), (Note, NOTE, {"text": "Another"})],
)
def test_what_was_dropped_is_left_alone(
    kind: type[Record], first: Change, said: dict[str, Any]
) -> None:
    dropped = Change(kind.NOUN, "R1", OCT[10], {"dropped_on": OCT[10]})
    [(_, sentence)] = Telling(kind, said, first, dropped).problems
    assert sentence == ("R1 was dropped on 10 October 2023; 'irbtrack undo' takes that back")
    assert Telling(kind, first.fields, first, dropped).changes == []
    assert Telling(kind, {"dropped_on": OCT[31]}, first).changes == [
        (OCT[31], {"dropped_on": OCT[31]})
    ]


@pytest.mark.parametrize(
    ("kind", "first"), [(Milestone, MILESTONE), (Note, NOTE)], ids=["milestone", "note"]
)
def test_it_is_dropped_on_its_own_day_and_changed_on_that_of_the_sheet(
    kind: type[Record], first: Change
) -> None:
    field = "title" if kind is Milestone else "text"
    told = Telling(kind, {"dropped_on": OCT[10], field: "Another"}, first)
    assert told.changes == [(OCT[10], {"dropped_on": OCT[10]}), (OCT[31], {field: "Another"})]
    late = Telling(kind, {"dropped_on": TODAY, field: "Another"}, first)
    assert late.problems == [("dropped_on", f"23 November 2023 is after {SHEETS_DAY}")]
    later = first._replace(effective_on=OCT[5])
    early = Telling(kind, {"dropped_on": OCT[4], field: "Another"}, later)
    assert early.problems == [
        ("dropped_on", "R1 was entered from 5 October 2023 on; give a later day")
    ]


# Ratings


@RATED
def test_another_rating_is_from_its_own_day_on(kind: type[Record], first: Change) -> None:
    told = Telling(kind, {"rag": "G", "rag_on": OCT[10], "title": "Another"}, first)
    assert told.changes == [(OCT[10], {"rag": "G"}), (OCT[31], {"title": "Another"})]
    late = Telling(kind, {"rag": "G", "rag_on": TODAY}, first)
    assert late.problems == [("rag_on", f"23 November 2023 is after {SHEETS_DAY}")]
    early = Telling(kind, {"rag": "G", "rag_on": OCT[4]}, first._replace(effective_on=OCT[5]))
    assert early.problems == [("rag_on", "R1 was entered from 5 October 2023 on; give a later day")]


@RATED
def test_the_day_of_a_rating_that_stays_is_not_changed(kind: type[Record], first: Change) -> None:
    assert Telling(kind, {"rag": "A", "rag_on": OCT[1]}, first).changes == []
    assert Telling(kind, {"rag_on": OCT[1]}, first).changes == []
    back = "put that back, or leave the column out with '--map rag_on='"
    assert Telling(kind, {"rag_on": OCT[2]}, first).problems == [
        ("rag_on", f"R1 has its rating since 1 October 2023; {back}")
    ]
    again = Change(kind.NOUN, "R1", OCT[20], {"rag": "G"})
    assert Telling(kind, {"rag": "R", "rag_on": OCT[10]}, first, again).problems == [
        ("rag_on", f"R1 has its rating since 20 October 2023; {back}")
    ]


@RATED
def test_a_day_without_a_rating_says_nothing(kind: type[Record], first: Change) -> None:
    unrated = first._replace(fields={**first.fields, "rag": None})
    assert Telling(kind, {"rag_on": OCT[10]}, unrated).changes == []
    told = Telling(kind, {"rag_on": OCT[10], "rag": "G"}, unrated)
    assert told.changes == [(OCT[10], {"rag": "G"})]


def test_a_new_record_is_not_rated_after_the_day_of_the_sheet() -> None:
    said = {"title": "SEND", "rag": "A"}
    assert Telling(Direction, {**said, "rag_on": TODAY}).problems == [
        ("rag_on", f"23 November 2023 is after {SHEETS_DAY}")
    ]
    assert Telling(Direction, {**said, "rag_on": OCT[31]}).changes == [(OCT[31], said)]


# Notes


def test_a_note_holds_from_its_date() -> None:
    said = {"section": "Headline", "text": "Agreed."}
    assert Telling(Note, said | {"dated_on": OCT[5]}).changes == [
        (OCT[5], said | {"dated_on": OCT[5]})
    ]
    assert Telling(Note, said).changes == [(OCT[31], said | {"dated_on": OCT[31]})]


# Properties

days = st.dates(OCT[1], OCT[31])
later = st.dates(date(2023, 12, 1), date(2024, 2, 1))
rags = st.sampled_from(["R", "A", "G", "C"])
leads = st.lists(st.sampled_from(["ed-finance", "clerk"]), unique=True).map(tuple)
words = st.sampled_from(["One", "Two", "Three"])

NEEDED: Mapping[type[Record], dict[str, st.SearchStrategy[Any]]] = {
    Audit: {"name": words},
    Direction: {"title": words},
    Milestone: {"title": words, "workstream": st.sampled_from(["ledger", "people"])},
    Note: {"section": st.sampled_from(["Headline", "Commentary", "Theme"]), "text": words},
    Workstream: {"name": words, "position": st.integers(0, 5)},
    Officer: {"title": words},
    Directorate: {"name": words},
}
OTHERS: Mapping[type[Record], dict[str, st.SearchStrategy[Any]]] = {
    Audit: {
        "year": st.just("22/23"),
        "quarter": st.sampled_from(["Q1", "Q2"]),
        "status": st.sampled_from(["Draft", "Finalised"]),
        "findings": st.tuples(st.integers(0, 3), st.integers(0, 3)),
    },
    Direction: {
        "strategic_leads": leads,
        "original_target_on": later,
        "target_on": later,
        "target_note": words,
        "rag": rags,
        "rag_on": days,
        "trend": st.sampled_from(["up", "down"]),
        "trend_on": days,
        "times_redated": st.integers(0, 3),
    },
    Milestone: {
        "starts_on": st.dates(date(2023, 11, 1), date(2023, 11, 30)),
        "baseline_on": later,
        "forecast_on": later,
        "rag": rags,
        "rag_on": days,
        "times_redated": st.integers(0, 3),
    },
    Note: {"dated_on": days, "theme": words, "board_on": later, "position": st.integers(0, 5)},
    Workstream: {"within": st.just("plan")},
    Officer: {"directorate": st.just("finance")},
    Directorate: {},
}


@st.composite
def tellings(draw: st.DrawFn) -> Telling:
    """A row of a new record or, after it, another of the then known one; none is refused."""
    kind = draw(st.sampled_from(list(NEEDED)))
    row = st.fixed_dictionaries(NEEDED[kind], optional=OTHERS[kind])
    first = Telling(kind, draw(row), day=Occasion(draw(days), TODAY))
    assume(not first.problems)
    if draw(st.booleans()):
        return first
    on = draw(st.dates(first.day.of_sheet, OCT[31]))
    second = Telling(kind, draw(row), *first.story.added, day=Occasion(on, TODAY, explained=True))
    assume(not second.problems)
    return second


@given(tellings(), st.integers(0, 20))
def test_the_same_row_told_again_that_day_or_later_adds_nothing(told: Telling, after: int) -> None:
    on = min(told.day.of_sheet + timedelta(days=after), TODAY)
    again = told.again(told.day._replace(of_sheet=on))
    assert again.problems == []
    assert again.story.added == []


@given(tellings())
def test_on_the_day_of_the_sheet_the_record_is_what_its_row_says(told: Telling) -> None:
    record, said = told.on(told.day.of_sheet), told.row.said
    assert record is not None
    compared = said.keys() & settable_fields(told.kind) - {"trend_on"}
    if told.kind in (Direction, Milestone):
        [(first, times)] = told.kind.TRACKED.values()
        compared |= said.keys() & {first}
        if not told.story.known and {*told.kind.TRACKED, first} & said.keys():
            assert getattr(record, times) >= said.get(times, 0)
        if not told.story.known and "rag" in said:
            assert record.rag_on == min(said.get("rag_on", told.day.of_sheet), told.day.of_sheet)
    assert {f: getattr(record, f) for f in compared} == {f: said[f] for f in compared}


@given(tellings())
def test_every_change_is_of_the_past_and_says_something(told: Telling) -> None:
    assert all(change.effective_on <= TODAY and change.fields for change in told.story.added)
    assert {(change.noun, change.ref) for change in told.story.added} <= {(told.kind.NOUN, "R1")}
    assert told.story.known or told.story.added
