"""Questions to the database: what was true on a day, as far as was recorded by a moment."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from strategies import RAISED, RECORDED, another, changed, days, entry, raised, registers

from irbtrack.domain.dates import FOREVER
from irbtrack.domain.journal import Change, Entry, fold, version_on
from irbtrack.domain.records import Action, Audit, Council, Directorate, Officer, Status
from irbtrack.domain.restatement import SnapshotLine, snapshot_counts
from irbtrack.domain.status import standing, status_as_of
from irbtrack.domain.tally import Cell
from irbtrack.store.database import Location, Reader, as_date, as_moment
from irbtrack.store.gather import (
    GROUPS,
    council,
    counts_as_of,
    entries,
    folded,
    history,
    names_as_of,
    newest,
    records_as_of,
    refs,
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
        journal.record(entry(raised("2122-001")))
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
            )
        )
    with reading(register) as reader:
        assert counts_as_of(reader, OCT_31, by="directorate") == {
            Cell("22/23", "finance", Status.OVERDUE, "High"): 1,
            Cell("22/23", "finance", Status.COMPLETE, "High"): 1,
            Cell("22/23", "housing", Status.NOT_ALLOCATED, "High"): 1,
            Cell("22/23", "finance", Status.NOT_DUE, "Low"): 1,
            Cell("22/23", "finance", Status.CLOSED, "High"): 1,
        }
        assert (
            counts_as_of(reader, OCT_31, by="owner")[
                Cell("22/23", None, Status.NOT_ALLOCATED, "High")
            ]
            == 1
        )
        assert counts_as_of(reader, OCT_31).total() == 5


def test_counts_on_the_original_basis_look_at_the_first_due_date(database: Location) -> None:
    with writing(database) as journal:
        journal.record(entry(raised(due_on=SEP_30), changed(OCT_10, due_on=OCT_31)))
    overdue = Cell("22/23", None, Status.OVERDUE, "High")
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
            assert counts_as_of(reader, day) == {Cell("22/23", None, status, "High"): 1}


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
        for by in (None, *GROUPS):
            for original in (False, True):
                counted = counts_as_of(reader, day, by=by, original=original)
                assert counted == counts_as_of(
                    reader, day, by=by, original=original, known_at=FAR_FUTURE
                )
                assert counted == Counter(
                    Cell(
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
    assert snapshot_counts(lines) == {Cell("22/23", None, Status.OVERDUE, "High"): 3}
    assert snapshot_counts(lines, "owner") == {
        Cell("22/23", "ed-finance", Status.OVERDUE, "High"): 2,
        Cell("22/23", None, Status.OVERDUE, "High"): 1,
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
