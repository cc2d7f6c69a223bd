"""Writing: the journal, its digests, its transactions, and what it refuses."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given, settings
from shared.strategies import (
    RAISED,
    RECORDED,
    another,
    changed,
    entry,
    in_force,
    raised,
    registers,
    undoing,
)

from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import (
    NO_DIGEST,
    Change,
    Entry,
    entry_digest,
    fields_to_json,
    fold,
    lines_digest,
)
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.action import Action
from irbtrack.domain.nouns.audit import Audit
from irbtrack.domain.nouns.council import Council
from irbtrack.domain.nouns.direction import Direction
from irbtrack.domain.nouns.directorate import Directorate
from irbtrack.domain.nouns.milestone import Milestone
from irbtrack.domain.nouns.note import Note
from irbtrack.domain.nouns.officer import Officer, Person
from irbtrack.domain.nouns.waiver import Waiver
from irbtrack.domain.nouns.workstream import Workstream
from irbtrack.store.database import Location
from irbtrack.store.gather import entries, folded, history, newest, people, refs
from irbtrack.store.published import snapshot_lines, snapshots
from irbtrack.store.reading import reading
from irbtrack.store.tables import metadata
from irbtrack.store.write import writing

DAY = date(2023, 10, 31)
LINE = SnapshotLine("2223-001", "22/23", None, "finance", "ed-finance", "High", "Overdue")
OFFICER = Change("officer", "ed-finance", RAISED, {"title": "Executive Director"})

HEADLINE = {"section": "Headline", "text": "T", "position": 1}


def dump(location: Location) -> list[str]:
    """The whole content of a database as SQL, or as its rows."""
    if location.path is None:
        tables = [table.name for table in metadata.sorted_tables]
        return [str(row) for name in tables for row in rows(location, f"SELECT * FROM {name}")]
    with closing(sqlite3.connect(location.path)) as connection:
        return list(connection.iterdump())


def rows(location: Location, sql: str) -> list[tuple[object, ...]]:
    """What another program reads from a database."""
    if location.path is None:
        with reading(location) as reader:
            return list(reader.rows(sql))
    with closing(sqlite3.connect(location.path)) as connection:
        return connection.execute(sql).fetchall()


def recorded(location: Location, *some: Entry) -> int:
    """The number of the last of these entries, recorded in one transaction."""
    with writing(location) as journal:
        return journal.record(*some)


def test_an_entry_reads_back_as_it_was_recorded(database: Location) -> None:
    nul = "\0" if database.path else ""  # a server's texts can't have it
    first = entry(raised(), OFFICER, reason="Agreed with the “auditor”\n")
    second = entry(changed(DAY, title=f"=1+1 [b] \x1b ' {nul} é"), at=RECORDED + timedelta(days=1))
    assert recorded(database, first) == 1
    assert recorded(database, second) == 2
    with reading(database) as reader:
        assert list(entries(reader)) == [(1, first), (2, second)]


def test_an_entry_without_changes_is_kept(database: Location) -> None:
    corrected = entry(command="officer update", reason="A name was misspelt")
    recorded(database, entry(raised()), corrected, entry(changed(DAY, priority="Low")))
    with reading(database) as reader:
        assert list(entries(reader))[1] == (2, corrected)


def test_entries_are_numbered_without_gaps_whichever_way_they_come(database: Location) -> None:
    assert recorded(database) == 0
    assert recorded(database, entry(raised())) == 1
    assert recorded(database, *(entry(raised(f"2223-{n:03}")) for n in range(2, 12))) == 11
    with writing(database) as journal:
        assert journal.record(entry()) == 12
        assert journal.record(entry()) == 13
        assert journal.record() == 13
    assert rows(database, "SELECT id FROM entry ORDER BY id") == [(n,) for n in range(1, 14)]


def test_each_digest_covers_the_entry_and_the_digest_before_it(database: Location) -> None:
    some = [entry(raised()), entry(), entry(changed(DAY, priority="Low"), reason="Regraded")]
    recorded(database, *some[:2])
    recorded(database, some[2])
    expected, previous = [], NO_DIGEST
    for one in some:
        digest = entry_digest(previous, one)
        expected.append((previous, digest))
        previous = digest
    assert rows(database, "SELECT previous_digest, digest FROM entry ORDER BY id") == expected


def test_the_journal_keeps_fields_as_canonical_text(database: Location) -> None:
    change = raised(title="Café")
    recorded(database, entry(change))
    assert rows(database, "SELECT fields FROM change") == [(fields_to_json(change.fields),)]


@pytest.mark.files
def test_moments_are_stored_in_utc_and_days_as_iso(database: Location) -> None:
    recorded(database, entry(raised(), at=datetime.fromisoformat("2023-07-01T00:30:00+01:00")))
    assert rows(database, "SELECT recorded_at FROM entry") == [("2023-06-30 23:30:00.000000",)]
    assert rows(database, "SELECT effective_on FROM change") == [("2023-01-10",)]


def test_every_noun_of_the_journal_has_its_versions(database: Location) -> None:
    scale = ("Critical", "High", "Low")
    recorded(
        database,
        entry(
            Change("council", "council", RAISED, {"name": "Example", "priorities": scale}),
            Change("directorate", "finance", RAISED, {"name": "Finance"}),
            OFFICER,
            Change("audit", "A01", RAISED, {"year": "22/23", "name": "IT", "findings": (1, 2, 3)}),
            raised(audit="A01"),
            Change("direction", "3a", RAISED, {"title": "Finance", "members": ("leader", "ed")}),
            Change("workstream", "plan", RAISED, {"name": "The Plan", "position": 1}),
            Change("milestone", "M001", RAISED, {"title": "Set", "workstream": "plan"}),
            Change("note", "N1", RAISED, HEADLINE | {"dated_on": RAISED}),
            Change("waiver", "W1", RAISED, {"check_name": "no-email", "why": "No e-mail yet"}),
        ),
    )
    with reading(database) as reader:
        assert newest(reader, Council)["council"] == Council(name="Example", priorities=scale)
        assert newest(reader, Directorate)["finance"] == Directorate(ref="finance", name="Finance")
        assert newest(reader, Officer)["ed-finance"].title == "Executive Director"
        assert newest(reader, Audit)["A01"].findings == (1, 2, 3)
        assert newest(reader, Action)["2223-001"].audit == "A01"
        assert newest(reader, Direction)["3a"] == Direction(
            ref="3a", title="Finance", members=("leader", "ed")
        )
        assert newest(reader, Workstream)["plan"].within is None
        assert newest(reader, Milestone)["M001"].workstream == "plan"
        assert newest(reader, Note)["N1"].dated_to == "day"
        assert newest(reader, Waiver)["W1"].about is None
        assert {noun: refs(reader, noun) for noun in NOUNS} == {
            "council": ["council"],
            "directorate": ["finance"],
            "officer": ["ed-finance"],
            "audit": ["A01"],
            "action": ["2223-001"],
            "direction": ["3a"],
            "workstream": ["plan"],
            "milestone": ["M001"],
            "note": ["N1"],
            "waiver": ["W1"],
        }


def test_a_noun_without_versions_is_kept_in_the_journal_alone(database: Location) -> None:
    taken = entry(Change("snapshot", "2023-10-31", DAY, {"actions": 0}))
    recorded(database, taken)
    with reading(database) as reader:
        assert list(entries(reader, noun="snapshot")) == [(1, taken)]


def test_an_entry_that_is_undone_stays_in_the_journal_and_leaves_the_versions(
    database: Location,
) -> None:
    mistake = entry(changed(DAY, priority="Low"), changed(DAY, due_on=date(2024, 3, 31)))
    undo = undoing(2, mistake, RECORDED + timedelta(days=1))
    recorded(database, entry(raised()), mistake)
    before = RECORDED + timedelta(hours=1)
    recorded(database, undo)
    with reading(database) as reader:
        assert list(entries(reader)) == [(1, entry(raised())), (2, mistake), (3, undo)]
        assert history(reader, Action, "2223-001") == fold(Action, "2223-001", [raised()])
        [known] = folded(reader, Action, before)
        assert known[-1].record.priority == "Low"
        assert known[-1].record.times_redated == 1


def test_an_action_whose_raising_is_undone_is_there_no_more(database: Location) -> None:
    mistake = entry(raised("2223-002"))
    recorded(database, entry(raised()), mistake, undoing(2, mistake))
    with reading(database) as reader:
        assert list(newest(reader, Action)) == ["2223-001"]
        assert history(reader, Action, "2223-002") == []
        assert [vs for vs in folded(reader, Action) if vs] == [fold(Action, "2223-001", [raised()])]


def test_more_records_than_a_statement_takes_are_rebuilt(database: Location) -> None:
    recorded(database, entry(*(raised(f"2223-{n:04}") for n in range(1, 1202))))
    recorded(
        database, entry(*(changed(DAY, f"2223-{n:04}", priority="Low") for n in range(1, 1202)))
    )
    assert rows(
        database, "SELECT priority, count(*) FROM action_version GROUP BY 1 ORDER BY 1"
    ) == [("High", 1201), ("Low", 1201)]


def test_a_write_under_way_reads_what_it_has_recorded(database: Location) -> None:
    with writing(database) as journal:
        journal.record(entry(raised()))
        assert list(newest(journal, Action)) == ["2223-001"]
        journal.record(entry(changed(DAY, priority="Low")))
        assert newest(journal, Action)["2223-001"].priority == "Low"


@given(registers())
@settings(max_examples=25)
def test_the_version_tables_are_the_fold_of_the_journal(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory, register: list[Entry]
) -> None:
    location = another(migrated, tmp_path_factory)
    half = len(register) // 2
    recorded(location, *register[:half])
    for one in register[half:]:
        recorded(location, one)
    by_ref = in_force(register)
    with reading(location) as reader:
        assert [one for _, one in entries(reader)] == register
        for ref, changes in by_ref.items():
            assert history(reader, Action, ref) == fold(Action, ref, changes)
        assert sorted(v.record.ref for vs in folded(reader, Action) for v in vs) == [
            ref for (ref,) in rows(location, "SELECT ref FROM action_version ORDER BY ref")
        ]
        assert newest(reader, Action) == {
            ref: fold(Action, ref, changes)[-1].record for ref, changes in sorted(by_ref.items())
        }


class Stumbled(Exception):
    """Something that goes wrong within a command."""


def _stumble_in_a_write(location: Location) -> None:
    with writing(location) as journal:
        taking = Change("snapshot", DAY.isoformat(), DAY, {"digest": "0" * 64})
        some = (changed(DAY, priority="Low"), raised("2223-002"), OFFICER, taking)
        number = journal.record(entry(*some))
        journal.set_person(Person("ed-finance", "A. Name"))
        journal.keep_snapshot(number, DAY, None, RECORDED, [LINE])
        raise Stumbled


def test_an_error_within_a_write_leaves_the_database_as_it_was(database: Location) -> None:
    recorded(database, entry(raised(), OFFICER))
    before = dump(database)
    with pytest.raises(Stumbled):
        _stumble_in_a_write(database)
    assert dump(database) == before
    assert recorded(database, entry()) == 2


def test_an_entry_that_cannot_be_stored_leaves_the_database_as_it_was(database: Location) -> None:
    recorded(database, entry(raised()))
    before = dump(database)
    with pytest.raises(TypeError, match="lacks"), writing(database) as journal:
        journal.record(
            entry(raised("2223-002")),
            entry(Change("action", "2223-003", DAY, {"title": "It was never raised"})),
        )
    assert dump(database) == before


@pytest.mark.files
def test_a_broken_reference_is_refused_by_the_database_itself(database: Location) -> None:
    before = dump(database)
    with pytest.raises(Exception, match="FOREIGN KEY"), writing(database) as journal:
        journal.keep_snapshot(7, DAY, None, RECORDED, [LINE])
    assert dump(database) == before


@pytest.mark.files
def test_many_writers_at_once_all_succeed_and_no_numbers_collide(database: Location) -> None:
    writers, each = 4, 5
    start = Barrier(writers)

    def write(writer: int) -> list[int]:
        start.wait(timeout=30)
        return [
            recorded(database, entry(raised(f"2223-{writer}-{n}"), recorded_by=f"officer-{writer}"))
            for n in range(each)
        ]

    with ThreadPoolExecutor(writers) as pool:
        numbers = [number for given in pool.map(write, range(writers)) for number in given]
    assert sorted(numbers) == list(range(1, writers * each + 1))
    chain = rows(database, "SELECT previous_digest, digest FROM entry ORDER BY id")
    assert [previous for previous, _ in chain] == [NO_DIGEST, *(d for _, d in chain[:-1])]
    assert rows(database, "SELECT count(*) FROM action") == [(writers * each,)]


def test_what_a_writer_reads_does_not_change_under_it(database: Location) -> None:
    recorded(database, entry(raised()))
    with ThreadPoolExecutor(1) as pool:
        with writing(database) as journal:
            other = pool.submit(recorded, database, entry(raised("2223-002")))
            assert refs(journal, "action") == ["2223-001"]
            assert journal.record(entry(changed(DAY, priority="Low"))) == 2
            assert not other.done()
        assert other.result(timeout=30) == 3


@pytest.fixture
def published(database: Location) -> Location:
    """A database with a row in each of the tables that are only appended to."""
    with writing(database) as journal:
        number = journal.record(entry(raised()))
        journal.keep_snapshot(number, DAY, "October", RECORDED, [LINE])
    return database


APPEND_ONLY = {
    "entry": "recorded_by",
    "change": "fields",
    "snapshot": "label",
    "snapshot_action": "status",
}


@pytest.fixture
def outsider(published: Location) -> Iterator[sqlite3.Connection]:
    """Another program's connection, with the driver's own settings."""
    assert published.path is not None
    with closing(sqlite3.connect(published.path)) as connection:
        yield connection


@pytest.mark.files
@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}"])
def test_no_program_can_change_or_delete_what_was_recorded(
    published: Location, outsider: sqlite3.Connection, table: str, statement: str
) -> None:
    before = dump(published)
    with pytest.raises(sqlite3.IntegrityError) as refused:
        outsider.execute(statement.format(table, APPEND_ONLY[table]))
    assert str(refused.value) == f"{table} is append-only"
    outsider.commit()
    assert dump(published) == before


@pytest.mark.files
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_program_can_replace_what_was_recorded(
    published: Location, outsider: sqlite3.Connection, table: str
) -> None:
    before = dump(published)
    columns = [row[1] for row in outsider.execute(f"PRAGMA table_info({table})")]
    altered = ["'x'" if column == APPEND_ONLY[table] else column for column in columns]
    with pytest.raises(sqlite3.IntegrityError):
        outsider.execute(f"INSERT OR REPLACE INTO {table} SELECT {', '.join(altered)} FROM {table}")
    outsider.rollback()
    assert dump(published) == before


def test_the_name_of_a_person_is_kept_corrected_and_erased(database: Location) -> None:
    recorded(database, entry(OFFICER))
    digests = rows(database, "SELECT digest FROM entry")
    for person in (
        Person("ed-finance", "A. Name", "a.name@example.gov.uk"),
        Person("ed-finance", "A. N. Other", None),
        Person("ed-finance", None, "post@example.gov.uk"),
        Person("ed-finance"),
    ):
        with writing(database) as journal:
            journal.record(entry(OFFICER._replace(fields={})))
            journal.set_person(person)
        with reading(database) as reader:
            assert people(reader) == {"ed-finance": person}
    assert rows(database, "SELECT * FROM person") == []
    assert rows(database, "SELECT digest FROM entry")[: len(digests)] == digests


@pytest.mark.files
def test_an_erased_name_is_nowhere_in_the_database(database: Location) -> None:
    recorded(database, entry(OFFICER))
    with writing(database) as journal:
        journal.set_person(Person("ed-finance", "Unmistakable Name", "unmistakable@example.org"))
    assert any("Unmistakable" in line for line in dump(database))
    with writing(database) as journal:
        journal.set_person(Person("ed-finance"))
    assert not any("nmistakable" in line for line in dump(database))


def test_officers_without_a_name_are_among_the_people(database: Location) -> None:
    other = Change("officer", "ad-housing", RAISED, {"title": "Assistant Director"})
    with writing(database) as journal:
        journal.record(entry(OFFICER, other))
        journal.set_person(Person("ed-finance", "A. Name"))
    with reading(database) as reader:
        assert people(reader) == {
            "ad-housing": Person("ad-housing"),
            "ed-finance": Person("ed-finance", "A. Name"),
        }


def test_a_snapshot_is_frozen_with_its_lines_and_its_digest(database: Location) -> None:
    other = LINE._replace(ref="2223-002", audit="2223-A01", owner=None, status="Not Allocated")
    digest = lines_digest([other, LINE])
    with writing(database) as journal:
        taking = Change("snapshot", DAY.isoformat(), DAY, {"digest": digest})
        number = journal.record(entry(taking, command="snapshot take", reason="For the board"))
        journal.keep_snapshot(number, DAY, "October", RECORDED, [other, LINE])
    recorded(database, entry(raised(), changed(DAY, completed_on=DAY)))
    with reading(database) as reader:
        [taken] = snapshots(reader)
        assert (taken.id, taken.as_of, taken.label, taken.taken_at) == (1, DAY, "October", RECORDED)
        assert (taken.taken_by, taken.reason) == ("register-officer", "For the board")
        assert taken.replaced is False
        assert snapshot_lines(reader, taken.id) == [LINE, other]
        assert lines_digest(snapshot_lines(reader, taken.id)) == taken.digest == digest


def test_the_newest_snapshot_of_a_day_replaces_the_others(database: Location) -> None:
    earlier = date(2023, 10, 3)
    with writing(database) as journal:
        for day in (DAY, earlier, DAY):
            taking = Change("snapshot", day.isoformat(), day, {"digest": "0" * 64})
            number = journal.record(entry(taking, command="snapshot take"))
            journal.keep_snapshot(number, day, None, RECORDED, [LINE])
    with reading(database) as reader:
        assert [(s.id, s.as_of, s.replaced) for s in snapshots(reader)] == [
            (2, earlier, False),
            (1, DAY, True),
            (3, DAY, False),
        ]
