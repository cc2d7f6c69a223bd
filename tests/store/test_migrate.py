"""The migrations: they make what the program expects, from wherever a database is."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from shared.strategies import another, changed, entry, raised
from sqlalchemy import Column, Connection, Integer, inspect, select

from irbtrack.cli import main
from irbtrack.domain.figures.restatement import SnapshotLine
from irbtrack.domain.journal import Change, Entry, entry_from_json, lines_digest, version_on
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.nouns.officer import Person
from irbtrack.errors import DatabaseUnusable
from irbtrack.shipped import shipped
from irbtrack.store import guards, migrate, stamping
from irbtrack.store.database import REVISION, Location, locate
from irbtrack.store.gather import by_reference, entries, records_as_of, versions_by
from irbtrack.store.migrate import create, upgrade
from irbtrack.store.reading import reading
from irbtrack.store.server import engine_for
from irbtrack.store.tables import VERSION_TABLES, metadata
from irbtrack.store.write import Journal, writing

pytestmark = pytest.mark.files

HEADLINE = {"section": "Headline", "text": "T", "position": 1}


def scripts() -> ScriptDirectory:
    """The migrations as Alembic finds them."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


REVISIONS = [script.revision for script in reversed(list(scripts().walk_revisions()))]


def differences(location: Location) -> list[object]:
    """The differences between what the migrations made and the program's tables."""
    with engine_for(location).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))


def schema(location: Location) -> list[tuple[str, ...]]:
    """Every table, index, view and trigger, with the SQL that made it."""
    assert location.path is not None
    with closing(sqlite3.connect(location.path)) as connection:
        found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 2")
        return found.fetchall()


def revision(location: Location) -> list[tuple[str]]:
    """The revision of a database."""
    with reading(location) as reader:
        return list(reader.rows("SELECT version_num FROM alembic_version"))


def test_the_program_knows_the_newest_migration() -> None:
    assert scripts().get_heads() == [REVISION]
    assert REVISIONS[-1] == REVISION


def test_the_migrations_follow_one_another_and_their_files_are_named_so() -> None:
    assert [f"{n:04}" for n in range(1, len(REVISIONS) + 1)] == REVISIONS
    for script in scripts().walk_revisions():
        assert re.fullmatch(rf"{script.revision}_[a-z0-9_]+\.py", Path(script.path).name)


def test_the_migrations_make_the_tables_of_the_program(database: Location) -> None:
    assert differences(database) == []
    assert revision(database) == [(REVISION,)]


def test_a_difference_would_be_found(database: Location) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("ALTER TABLE person ADD COLUMN telephone TEXT")
    assert len(differences(database)) == 1


def test_upgrading_again_changes_nothing(database: Location) -> None:
    with writing(database) as journal:
        journal.record(entry(raised()))
    assert database.path is not None
    before = database.path.read_bytes()
    upgrade(database)
    assert database.path.read_bytes() == before


@pytest.mark.parametrize("earlier", REVISIONS)
def test_a_database_of_every_revision_can_be_brought_up_to_date(
    earlier: str, database: Location, tmp_path: Path
) -> None:
    tmp_path.joinpath("earlier.db").touch()
    location = locate(str(tmp_path / "earlier.db"))
    upgrade(location, earlier)
    upgrade(location)
    assert revision(location) == [(REVISION,)]
    assert differences(location) == []
    assert schema(location) == schema(database)


@pytest.mark.parametrize("name", ["plain", "100%", "a b"])
def test_a_database_can_be_made_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    location = locate(str(tmp_path / name / "irbtrack.db"))
    create(location)
    assert revision(location) == [(REVISION,)]


def test_every_noun_has_its_versions_and_its_view() -> None:
    assert VERSION_TABLES.keys() == NOUNS.keys()
    assert {table.name for table in VERSION_TABLES.values()} == {
        f"{noun}_version" for noun in NOUNS
    }


@pytest.mark.parametrize("noun", NOUNS)
def test_a_version_table_has_the_fields_of_its_record(noun: str) -> None:
    kept = set(VERSION_TABLES[noun].columns.keys())
    assert kept == {*NOUNS[noun].TYPES, "valid_from", "valid_to"}


def test_the_views_show_todays_rows(database: Location) -> None:
    day, later = date(2023, 1, 10), date(2023, 10, 31)
    with writing(database) as journal:
        journal.record(
            entry(
                Change("council", "council", day, {"name": "Example"}),
                Change("directorate", "finance", day, {"name": "Finance"}),
                Change("directorate", "finance", later, {"name": "Finance and Commercial"}),
                Change("officer", "ed-finance", day, {"title": "Executive Director"}),
                Change("audit", "2223-A01", day, {"year": "22/23", "name": "Payroll"}),
                Change("audit", "2223-A01", later, {"status": "Draft"}),
                raised(),
                changed(later, priority="Low"),
                Change("direction", "3a", day, {"title": "Finance", "rag": "G"}),
                Change("direction", "3a", later, {"rag": "A"}),
                Change("workstream", "plan", day, {"name": "The Plan", "position": 1}),
                Change("milestone", "M001", day, {"title": "Set", "workstream": "plan"}),
                Change("note", "N1", day, HEADLINE | {"dated_on": day}),
                Change("note", "N1", later, {"dropped_on": later}),
                Change("waiver", "W1", day, {"check_name": "no-email", "why": "No e-mail yet"}),
            )
        )
    with reading(database) as reader:
        for noun in NOUNS:
            assert len(list(reader.rows(f"SELECT * FROM {noun}"))) == 1
        assert list(reader.rows("SELECT name FROM directorate")) == [("Finance and Commercial",)]
        assert list(reader.rows("SELECT status FROM audit")) == [("Draft",)]
        assert list(reader.rows("SELECT rag, members FROM direction")) == [("A", "[]")]
        assert list(reader.rows("SELECT dropped_on FROM note")) == [("2023-10-31",)]
        assert list(reader.rows("SELECT ref, priority, valid_from, valid_to FROM action")) == [
            ("2223-001", "Low", "2023-10-31", "9999-12-31")
        ]


def test_every_constraint_and_index_is_named(database: Location) -> None:
    with engine_for(database).connect() as connection:
        inspector = inspect(connection)
        tables = set(inspector.get_table_names()) - {"alembic_version"}
        assert tables == set(metadata.tables)
        for table in tables:
            assert inspector.get_pk_constraint(table)["name"] == f"pk_{table}"
            for key in inspector.get_foreign_keys(table):
                assert key["name"] == f"fk_{table}_{key['constrained_columns'][0]}"
                assert key["options"] == {"ondelete": "RESTRICT"}
            for index in inspector.get_indexes(table):
                assert index["name"] == f"ix_{table}_{'_'.join(index['column_names'])}"
            assert all(unique["name"] for unique in inspector.get_unique_constraints(table))
            assert all(check["name"] for check in inspector.get_check_constraints(table))


def test_every_constraint_of_the_program_is_named_as_the_database_has_it() -> None:
    for table in metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name
            assert str(constraint.name).endswith(table.name) or table.name in str(constraint.name)


def test_a_migration_that_fails_leaves_the_database_as_it_was(database: Location) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()
    before = schema(database)
    with pytest.raises(Exception, match="already exists"):
        upgrade(database)
    assert schema(database) == before


def test_a_migration_that_fails_half_way_makes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE person (id INTEGER)")
    location = locate(str(path))
    with pytest.raises(Exception, match="person already exists"):
        upgrade(location)
    assert [name for _, name, _, _ in schema(location)] == ["person"]


def test_a_revision_that_no_migration_makes_is_refused(database: Location) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = database.path.read_bytes()
    with pytest.raises(DatabaseUnusable) as refused:
        upgrade(database)
    assert str(refused.value).startswith(
        f"{database} is at a revision that this irbtrack does not know ("
    )
    assert str(refused.value).endswith(
        "); upgrade it with the irbtrack that wrote it, or restore a backup"
    )
    assert database.path.read_bytes() == before


def test_foreign_keys_are_off_while_tables_are_rebuilt(
    database: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def probe(config: Config, _: str) -> None:
        connection = config.attributes["connection"]
        seen.append(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())

    monkeypatch.setattr(migrate.command, "upgrade", probe)
    _set_behind(database)
    upgrade(database)
    assert seen == [0]


def _set_behind(database: Location) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
        connection.commit()


def test_a_migration_that_rebuilds_tables_leaves_views_and_triggers(
    database: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept() -> list[str]:
        with reading(database) as reader:
            found = reader.rows("SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')")
            return sorted(row[0] for row in found)

    def rebuild(config: Config, _: str) -> None:
        connection = config.attributes["connection"]
        operations = Operations(MigrationContext.configure(connection))
        for table in ("change", "action_version"):
            with operations.batch_alter_table(table, recreate="always") as batch:
                batch.add_column(Column("added", Integer()))
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{REVISION}'")

    before = kept()
    assert len(before) == len(NOUNS) + 4 * (3 + 1) + 3 * (len(NOUNS) + 3)
    _set_behind(database)
    monkeypatch.setattr(migrate.command, "upgrade", rebuild)
    upgrade(database)
    assert kept() == before
    with reading(database) as reader:
        assert list(reader.rows("SELECT added FROM action")) == []


def test_broken_references_are_found_before_the_upgrade_is_kept(database: Location) -> None:
    assert database.path is not None
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("UPDATE stamp SET writing = 1")
        connection.execute(
            "INSERT INTO change VALUES (7, 0, 'action', 'x', '2023-01-10', '{}', NULL)"
        )
        connection.commit()
    with pytest.raises(RuntimeError, match="broken references"):
        upgrade(database)


FIRST_NOUNS = ("council", "directorate", "officer", "audit", "action")
"""The nouns of revision 0001."""

LATER_COLUMNS = (
    *(("change", "reason"), ("audit_version", "source"), ("council_version", "sources")),
    *(("action_version", "co_owners"), ("audit_version", "issued_on")),
    *(("audit_version", "directorate"), ("action_version", "assumed_days")),
)
"""The columns that its tables have got since."""

USUAL_SOURCES = '["Internal Audit","External Audit","Peer Review","Inspection"]'


@pytest.fixture(scope="module")
def example() -> list[Entry]:
    """The entries of the example."""
    path = shipped("examples") / "board-2023-11" / "register.jsonl"
    return [entry_from_json(line) for line in path.read_text(encoding="utf-8").splitlines()]


def make_first_guards(connection: Connection) -> None:
    """Make the views and some of the triggers that the program of revision 0001 made."""
    for noun in FIRST_NOUNS:
        connection.exec_driver_sql(
            f"CREATE VIEW {noun} AS SELECT * FROM {noun}_version WHERE valid_to = '9999-12-31'"
        )
    for table in guards.APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


@pytest.fixture(scope="module")
def first(example: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Location:
    """A database of revision 0001 as its program left it: the example without the later nouns."""
    path = tmp_path_factory.mktemp("first") / "irbtrack.db"
    path.touch()
    location = locate(str(path))
    upgrade(location, "0001")
    with engine_for(location).begin() as connection:
        for table, column in LATER_COLUMNS:  # today's writing has them
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
        known = [e for e in example if all(c.noun in FIRST_NOUNS for c in e.changes)]
        lines = [SnapshotLine("2223-001", "22/23", None, "finance", None, "High", "Overdue")]
        day, given = date(2023, 10, 31), {"digest": lines_digest(lines)}
        taking = entry(
            Change("snapshot", "2023-10-31", day, given),
            command="snapshot take",
            at=known[-1].recorded_at,
        )
        journal = Journal(connection)
        later = [metadata.tables[name] for name in ("stamp", "recorder", "copy_made")]
        metadata.create_all(connection, later)
        stamping.open_anew(connection, journal, 0)
        number = journal.record(*known, taking)
        journal.set_person(Person("ed-finance", "A. Name", None))
        journal.keep_snapshot(number, day, "Board", taking.recorded_at, lines)
        metadata.drop_all(connection, later)
        for table, column in LATER_COLUMNS:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
        make_first_guards(connection)
    return location


@pytest.fixture
def upgraded(first: Location, tmp_path: Path) -> Location:
    """The same, brought up to date."""
    assert first.path is not None
    location = locate(str(shutil.copy(first.path, tmp_path / "upgraded.db")))
    upgrade(location)
    return location


def contents(location: Location) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table, by its name."""
    assert location.path is not None
    with closing(sqlite3.connect(location.path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()
            for (name,) in tables.fetchall()
            if name != "alembic_version"
        }


def test_an_older_register_is_refused_until_it_is_upgraded(first: Location) -> None:
    with pytest.raises(DatabaseUnusable, match="is at revision 0001"), reading(first):
        pass


def test_what_an_older_register_holds_stays(
    first: Location, upgraded: Location, database: Location
) -> None:
    before, after = contents(first), contents(upgraded)
    usual = {"source": "Internal Audit", "sources": USUAL_SOURCES, "co_owners": "[]"}
    for table, column in LATER_COLUMNS:
        before[table] = [(*row, usual.get(column)) for row in before[table]]
    assert len(before["entry"]) > 1456
    assert len(before["action_version"]) > len(before["audit_version"]) > 0
    assert {name: after[name] for name in before} == before
    assert [row[:2] for row in after.pop("stamp")] == [(1, len(before["entry"]))]
    added = after.keys() - before.keys()
    later = {f"{noun}_version" for noun in NOUNS if noun not in FIRST_NOUNS}
    assert added == later | {"recorder", "copy_made"}
    assert all(after[name] == [] for name in added)
    assert schema(upgraded) == schema(database)
    assert differences(upgraded) == []


def test_an_upgraded_register_has_a_view_for_every_noun(upgraded: Location) -> None:
    with reading(upgraded) as reader:
        shown = {noun: len(list(reader.rows(f"SELECT * FROM {noun}"))) for noun in NOUNS}
    assert shown["action"] == 625
    assert [noun for noun, rows in shown.items() if not rows] == [
        noun for noun in NOUNS if noun not in FIRST_NOUNS
    ]


def test_an_upgraded_register_takes_directions_plans_and_notes(
    upgraded: Location, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IRBTRACK_DATABASE", str(upgraded.path))
    monkeypatch.setenv("IRBTRACK_OFFICER", "register-officer")
    now = datetime(2023, 11, 23, 9, tzinfo=UTC)
    for command in (
        "direction add 3a Finance --strategic-lead ed-finance --rag G --on 1/10/2023",
        "direction update 3a Gap --rag A",
        "workstream add plan Plan --on 1/10/2023",
        "milestone add Set --workstream plan --direction 3a --due 31/10/2023 --on 1/10/2023",
        "note add headline Fell",
        "direction show 3a",
        "plan",
        "exceptions --from 1/10/2023",
        "due",
        "overview",
        "note list",
    ):
        assert main(command.split(), now=now) == 0, capsys.readouterr().err
    assert "Overdue" in capsys.readouterr().out
    assert main(["direction", "list", "--brief", "--compare", "31/10/2023"], now=now) == 0
    assert "3a   Finance            A    ▼" in capsys.readouterr().out
    with reading(upgraded) as reader:
        commands = [one.command for _, one in entries(reader)]
    assert commands[-6:] == [
        "snapshot take",
        "direction add",
        "direction update",
        "workstream add",
        "milestone add",
        "note add",
    ]


@pytest.mark.parametrize("table", ["entry", "change", "snapshot", "snapshot_action"])
def test_an_upgraded_journal_is_append_only(table: str, upgraded: Location) -> None:
    assert upgraded.path is not None
    with closing(sqlite3.connect(upgraded.path)) as connection:
        connection.execute("UPDATE stamp SET writing = 1")
        replacing = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        for statement in (f"DELETE FROM {table}", replacing):
            with pytest.raises(sqlite3.IntegrityError, match=f"{table} is append-only"):
                connection.execute(statement)


def test_the_upgrade_is_of_one_piece(first: Location, tmp_path: Path) -> None:
    """A table of the new ones is there already: nothing at all is changed."""
    assert first.path is not None
    location = locate(str(shutil.copy(first.path, tmp_path / "irbtrack.db")))
    assert location.path is not None
    with closing(sqlite3.connect(location.path)) as connection:
        connection.execute("CREATE TABLE note_version (ref TEXT)")
    before = schema(location), contents(location)
    with pytest.raises(Exception, match="note_version already exists"):
        upgrade(location)
    assert (schema(location), contents(location)) == before


def test_the_version_tables_of_the_example_are_rebuilt_from_its_journal(whole: Location) -> None:
    """The rows are the same, although they were made entry by entry."""

    def kept(connection: Connection) -> dict[str, list[object]]:
        return {
            noun: list(connection.execute(select(table).order_by(table.c.ref, table.c.valid_from)))
            for noun, table in VERSION_TABLES.items()
        }

    with engine_for(whole).connect() as connection, connection.begin() as transaction:
        before = kept(connection)
        assert Journal(connection).rebuild() == []
        assert kept(connection) == before
        assert all(before.values())
        transaction.rollback()


@pytest.fixture(scope="module")
def whole(
    example: list[Entry], migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Location:
    """The whole example, entry after entry in some hundred writes."""
    location = another(migrated, tmp_path_factory)
    with engine_for(location).begin() as connection:
        journal = Journal(connection)
        for start in range(0, len(example), 20):
            journal.record(*example[start : start + 20])
        waiver = {"check_name": "no-email", "why": "The posts share a mailbox"}
        journal.record(
            entry(
                Change("waiver", "W1", date(2021, 4, 1), waiver),
                at=datetime(2023, 11, 21, tzinfo=UTC),
            )
        )
        journal.leave_stamp()
    return location


@pytest.mark.parametrize("noun", NOUNS)
def test_the_records_of_the_example_are_those_its_journal_gives(noun: str, whole: Location) -> None:
    """On several days the tables say the same as the folded journal."""
    kind = NOUNS[noun]
    with reading(whole) as reader:
        for day in (date(2021, 4, 1), date(2023, 10, 3), date(2023, 10, 31), date(2023, 11, 23)):
            told = records_as_of(reader, kind, day)
            assert told == records_as_of(reader, kind, day, datetime(2099, 1, 1, tzinfo=UTC))
            begun = versions_by(reader, kind, day)
            assert begun == versions_by(reader, kind, day, datetime(2099, 1, 1, tzinfo=UTC))
            assert told == [
                record
                for versions in sorted(begun.values(), key=lambda v: by_reference(v[0].record))
                if (record := version_on(versions, day)) is not None
            ]
