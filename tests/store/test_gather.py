"""Questions to the database: what was true on a day, as far as was recorded by a moment."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from shared.strategies import (
    RAISED,
    RECORDED,
    another,
    changed,
    days,
    entry,
    raised,
    registers,
    undoing,
)

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.figures.restatement import SnapshotLine, snapshot_counts
from irbtrack.domain.figures.selection import GROUPS
from irbtrack.domain.figures.tally import Bucket
from irbtrack.domain.journal import Change, Entry, fold, version_on
from irbtrack.domain.nouns.action import Action, standing
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.officer import Officer
from irbtrack.domain.nouns.status import Status, status_as_of
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.store.counting import counts_as_of
from irbtrack.store.database import Location, Reader, as_date, as_moment
from irbtrack.store.gather import (
    as_of_or_first,
    council,
    entries,
    folded,
    history,
    names_as_of,
    newest,
    notes_about,
    others_rest_on,
    records_as_of,
    refs,
    versions_by,
)
from irbtrack.store.reading import reading
from irbtrack.store.write import writing

SEP_30, OCT_10, OCT_31 = date(2023, 9, 30), date(2023, 10, 10), date(2023, 10, 31)
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
LATER = RECORDED + timedelta(days=20)

RAISING = entry(raised("2223-001", due_on=SEP_30), raised("2223-002", due_on=SEP_30))
COMPLETION = entry(changed(OCT_10, "2223-002", completed_on=OCT_10), at=LATER)
"""Recorded on 21 November, effective in October."""


@pytest.fixture
def register(database: Location) -> Location:
    """Two actions, one of which was found to be complete after the board had met."""
    with writing(database) as journal:
        journal.record(RAISING, COMPLETION)
    return database


def statuses(reader: Reader, day: date, known_at: datetime | None = None) -> dict[str, Status]:
    """The status of each action on a day, as far as it was known."""
    return {
        action.ref: status_as_of(standing(action), day)
        for action in records_as_of(reader, Action, day, known_at)
    }


def test_nothing_is_there_before_it_was_raised(register: Location) -> None:
    with reading(register) as reader:
        assert records_as_of(reader, Action, RAISED - timedelta(days=1)) == []
        assert [a.ref for a in records_as_of(reader, Action, RAISED)] == ["2223-001", "2223-002"]


def test_what_is_recorded_later_changes_what_is_now_said_of_a_day(register: Location) -> None:
    with reading(register) as reader:
        assert statuses(reader, OCT_31) == {
            "2223-001": Status.OVERDUE,
            "2223-002": Status.COMPLETE,
        }


def test_what_is_recorded_later_never_changes_what_was_said_then(register: Location) -> None:
    with reading(register) as reader:
        assert statuses(reader, OCT_31, LATER - timedelta(microseconds=1)) == {
            "2223-001": Status.OVERDUE,
            "2223-002": Status.OVERDUE,
        }


def test_an_entry_is_known_at_the_moment_of_its_recording(register: Location) -> None:
    with reading(register) as reader:
        assert statuses(reader, OCT_31, LATER)["2223-002"] is Status.COMPLETE
        assert statuses(reader, OCT_31, RECORDED - timedelta(seconds=1)) == {}


def test_the_versions_of_a_record_are_its_history(register: Location) -> None:
    with reading(register) as reader:
        versions = history(reader, Action, "2223-002")
        assert [(v.valid_from, v.valid_to) for v in versions] == [
            (RAISED, OCT_10),
            (OCT_10, FOREVER),
        ]
        assert versions == fold(Action, "2223-002", [RAISING.changes[1], *COMPLETION.changes])
        assert history(reader, Action, "2223-999") == []
        assert newest(reader, Action)["2223-002"] == versions[-1].record


def test_the_journal_is_read_by_noun_and_by_reference(register: Location) -> None:
    with reading(register) as reader:
        assert list(entries(reader)) == [(1, RAISING), (2, COMPLETION)]
        assert list(entries(reader, noun="audit")) == []
        assert list(entries(reader, refs=["2223-001"])) == [
            (1, entry(RAISING.changes[0], at=RAISING.recorded_at))
        ]
        both = list(entries(reader, noun="action", refs=["2223-001", "2223-002"]))
        assert both == [(1, RAISING), (2, COMPLETION)]


def test_an_entry_of_several_nouns_shows_only_the_changes_asked_for(database: Location) -> None:
    audit = Change("audit", "2223-001", RAISED, {"year": "22/23", "name": "It"})
    with writing(database) as journal:
        journal.record(entry(raised("2223-001"), audit))
    with reading(database) as reader:
        assert list(entries(reader, noun="audit", refs=["2223-001"])) == [(1, entry(audit))]
        [[version]] = folded(reader, Audit)
        assert version.record.name == "It"


def test_a_reference_is_a_value_and_never_a_part_of_the_question(register: Location) -> None:
    with reading(register) as reader:
        assert history(reader, Action, "' OR 1=1 --") == []
        assert list(entries(reader, refs=["') OR 1=1 --"])) == []


def test_records_are_named_as_they_were_called_on_the_day(database: Location) -> None:
    with writing(database) as journal:
        journal.record(
            entry(
                Change("directorate", "place", RAISED, {"name": "Place"}),
                Change("directorate", "place", OCT_10, {"name": "Regeneration"}),
                Change("directorate", "new", OCT_31, {"name": "New"}),
                Change("officer", "ed-place", RAISED, {"title": "Executive Director"}),
                Change("audit", "2223-A01", RAISED, {"year": "22/23", "name": "Payroll"}),
            )
        )
    with reading(database) as reader:
        assert names_as_of(reader, Directorate, SEP_30) == {"place": "Place", "new": "New"}
        assert names_as_of(reader, Directorate, OCT_10)["place"] == "Regeneration"
        assert names_as_of(reader, Officer, OCT_31) == {"ed-place": "Executive Director"}
        assert names_as_of(reader, Audit, OCT_31) == {"2223-A01": "Payroll"}


def test_what_began_after_the_day_is_called_by_its_first_name(database: Location) -> None:
    with writing(database) as journal:
        journal.record(
            entry(
                Change("directorate", "new", OCT_10, {"name": "First"}),
                Change("directorate", "new", OCT_31, {"name": "Second"}),
            )
        )
    with reading(database) as reader:
        assert names_as_of(reader, Directorate, SEP_30) == {"new": "First"}


def test_the_council_is_the_one_that_was_set_or_nobody_in_particular(database: Location) -> None:
    with reading(database) as reader:
        assert council(reader) == Council(name="The council")
    with writing(database) as journal:
        journal.record(entry(Change("council", "council", RAISED, {"name": "Example Council"})))
    with reading(database) as reader:
        assert council(reader) == Council(name="Example Council")


def test_references_are_given_once_each_and_in_order(register: Location) -> None:
    with writing(register) as journal:
        journal.record(entry(raised("2122-001"), at=LATER))
    with reading(register) as reader:
        assert refs(reader, "action") == ["2122-001", "2223-001", "2223-002"]
        assert refs(reader, "audit") == []


def test_counts_are_by_year_group_status_and_priority(register: Location) -> None:
    with writing(register) as journal:
        journal.record(
            entry(
                raised("2223-003", due_on=SEP_30, directorate="housing", owner=None),
                raised("2223-004", due_on=OCT_31, priority="Low"),
                raised("2223-005", due_on=OCT_31),
                changed(OCT_10, "2223-005", closed_on=OCT_10, closed_as="Withdrawn"),
                at=LATER,
            )
        )
    with reading(register) as reader:
        assert counts_as_of(reader, OCT_31, by="directorate") == {
            Bucket("22/23", "finance", Status.OVERDUE, "High"): 1,
            Bucket("22/23", "finance", Status.COMPLETE, "High"): 1,
            Bucket("22/23", "housing", Status.NOT_ALLOCATED, "High"): 1,
            Bucket("22/23", "finance", Status.NOT_DUE, "Low"): 1,
            Bucket("22/23", "finance", Status.CLOSED, "High"): 1,
        }
        assert (
            counts_as_of(reader, OCT_31, by="owner")[
                Bucket("22/23", None, Status.NOT_ALLOCATED, "High")
            ]
            == 1
        )
        assert counts_as_of(reader, OCT_31).total() == 5


def test_counts_on_the_original_basis_look_at_the_first_due_date(database: Location) -> None:
    with writing(database) as journal:
        journal.record(entry(raised(due_on=SEP_30), changed(OCT_10, due_on=OCT_31)))
    overdue = Bucket("22/23", None, Status.OVERDUE, "High")
    with reading(database) as reader:
        assert overdue not in counts_as_of(reader, OCT_31)
        assert counts_as_of(reader, OCT_31, original=True) == {overdue: 1}


def test_an_expired_acceptance_is_counted_again(database: Location) -> None:
    accepted = {"closed_on": SEP_30, "closed_as": "Risk Accepted", "expires_on": OCT_10}
    with writing(database) as journal:
        journal.record(entry(raised(due_on=SEP_30), changed(SEP_30, **accepted)))
    with reading(database) as reader:
        for day, status in (
            (OCT_10, Status.CLOSED),
            (OCT_10 + timedelta(days=1), Status.OVERDUE),
        ):
            assert counts_as_of(reader, day) == {Bucket("22/23", None, status, "High"): 1}


def test_a_tally_by_what_is_no_group_is_a_fault(register: Location) -> None:
    with reading(register) as reader, pytest.raises(ValueError, match="no tally by title"):
        counts_as_of(reader, OCT_31, by="title")


@given(registers(), days)
@settings(max_examples=25)
def test_counting_in_sql_and_folding_the_journal_agree(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    register: list[Entry],
    day: date,
) -> None:
    location = another(migrated, tmp_path_factory)
    with writing(location) as journal:
        journal.record(*register)
    with reading(location) as reader:
        actions = records_as_of(reader, Action, day)
        assert actions == records_as_of(reader, Action, day, FAR_FUTURE)
        for by in (None, *(group for group in GROUPS if group != "source")):
            for original in (False, True):
                counted = counts_as_of(reader, day, by=by, original=original)
                assert counted == counts_as_of(
                    reader, day, by=by, original=original, known_at=FAR_FUTURE
                )
                assert counted == Counter(
                    Bucket(
                        action.year,
                        getattr(action, by) if by else None,
                        status_as_of(standing(action, original=original), day),
                        action.priority,
                    )
                    for action in actions
                )


@given(registers(), days)
@settings(max_examples=15)
def test_what_was_known_at_a_moment_is_what_the_register_said_then(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    register: list[Entry],
    day: date,
) -> None:
    location = another(migrated, tmp_path_factory)
    said = []
    for one in register:
        with writing(location) as journal:
            journal.record(one)
        with reading(location) as reader:
            said.append((one.recorded_at, records_as_of(reader, Action, day)))
    with reading(location) as reader:
        for moment, then in said:
            assert records_as_of(reader, Action, day, moment) == then


@given(registers(), days)
@settings(max_examples=15)
def test_records_as_of_a_day_are_their_versions_on_it(
    migrated: Path,
    tmp_path_factory: pytest.TempPathFactory,
    register: list[Entry],
    day: date,
) -> None:
    location = another(migrated, tmp_path_factory)
    with writing(location) as journal:
        journal.record(*register)
    with reading(location) as reader:
        on_day = [version_on(versions, day) for versions in folded(reader, Action)]
        assert records_as_of(reader, Action, day) == sorted(
            (action for action in on_day if action), key=lambda action: action.ref
        )


def test_the_counts_of_a_snapshot_are_of_its_lines() -> None:
    line = SnapshotLine("2223-001", "22/23", None, "finance", "ed-finance", "High", "Overdue")
    lines = [line, line._replace(ref="2223-002"), line._replace(ref="2223-003", owner=None)]
    assert snapshot_counts(lines) == {Bucket("22/23", None, Status.OVERDUE, "High"): 3}
    assert snapshot_counts(lines, "owner") == {
        Bucket("22/23", "ed-finance", Status.OVERDUE, "High"): 2,
        Bucket("22/23", None, Status.OVERDUE, "High"): 1,
    }


def test_days_and_moments_are_understood_whichever_way_a_database_gives_them() -> None:
    naive = RECORDED.replace(tzinfo=None)
    for given_moment in (RECORDED, naive, "2023-11-01 09:30:00.000000", "2023-11-01T10:30+01:00"):
        assert as_moment(given_moment) == RECORDED
        assert as_moment(given_moment).tzinfo is UTC
    assert as_date("2023-10-31") == as_date(OCT_31) == OCT_31
    assert as_date(None) is None


def test_a_directorate_is_read_with_its_columns(database: Location) -> None:
    with writing(database) as journal:
        journal.record(entry(Change("directorate", "place", RAISED, {"name": "Place"})))
    with reading(database) as reader:
        assert records_as_of(reader, Directorate, OCT_31) == [
            Directorate(ref="place", name="Place")
        ]


def direction(ref: str, on: date = RAISED, **fields: object) -> Change:
    return Change("direction", ref, on, {"title": f"Direction {ref}"} | fields)


def workstream(ref: str, on: date = RAISED, **fields: object) -> Change:
    return Change("workstream", ref, on, {"name": ref.title(), "position": 1} | fields)


def milestone(**fields: object) -> Change:
    return Change("milestone", "M1", RAISED, {"title": "A milestone"} | fields)


def a_note(ref: str, **fields: object) -> Change:
    given = {"section": "Commentary", "text": "Said", "dated_on": RAISED}
    return Change("note", ref, RAISED, given | fields)


@pytest.fixture
def plans(database: Location) -> Location:
    """Three directions and a plan; ratings and a name change, some of it found out late."""
    with writing(database) as journal:
        journal.record(
            entry(
                direction("3a", rag="G"),
                direction("10", rag="A"),
                direction("2", OCT_31),
                workstream("plan"),
                workstream("row", OCT_10, within="plan"),
                Change("direction", "3a", OCT_10, {"rag": "A"}),
                Change("workstream", "row", OCT_31, {"name": "Renamed"}),
            ),
            entry(Change("direction", "3a", SEP_30, {"rag": "R"}), at=LATER),
        )
    return database


def test_the_versions_of_every_record_are_given_by_reference_and_oldest_first(
    plans: Location,
) -> None:
    with reading(plans) as reader:
        found = versions_by(reader, Direction, OCT_10)
        assert found.keys() == {"3a", "10"}
        assert [(v.valid_from, v.record.rag) for v in found["3a"]] == [
            (RAISED, "G"),
            (SEP_30, "R"),
            (OCT_10, "A"),
        ]
        assert found["3a"] == history(reader, Direction, "3a")
        assert versions_by(reader, Direction, RAISED - timedelta(days=1)) == {}
        assert versions_by(reader, Milestone, FOREVER) == {}


def test_a_version_that_begins_after_the_day_is_not_given(plans: Location) -> None:
    with reading(plans) as reader:
        [(begun, ends)] = [
            (v.valid_from, v.valid_to) for v in versions_by(reader, Direction, SEP_30)["10"]
        ]
        assert (begun, ends) == (RAISED, FOREVER)
        assert len(versions_by(reader, Direction, SEP_30)["3a"]) == 2
        assert versions_by(reader, Direction, OCT_31).keys() == {"3a", "10", "2"}


def test_versions_are_known_only_as_far_as_they_were_recorded(plans: Location) -> None:
    with reading(plans) as reader:
        known = versions_by(reader, Direction, OCT_10, LATER - timedelta(seconds=1))
        assert [v.record.rag for v in known["3a"]] == ["G", "A"]
        assert versions_by(reader, Direction, OCT_10, LATER) == versions_by(
            reader, Direction, OCT_10
        )
        assert versions_by(reader, Direction, OCT_31, RECORDED - timedelta(seconds=1)) == {}


def test_a_record_is_there_as_it_stood_or_as_it_began(plans: Location) -> None:
    with reading(plans) as reader:
        names = {
            day: {ref: one.name for ref, one in as_of_or_first(reader, Workstream, day).items()}
            for day in (RAISED - timedelta(days=1), SEP_30, OCT_10, OCT_31)
        }
        assert names == {
            RAISED - timedelta(days=1): {"plan": "Plan", "row": "Row"},
            SEP_30: {"plan": "Plan", "row": "Row"},
            OCT_10: {"plan": "Plan", "row": "Row"},
            OCT_31: {"plan": "Plan", "row": "Renamed"},
        }
        assert as_of_or_first(reader, Workstream, OCT_31, RECORDED - timedelta(days=1)) == {}
        assert as_of_or_first(reader, Workstream, OCT_31, LATER) == as_of_or_first(
            reader, Workstream, OCT_31
        )


def test_a_record_that_was_taken_back_did_not_begin(database: Location) -> None:
    mistake = entry(workstream("mistake"))
    with writing(database) as journal:
        journal.record(entry(workstream("plan")), mistake, undoing(2, mistake, LATER))
    with reading(database) as reader:
        assert as_of_or_first(reader, Workstream, OCT_31).keys() == {"plan"}
        before = LATER - timedelta(seconds=1)
        assert as_of_or_first(reader, Workstream, OCT_31, before).keys() == {"plan", "mistake"}
        assert as_of_or_first(reader, Workstream, OCT_31, LATER).keys() == {"plan"}
        assert versions_by(reader, Workstream, OCT_31, LATER).keys() == {"plan"}


def test_the_notes_about_a_record_are_given_in_order(database: Location) -> None:
    with writing(database) as journal:
        journal.record(
            entry(
                a_note("N10", direction="3a"),
                a_note("N9", direction="3a"),
                a_note("N2", section="Headline", position=1, workstream="plan"),
                a_note("N3", milestone="M001"),
                a_note("N4", section="Theme", position=1, direction="3", theme="3a", text="3a"),
                a_note("N5", section="Headline", position=1),
                Change("note", "N9", OCT_10, {"dropped_on": OCT_10}),
            )
        )
    with reading(database) as reader:
        assert notes_about(reader, "3a") == ["N9", "N10"]
        assert notes_about(reader, "plan") == ["N2"]
        assert notes_about(reader, "M001") == ["N3"]
        assert notes_about(reader, "3") == ["N4"]
        assert notes_about(reader, "' OR 1=1 --") == []


@pytest.mark.parametrize("field", ["strategic_leads", "operational_leads", "members"])
def test_a_direction_rests_on_the_whole_codes_that_it_lists(field: str, database: Location) -> None:
    with writing(database) as journal:
        journal.record(entry(direction("3a", **{field: ("ed-finance", "leader")})))
    with reading(database) as reader:
        assert others_rest_on(reader, "officer", "ed-finance")
        assert others_rest_on(reader, "officer", "leader")
        for other in ("ed-fin", "finance", "ed", "lead", "ed-finance, leader", "["):
            assert not others_rest_on(reader, "officer", other), other


def test_a_direction_that_named_an_officer_once_rests_on_them(database: Location) -> None:
    with writing(database) as journal:
        journal.record(
            entry(direction("3a", members=("leader",))),
            entry(Change("direction", "3a", OCT_10, {"members": ()})),
        )
    with reading(database) as reader:
        assert newest(reader, Direction)["3a"].members == ()
        assert others_rest_on(reader, "officer", "leader")


@pytest.mark.parametrize(
    ("resting", "noun", "ref"),
    [
        (milestone(workstream="plan"), "workstream", "plan"),
        (workstream("row", within="plan"), "workstream", "plan"),
        (a_note("N1", section="Headline", position=1, workstream="plan"), "workstream", "plan"),
        (milestone(workstream="w", direction="3a"), "direction", "3a"),
        (a_note("N1", direction="3a"), "direction", "3a"),
        (a_note("N1", milestone="M001"), "milestone", "M001"),
        (raised(owner="ed-housing"), "officer", "ed-housing"),
        (raised(directorate="housing"), "directorate", "housing"),
    ],
    ids=lambda value: getattr(value, "noun", None),
)
def test_what_a_record_refers_to_cannot_be_done_without(
    resting: Change, noun: str, ref: str, database: Location
) -> None:
    with reading(database) as reader:
        assert not others_rest_on(reader, noun, ref)
    mistake = entry(resting)
    with writing(database) as journal:
        journal.record(mistake)
        assert others_rest_on(journal, noun, ref)
        assert not others_rest_on(journal, noun, f"{ref}x")
        journal.record(undoing(1, mistake))
        assert not others_rest_on(journal, noun, ref)


def test_nothing_can_do_without_the_council(database: Location) -> None:
    with reading(database) as reader:
        assert others_rest_on(reader, "council", "council")
        assert not others_rest_on(reader, "note", "N1")
        assert not others_rest_on(reader, "action", "2223-001")
