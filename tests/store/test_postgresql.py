"""A PostgreSQL server instead of a file: the same commands, migrations and answers."""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from shared.servers import Server
from sqlalchemy.exc import DBAPIError

from irbtrack.cli import main
from irbtrack.commands.demo import load
from irbtrack.store.database import Location, locate
from irbtrack.store.gather import notes_about, others_rest_on
from irbtrack.store.integrity import chain_findings, unknown_recorders, version_findings
from irbtrack.store.migrate import create
from irbtrack.store.reading import opened, reading
from irbtrack.store.schema import schema_findings
from irbtrack.store.server import ConnectionReader, engine_for


@pytest.fixture(scope="module")
def both(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Location, Location]]:
    """The example on the server, and in a file."""
    name = server.make()
    locations = server.location(name), locate(str(tmp_path_factory.mktemp("file") / "board.db"))
    for location in locations:
        load(location)
    yield locations
    server.drop(name)


def answer(location: Location, *arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(["--database", str(location.path or location.url), *arguments])
    return code, out.getvalue()


@pytest.mark.parametrize(
    "arguments",
    [
        ("summary", "--as-of", "31/10/2023", "--compare", "3/10/2023"),
        ("summary", "--as-of", "31/10/2023", "--by", "owner", "--original"),
        ("summary", "--as-of", "31/10/2023", "--known-at", "1/11/2023"),
        ("action", "list", "--as-of", "31/10/2023", "--status", "closed", "--status", "overdue"),
        ("action", "list", "--as-of", "31/10/2023", "--stale", "90", "--source", "Internal Audit"),
        ("action", "list", "2122-041", "--stale", "9", "--known-at", "21/11/2023"),
        ("action", "list", "--owner", "none", "--redated", "0", "--text", "THE"),
        ("action", "list", "--as-of", "31/10/2023", "--overdue-by", "31-90"),
        ("action", "list", "--as-of", "31/10/2023", "--unverified"),
        ("ageing", "--as-of", "31/10/2023", "--by", "source", "--refs", "--basis", "original"),
        ("audit", "list", "--as-of", "31/10/2023"),
        ("history", "2223-050"),
        ("snapshot", "list"),
        ("snapshot", "show", "--by", "directorate"),
        ("officer", "list"),
        ("direction", "list", "--as-of", "31/10/2023", "--compare", "3/10/2023"),
        ("direction", "list", "--as-of", "31/10/2023", "--known-at", "4/10/2023"),
        ("workstream", "list"),
        ("milestone", "list", "--late", "--as-of", "31/10/2023"),
        ("note", "list", "--as-of", "23/11/2023"),
        ("exceptions", "--from", "3/10/2023", "--to", "31/10/2023"),
        ("due", "--within", "1m", "--as-of", "31/10/2023"),
        ("overview", "--as-of", "31/10/2023"),
        ("history", "3a"),
    ],
    ids=" ".join,
)
def test_the_server_answers_as_the_file_does(
    both: tuple[Location, Location], arguments: tuple[str, ...]
) -> None:
    on_server, in_file = (answer(place, *arguments, "--format", "csv") for place in both)
    assert on_server == in_file
    assert in_file[0] == 0
    assert len(in_file[1].splitlines()) > 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "--as-of", "31/10/2023", "--format", "json"),
        ("plan", "finance-plan", "--as-of", "31/10/2023"),
        ("direction", "show", "3a", "--as-of", "23/11/2023", "--format", "json"),
        ("direction", "show", "SEND", "--as-of", "23/11/2023"),
        ("overview", "--as-of", "31/10/2023", "--format", "md"),
    ],
    ids=" ".join,
)
def test_the_server_says_what_the_file_does(
    both: tuple[Location, Location], arguments: tuple[str, ...]
) -> None:
    on_server, in_file = (answer(place, *arguments) for place in both)
    assert on_server == in_file
    assert in_file[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 0), (("--strict",), 5), (("redated-late", "high-silent", "due-on-rest-day"), 5)],
)
def test_the_server_is_checked_as_the_file_is(
    both: tuple[Location, Location], arguments: tuple[str, ...], code: int
) -> None:
    asked = ("check", *arguments, "--as-of", "31/10/2023", "--format", "csv")
    on_server, in_file = (answer(place, *asked) for place in both)
    assert on_server == in_file
    assert in_file[0] == code


def test_a_version_that_was_changed_on_the_server_is_found(both: tuple[Location, Location]) -> None:
    with engine_for(both[0]).connect() as connection:
        connection.exec_driver_sql("UPDATE stamp SET writing = 1")
        changing = "UPDATE action_version SET due_on = '2030-01-01' WHERE ref = '2223-171'"
        connection.exec_driver_sql("UPDATE stamp SET writing = 1")
        connection.exec_driver_sql(changing)
        wrong = list(version_findings(ConnectionReader(connection)))
        connection.rollback()
    assert {(one.noun, one.ref) for one in wrong} == {("action", "2223-171")}
    assert all("due_on is '2030-01-01', and the journal gives" in one.wrong for one in wrong)


def test_the_chain_of_digests_is_the_same(both: tuple[Location, Location]) -> None:
    def digests(location: Location) -> list[tuple[object, ...]]:
        with opened(location) as reader:
            return list(reader.rows("SELECT id, previous_digest, digest FROM entry ORDER BY id"))

    assert digests(both[0]) == digests(both[1])


def test_the_journal_cannot_be_changed(both: tuple[Location, Location]) -> None:
    for table in ("entry", "change", "snapshot", "snapshot_action"):
        with (
            engine_for(both[0]).connect() as connection,
            pytest.raises(DBAPIError, match=f"{table} is append-only"),
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_a_server_that_has_a_register_is_left_as_it_is(
    both: tuple[Location, Location], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", both[0].url, "init", "--council", "Council"]) == 1
    assert "has a register already" in capsys.readouterr().err


def test_two_writers_at_once_give_out_two_references(both: tuple[Location, Location]) -> None:
    add = ["action", "add", "At once", "--audit", "2324-A08", "--priority", "low"]
    command = [sys.executable, "-m", "irbtrack", "--database", both[0].url, *add]
    with subprocess.Popen([*command, "--directorate", "finance"], stdout=subprocess.PIPE) as one:
        two = subprocess.run(
            [*command, "--directorate", "finance"], capture_output=True, check=True
        )
        refs = {two.stdout.strip(), one.communicate()[0].strip()}
    assert one.returncode == 0
    assert refs == {b"2324-068", b"2324-069"}


def test_what_a_direction_lists_is_rested_upon(both: tuple[Location, Location]) -> None:
    with opened(both[0]) as reader:
        assert others_rest_on(reader, "officer", "cabinet-finance")
        assert not others_rest_on(reader, "officer", "cabinet")
        assert notes_about(reader, "3a")


@pytest.mark.parametrize("noun", ["audits", "directions", "notes"])
def test_exports_of_the_server_and_of_the_file_are_the_same(
    both: tuple[Location, Location], noun: str, tmp_path: Path
) -> None:
    files = [tmp_path / "server.csv", tmp_path / "file.csv"]
    for place, path in zip(both, files, strict=True):
        assert answer(place, "export", noun, str(path), "--history") == (0, "")
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_workbook_goes_out_of_the_server_and_comes_back(
    both: tuple[Location, Location], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "out.xlsx")
    assert answer(both[0], "export", "actions", path, "--year", "23/24") == (0, "")
    assert answer(both[0], "import", "actions", path) == (0, "")
    assert "nothing to change" in capsys.readouterr().err
    book = openpyxl.load_workbook(path)
    sheet = book["Actions"]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(3, names.index("title") + 1).value = "Another title"
    book.save(path)
    assert answer(both[0], "import", "actions", path) == (0, "")
    assert "1 changed" in capsys.readouterr().err
    code, listed = answer(both[0], "action", "list", "--text", "another title", "--format", "csv")
    assert (code, len(listed.splitlines())) == (0, 2)


def test_a_direction_is_updated_on_the_server(both: tuple[Location, Location]) -> None:
    said = ["direction", "update", "3a", "--rag", "R", "The gap remains"]
    assert answer(both[0], *said) == (0, "")
    code, written = answer(both[0], "direction", "list", "--rag", "R", "--format", "csv")
    assert code == 0
    assert "3a," in written
    assert "The gap remains" in written


def test_people_are_erased_on_the_server(
    both: tuple[Location, Location], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["officer", "update", "ed-finance", "--name", "Ann Wetherby"]
    assert answer(both[0], *named) == (0, "")
    file = tmp_path / "officers.csv"
    assert answer(both[0], "export", "officers", str(file)) == (0, "")
    capsys.readouterr()
    with reading(both[0]) as looking:  # whose snapshot has the name
        assert list(looking.rows("SELECT COUNT(*) FROM entry"))
        erased = answer(both[0], "officer", "erase", "ed-finance", "--reason", "Asked")
    assert erased == (0, "")
    said = capsys.readouterr().err
    assert "officer ed-finance: the name and e-mail address of its holder are erased" in said
    assert f"copies that may have it, to be deleted or made anew: {file}, of " in said
    with opened(both[0]) as reader:
        [(folder, own)] = reader.rows(
            "SELECT current_setting('data_directory'), CAST(oid AS text) FROM pg_database"
            " WHERE datname = current_database()"
        )
        assert not list(reader.rows("SELECT 1 FROM person WHERE officer = 'ed-finance'"))
        assert list(chain_findings(reader)) == []
    with engine_for(both[0]).execution_options(isolation_level="AUTOCOMMIT").connect() as owner:
        owner.exec_driver_sql("CHECKPOINT")
    kept = {
        path: path.read_bytes() for path in Path(folder, "base", own).iterdir() if path.is_file()
    }
    assert any(b"ed-finance" in one for one in kept.values())
    assert [path for path, one in kept.items() if b"Wetherby" in one] == []


def test_a_login_name_is_forgotten_on_the_server(
    both: tuple[Location, Location],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for who in ("clerk", "awetherby", "clerk"):
        monkeypatch.setenv("LOGNAME", who)
        said = ["direction", "update", "3a", "--rag", "A", f"Said by {len(who)}"]
        assert answer(both[0], *said) == (0, "")
    asked = ["db", "pseudonym", "awetherby", "Somebody", "--reason", "Asked"]
    assert answer(both[0], *asked) == (0, "")
    assert "whoever recorded as awetherby is now shown as Somebody" in capsys.readouterr().err
    code, told = answer(both[0], "history", "--last", "4", "--format", "json")
    recorded_by = list(dict.fromkeys(row["recorded_by"] for row in json.loads(told)))
    assert (code, recorded_by) == (0, ["clerk", "Somebody"])
    with opened(both[0]) as reader:
        last = list(reader.rows("SELECT recorded_by FROM entry ORDER BY id DESC LIMIT 4"))
        assert last[0] == last[1] == last[3] != last[2]
        assert all(ref.startswith("login:") for (ref,) in last)
        assert {who for who, *_ in unknown_recorders(reader)} >= {"clerk", "Somebody"}
        assert list(chain_findings(reader)) == []


CHANGES = {
    "ALTER FUNCTION irbtrack_record RESET search_path": (
        "function irbtrack_record(text[]) is not as irbtrack makes it"
    ),
    "ALTER FUNCTION irbtrack_keep_recorder SET search_path = pg_temp, public": (
        "function irbtrack_keep_recorder(text, text) is not as irbtrack makes it"
    ),
    "ALTER FUNCTION irbtrack_take_turn SECURITY INVOKER": (
        "function irbtrack_take_turn() is not as irbtrack makes it"
    ),
    "ALTER FUNCTION refuse_change SECURITY DEFINER": (
        "function refuse_change() is not as irbtrack makes it"
    ),
    "DROP FUNCTION irbtrack_keep_copy": (
        "function irbtrack_keep_copy(text, text, text, timestamp with time zone, text) is not there"
    ),
    "CREATE FUNCTION irbtrack_record(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';"
    "REVOKE ALL ON FUNCTION irbtrack_record(text) FROM PUBLIC": (
        "function irbtrack_record(text) is not one of irbtrack's"
    ),
    "CREATE AGGREGATE refuse_change(integer) (SFUNC = int4pl, STYPE = integer)": (
        "function refuse_change(integer) is not one of irbtrack's"
    ),
    "GRANT EXECUTE ON FUNCTION irbtrack_open() TO PUBLIC": (
        "right of everybody to EXECUTE irbtrack_open() is not one of irbtrack's"
    ),
    "GRANT UPDATE ON stamp TO PUBLIC": (
        "right of everybody to UPDATE stamp is not one of irbtrack's"
    ),
    "GRANT SELECT (name) ON person TO PUBLIC": (
        "right of everybody to SELECT person.name is not one of irbtrack's"
    ),
    "CREATE RULE silent AS ON INSERT TO entry DO INSTEAD NOTHING": (
        "rule silent on entry is not one of irbtrack's"
    ),
    "ALTER TABLE action_version ENABLE ROW LEVEL SECURITY": (
        "row security on action_version is not one of irbtrack's"
    ),
    "ALTER TABLE change FORCE ROW LEVEL SECURITY": (
        "row security on change is not one of irbtrack's"
    ),
}
"""What can be changed on a server beside rows, and what is found then."""

HARMLESS = (
    "CREATE FUNCTION median(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "REVOKE ALL ON FUNCTION refuse_change() FROM PUBLIC",
    "GRANT SELECT ON action TO pg_monitor",
)


def test_what_was_changed_beside_rows_is_found(server: Server, on_server: str) -> None:
    location = server.location(on_server)

    def found() -> list[str]:
        with reading(location) as reader:
            return sorted(finding.wrong for finding in schema_findings(location, reader))

    for sql in HARMLESS:
        server.run(sql, on_server)
    assert found() == []
    for sql in CHANGES:
        server.run(sql, on_server)
    assert found() == sorted(CHANGES.values())


def test_triggers_of_other_programs_are_dropped_when_all_is_made_anew(
    server: Server, on_server: str
) -> None:
    for sql in (
        "CREATE FUNCTION forges() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER \"a % 'odd' name\" BEFORE INSERT ON change FOR EACH ROW"
        " EXECUTE FUNCTION forges()",
        "ALTER TABLE entry DISABLE TRIGGER entry_append_only",
        "CREATE TABLE others (id integer)",
        "CREATE TRIGGER others BEFORE INSERT ON others EXECUTE FUNCTION forges()",
    ):
        server.run(sql, on_server)
    assert answer(server.location(on_server), "db", "rebuild") == (0, "")
    triggers = "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    there = dict(server.run(triggers, on_server))
    assert "a % 'odd' name" not in there
    assert (there["entry_append_only"], there["others"]) == ("O", "O")


def test_a_view_of_another_program_is_named_and_nothing_is_made_anew(
    server: Server, on_server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.run("CREATE VIEW mine AS SELECT ref FROM action", on_server)
    location = server.location(on_server)
    with reading(location) as reader:
        before = list(schema_findings(location, reader))
    assert answer(location, "db", "rebuild")[0] == 3
    assert capsys.readouterr().err.endswith(
        "has what another program built on irbtrack's tables or views (view mine depends on view"
        " action); drop it, do this again, and then make it again; nothing was changed\n"
    )
    with reading(location) as reader:
        assert list(schema_findings(location, reader)) == before
    server.run("UPDATE alembic_version SET version_num = '0007'", on_server)
    assert answer(location, "db", "upgrade")[0] == 3
    assert "(view mine depends on view action)" in capsys.readouterr().err


def test_a_register_whose_revision_was_changed_is_not_taken_for_another_programs(
    both: tuple[Location, Location], server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    name = server.copy(str(both[0].url).rpartition("@/")[2].partition("?")[0])
    for edit in ("UPDATE alembic_version SET version_num = 'x'", "DELETE FROM alembic_version"):
        server.run(edit, name)
        for command in (["overview"], ["db", "upgrade"], ["db", "rebuild"]):
            assert answer(server.location(name), *command)[0] == 3
            assert "is not one that irbtrack made" in capsys.readouterr().err
    server.drop(name)


@pytest.mark.parametrize("schema", ["board", '"The board\'s"'])
def test_a_register_in_a_schema_of_its_own_is_as_it_was_made(server: Server, schema: str) -> None:
    name = server.make()
    server.run(f"CREATE SCHEMA {schema}", name)
    server.run(f"ALTER DATABASE {name} SET search_path = {schema}")
    location = server.location(name)
    create(location)
    with reading(location) as reader:
        assert list(schema_findings(location, reader)) == []
    server.drop(name)


def test_a_server_that_is_not_there_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--database", f"postgresql://nobody@/none?host={tmp_path}", "summary"]) == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "cannot be connected to" in said
