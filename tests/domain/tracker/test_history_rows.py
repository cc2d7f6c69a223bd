"""What the rows of an exported history change. Each has the whole record from a day on."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.records import replace
from shared.strategies import (
    RAISED,
    action_changes,
    changed,
    days,
    history,
    raised,
    settled_changes,
)

from irbtrack.domain.field import FROM
from irbtrack.domain.journal import Change, fold, version_on
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.status import status_as_of
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.domain.record import Record, Version
from irbtrack.domain.tracker.history_rows import tell_history
from irbtrack.domain.tracker.outgoing import exported_fields
from irbtrack.domain.tracker.story import Row, Story

REF = "2223-001"
TODAY = date(2023, 11, 23)
OCT = [date(2023, 10, 1), *(date(2023, 10, day) for day in range(1, 32))]
LAST = RAISED + timedelta(days=45)


def rows_of(versions: Sequence[Version[Any]]) -> list[Row]:
    """What an export of a history says, empty cells included."""
    rows = []
    for version in versions:
        fields = exported_fields(version.record.NOUN, history=True)
        said = {f.name: getattr(version.record, f.name) for f in fields if f is not FROM}
        rows.append(Row(said | {FROM.name: version.valid_from}))
    return rows


def told(rows: Sequence[Row], *known: Change, kind: type[Record] = Action) -> Story[Any]:
    """The story to which the rows of a history were told."""
    story: Story[Any] = Story(kind, known[0].ref if known else rows[0].said["ref"], known)
    tell_history(story, rows, TODAY)
    return story


def without_outcome(versions: Sequence[Version[Action]]) -> list[Version[Action]]:
    """The versions, apart from the day of an action's outcome, which no sheet has."""
    bare = [v._replace(record=replace(v.record, outcome_on=None)) for v in versions]
    kept: list[Version[Action]] = []
    for version in bare:
        if kept and kept[-1].record == version.record:
            kept[-1] = kept[-1]._replace(valid_to=version.valid_to)
        else:
            kept.append(version)
    return kept


STORIES = {
    "raised": [raised()],
    "redated": [raised(due_on=OCT[20]), changed(OCT[10], due_on=OCT[31], approved_by="Board")],
    "redated and back": [
        raised(due_on=OCT[20]),
        changed(OCT[5], due_on=OCT[31]),
        changed(OCT[10], due_on=OCT[20]),
    ],
    "redated twice on a day": [
        raised(due_on=OCT[20]),
        changed(OCT[5], due_on=OCT[25]),
        changed(OCT[5], due_on=OCT[31]),
    ],
    "redated on the day it was raised": [
        raised(due_on=OCT[20]),
        changed(RAISED, due_on=OCT[31]),
        changed(RAISED, due_on=OCT[25]),
    ],
    "allocated later": [
        raised(owner=None, due_on=None),
        changed(OCT[5], owner="x", due_on=OCT[20]),
    ],
    "completed and verified": [
        raised(),
        changed(OCT[10], completed_on=OCT[10], percent_complete=100, outcome_on=OCT[10]),
        changed(OCT[15], verified_on=OCT[15], verified_by="ha-audit"),
    ],
    "completed and reopened": [
        raised(),
        changed(OCT[10], completed_on=OCT[10], percent_complete=100, outcome_on=OCT[10]),
        changed(OCT[15], completed_on=None, percent_complete=None, outcome_on=OCT[15]),
    ],
    "closed, expired and completed": [
        raised(),
        changed(
            OCT[5],
            closed_on=OCT[5],
            closed_as="Risk Accepted",
            expires_on=OCT[9],
            outcome_on=OCT[5],
        ),
        changed(
            OCT[10],
            **dict.fromkeys(["closed_on", "closed_as", "expires_on"]),
            completed_on=OCT[10],
            percent_complete=100,
            outcome_on=OCT[10],
        ),
    ],
}


@pytest.mark.parametrize("changes", STORIES.values(), ids=STORIES)
def test_what_the_verbs_left_is_told_again_with_the_days_of_its_outcomes(
    changes: list[Change],
) -> None:
    versions = history(*changes)
    story = told(rows_of(versions))
    assert story.problems == []
    assert story.versions == versions


@pytest.mark.parametrize("changes", STORIES.values(), ids=STORIES)
def test_a_history_that_is_known_changes_nothing(changes: list[Change]) -> None:
    story = told(rows_of(history(*changes)), *changes)
    assert (story.problems, story.added) == ([], [])


def test_the_rows_may_come_in_any_order() -> None:
    rows = rows_of(history(*STORIES["completed and verified"]))
    assert told(rows[::-1]).added == told(rows).added


def test_a_first_row_tells_what_it_holds_and_a_later_one_what_differs() -> None:
    rows = rows_of(history(*STORIES["redated"]))
    assert [(change.effective_on, dict(change.fields)) for change in told(rows).added] == [
        (RAISED, dict(raised(due_on=OCT[20]).fields)),
        (OCT[10], {"due_on": OCT[31], "approved_by": "Board"}),
    ]


def test_of_a_known_record_only_what_differs_is_told() -> None:
    known = STORIES["redated"]
    rows = rows_of(history(*known, changed(OCT[20], priority="Low")))
    story = told(rows, *known)
    assert [(change.effective_on, dict(change.fields)) for change in story.added] == [
        (OCT[20], {"priority": "Low"})
    ]


def first_row(**others: Any) -> Row:
    [row] = rows_of(history(raised()))
    return Row({**row.said, **others})


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        (
            {FROM.name: TODAY + timedelta(days=1)},
            "from_on",
            "24 November 2023 is in the future; the latest day to record is today",
        ),
        ({"title": None}, "title", "2223-001 cannot be without its title; fill the cell"),
    ],
)
def test_what_no_register_could_hold_is_refused(
    said: dict[str, Any], field: str, sentence: str
) -> None:
    assert told([first_row(**said)]).problems == [(field, sentence)]


@pytest.mark.parametrize("field", ["title", "priority", "directorate", "year", "raised_on"])
def test_what_a_record_cannot_do_without_is_needed_in_every_row(field: str) -> None:
    later = first_row(**{FROM.name: OCT[5], field: None})
    assert [where for where, _ in told([first_row(), later]).problems] == [field]


def test_the_problems_of_all_rows_are_told() -> None:
    rows = [
        first_row(),
        first_row(**{FROM.name: OCT[5], "title": None}),
        first_row(**{FROM.name: TODAY + timedelta(days=1)}),
    ]
    assert [field for field, _ in told(rows).problems] == ["title", "from_on"]


# Histories of any action

TOGETHER = (("completed_on", "verified_on"), ("closed_on", "closed_as", "expires_on"))


def as_verbs_leave(changes: Sequence[Change]) -> list[Change]:
    """Changes in which each end has all of its fields, as verbs set them."""
    kept = []
    for change in changes:
        fields = dict(change.fields)
        for leading, *following in TOGETHER:
            for field in following:
                fields.pop(field, None)
            if leading in fields:
                ended = fields[leading]
                given = {f: change.fields.get(f) if ended else None for f in following}
                if leading == "closed_on" and ended:
                    given["closed_as"] = given["closed_as"] or "Withdrawn"
                fields |= given
        kept.append(change._replace(fields=fields))
    return kept


any_histories = st.one_of(action_changes(), settled_changes()).map(as_verbs_leave)


@given(any_histories)
def test_any_history_told_to_nothing_gives_the_same_versions(changes: list[Change]) -> None:
    versions = history(*changes)
    story = told(rows_of(versions))
    assert story.problems == []
    assert without_outcome(story.versions) == without_outcome(versions)


@given(any_histories, days, st.integers(0, 45))
def test_any_history_told_gives_the_same_status_on_every_day(
    changes: list[Change], day: date, after: int
) -> None:
    versions = history(*changes)
    then = version_on(versions, day)
    now = version_on(told(rows_of(versions)).versions, day)
    assert then is not None
    assert now is not None
    for original in (False, True):
        assert status_as_of(standing(now, original=original), day + timedelta(days=after)) == (
            status_as_of(standing(then, original=original), day + timedelta(days=after))
        )
    assert (now.year, now.priority, now.times_redated) == (
        then.year,
        then.priority,
        then.times_redated,
    )


@given(any_histories)
def test_any_history_told_again_adds_nothing(changes: list[Change]) -> None:
    rows = rows_of(history(*changes))
    story = told(rows)
    again = told(rows, *story.added)
    assert (again.problems, again.added) == ([], [])


@given(any_histories)
def test_any_history_told_to_its_own_register_adds_nothing(changes: list[Change]) -> None:
    story = told(rows_of(history(*changes)), *changes)
    assert (story.problems, story.added) == ([], [])


@given(any_histories, st.integers(0, 8))
def test_a_history_that_is_known_in_part_is_completed(changes: list[Change], number: int) -> None:
    ordered = sorted(changes, key=lambda change: change.effective_on)
    cut = ordered[min(number, len(ordered) - 1)].effective_on
    known = [change for change in changes if change.effective_on <= cut]
    story = told(rows_of(history(*changes)), *known)
    assert story.problems == []
    assert without_outcome(story.versions) == without_outcome(history(*changes))


@given(any_histories)
def test_every_change_told_is_of_a_day_of_the_history(changes: list[Change]) -> None:
    versions = history(*changes)
    story = told(rows_of(versions))
    assert {change.effective_on for change in story.added} <= {v.valid_from for v in versions}
    assert all(change.fields for change in story.added)


# Histories of anything else

words = st.sampled_from(["One", "Two", "Three"])
rags = st.none() | st.sampled_from(["R", "A", "G", "C"])
targets = st.none() | st.dates(date(2023, 12, 1), date(2023, 12, 9))
leads = st.lists(st.sampled_from(["ed-finance", "clerk"]), unique=True).map(tuple)

KINDS: dict[type[Record], dict[str, st.SearchStrategy[Any]]] = {
    Audit: {
        "year": st.just("22/23"),
        "name": words,
        "status": st.sampled_from(["Planned", "Draft", "Finalised"]),
        "findings": st.none() | st.tuples(st.integers(0, 3)),
    },
    Direction: {
        "title": words,
        "strategic_leads": leads,
        "target_on": targets,
        "rag": rags,
        "trend": st.none() | st.sampled_from(["up", "down"]),
        "trend_on": st.none() | days,
    },
    Milestone: {
        "title": words,
        "workstream": words,
        "starts_on": st.none() | days,
        "forecast_on": targets,
        "rag": rags,
        "dropped_on": st.none() | days,
    },
    Note: {
        "section": st.sampled_from(["Headline", "Theme"]),
        "text": words,
        "dated_on": days,
        "dated_to": st.sampled_from(["day", "month"]),
        "dropped_on": st.none() | days,
    },
    Workstream: {"name": words, "position": st.integers(0, 5), "within": st.none() | words},
}


@st.composite
def other_histories(draw: st.DrawFn) -> tuple[type[Record], list[Change]]:
    """Changes of a record other than an action; the first has all that it holds."""
    kind = draw(st.sampled_from(list(KINDS)))
    first = draw(st.fixed_dictionaries(KINDS[kind]))
    fields = st.fixed_dictionaries({}, optional=KINDS[kind])
    later = draw(st.lists(st.tuples(days, fields), max_size=6))
    return kind, [Change(kind.NOUN, "R1", on, told) for on, told in [(RAISED, first), *later]]


@given(other_histories())
def test_a_history_of_anything_gives_the_same_versions_and_told_again_nothing(
    made: tuple[type[Record], list[Change]],
) -> None:
    kind, changes = made
    versions = fold(kind, "R1", changes)
    story = told(rows_of(versions), kind=kind)
    assert story.problems == []
    assert story.versions == versions
    again = told(rows_of(versions), *story.added, kind=kind)
    assert (again.problems, again.added) == ([], [])
    assert told(rows_of(versions), *changes, kind=kind).added == []
