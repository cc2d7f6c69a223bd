"""Three users of a server: the owner, a writer and a reader, and what each may and may not do."""

import contextlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from unittest.mock import ANY

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from shared.servers import Server
from shared.strategies import RAISED, changed, entry, raised

from irbtrack.cli import main
from irbtrack.domain.journal import Change, entry_to_json
from irbtrack.store.gather import entries
from irbtrack.store.integrity import (
    chain_findings,
    people_findings,
    stamp_findings,
    version_findings,
)
from irbtrack.store.migrate import create
from irbtrack.store.reading import reading
from irbtrack.store.stamping import end_of_journal, people_digest, stamps
from irbtrack.store.write import writing


class Register(NamedTuple):
    """A database with an owner, a writer and a reader, none of whom is a superuser."""

    server: Server
    name: str
    owner: str
    writer: str
    reader: str

    def attempt(self, user: str, sql: str) -> list[object]:
        """What a statement gives a user."""
        return self.server.run(sql, self.name, user)

    def command(self, user: str, *arguments: str) -> tuple[int, str]:
        """The exit code of a command, and what it says on standard error."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = main(["--database", self.server.url(self.name, user), *arguments])
        return code, said.getvalue()


@pytest.fixture(scope="module")
def register(server: Server) -> Iterator[Register]:
    """A register of an action that was made by its owner."""
    name = server.make()
    users = [f"{name}_{role}" for role in ("owner", "writer", "reader")]
    for user in users:
        server.run(f"CREATE ROLE {user} LOGIN")
    server.run(f"ALTER DATABASE {name} OWNER TO {users[0]}")
    made = Register(server, name, *users)
    create(server.location(name, made.owner))
    with writing(server.location(name, made.owner)) as journal:
        journal.record(entry(raised("2223-001")))
    assert made.command(made.owner, "db", "grant", "reader", made.reader)[0] == 0
    assert made.command(made.owner, "db", "grant", "writer", made.writer)[0] == 0
    yield made
    server.drop(name)
    for user in users:
        server.run(f"DROP ROLE {user}")


WRITES = (
    "INSERT INTO entry SELECT id + 1, recorded_at, recorded_by, command, reason, undoes,"
    " digest, digest FROM entry ORDER BY id DESC LIMIT 1",
    "UPDATE entry SET reason = 'x'",
    "DELETE FROM change",
    "TRUNCATE entry, change CASCADE",
    "UPDATE change SET fields = '{}'",
    "INSERT INTO action_version SELECT * FROM action_version",
    "UPDATE action_version SET completed_on = '2023-01-01'",
    "DELETE FROM action_version",
    "INSERT INTO snapshot VALUES (1, '2023-01-01', NULL, now(), 1)",
    "DELETE FROM snapshot_action",
    "DELETE FROM person",
    "INSERT INTO person VALUES ('x', 'Somebody', NULL)",
    "UPDATE person SET name = 'Somebody'",
    "INSERT INTO recorder VALUES ('login:9', 'somebody', NULL)",
    "UPDATE recorder SET pseudonym = 'Somebody'",
    "DELETE FROM recorder",
    "INSERT INTO copy_made VALUES ('', 'x', 'x', now(), 'x')",
    "DELETE FROM copy_made",
    "UPDATE copy_made SET holds = ''",
    "UPDATE stamp SET entry = 0",
    "UPDATE stamp SET writing = 1",
    "INSERT INTO stamp SELECT 2, entry, digest, people, counter, writing FROM stamp",
    "DELETE FROM stamp",
    "SELECT irbtrack_open()",
    "SELECT irbtrack_close()",
    "SELECT irbtrack_open_people()",
    "SELECT irbtrack_close_people(true)",
    "SELECT irbtrack_people_digest()",
    "UPDATE alembic_version SET version_num = '0001'",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "DROP TRIGGER entry_append_only ON entry",
    "DROP VIEW action",
    "CREATE OR REPLACE FUNCTION irbtrack_take_turn() RETURNS void LANGUAGE sql AS ''",
    "DO $$ BEGIN LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE; END $$",
)
CALLS = (
    "SELECT irbtrack_take_turn()",
    "SELECT irbtrack_record(ARRAY['{}'])",
    "SELECT irbtrack_rebuild('action', ARRAY['2223-001'], '[]')",
    "SELECT irbtrack_keep_snapshot(1, '2023-01-01', NULL, now(), '[]')",
    "SELECT irbtrack_set_person('x', 'Somebody', NULL)",
    "SELECT irbtrack_keep_recorder('login:9', 'somebody')",
    "SELECT irbtrack_keep_copy('', 'x', 'register', now(), 'x')",
)


@pytest.mark.parametrize("sql", [*WRITES, *CALLS])
def test_a_reader_writes_nothing(register: Register, sql: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        register.attempt(register.reader, sql)


@pytest.mark.parametrize("sql", WRITES)
def test_a_writer_changes_no_table_itself(register: Register, sql: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        register.attempt(register.writer, sql)


def test_everybody_reads(register: Register) -> None:
    for user in (register.owner, register.writer, register.reader):
        assert register.attempt(user, "SELECT ref FROM action") == [("2223-001",)]
        assert register.command(user, "action", "list", "--as-of", "1/6/2023")[0] == 0


def test_a_reader_who_records_is_refused_in_a_sentence(register: Register) -> None:
    assert register.command(register.reader, "directorate", "add", "x", "X") == (
        3,
        f"irbtrack: postgresql:///{register.name}?host={register.server.socket} does not give its"
        " user the right to do that; its owner has it, and gives the right to record with"
        " 'irbtrack db grant'\n",
    )


def test_only_the_owner_gives_rights(register: Register) -> None:
    for user in (register.writer, register.reader):
        code, said = register.command(user, "db", "grant", "writer", register.reader)
        assert (code, "only its owner" in said) == (1, True)


def test_a_writer_records_names_and_snapshots(register: Register) -> None:
    for command in (
        ("directorate", "add", "finance", "Finance"),
        ("officer", "add", "ed-finance", "Director of Finance", "--name", "A Person"),
        ("officer", "update", "ed-finance", "--name", ""),
        ("action", "complete", "2223-001"),
        ("undo", "5", "--reason", "A slip"),
        ("snapshot", "take"),
    ):
        code, said = register.command(register.writer, "--officer", "ed-finance", *command)
        assert (code, said) == (0, said), command
    with reading(register.server.location(register.name, register.reader)) as reader:
        assert [*chain_findings(reader), *version_findings(reader)] == []


def test_what_is_kept_of_people_is_as_a_writer_left_it(
    register: Register, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The server makes the digest of people as irbtrack does, whatever their names are."""
    odd = "“Zoë” \\ \" / 🏛 ﷽ <&>'"
    monkeypatch.setenv("LOGNAME", odd)
    exported = tmp_path / "officers.csv"
    export = ("export", "officers", str(exported))
    for command in (
        ("officer", "add", "ed-odd", "Odd", "--name", odd, "--email", "odd@example.org"),
        ("officer", "add", "ed-post", "Only a post"),
        ("officer", "add", "ed-mail", "Only an address", "--email", "mail@example.org"),
        export,
        export,
    ):
        exported.unlink(missing_ok=True)
        assert register.command(register.writer, *command) == (0, ANY), command
    with reading(register.server.location(register.name, register.reader)) as reader:
        [left] = stamps(reader)
        assert (left.people, left.writing) == (people_digest(reader), 0)
        assert (left.entry, left.digest) == end_of_journal(reader)
        assert list(people_findings(reader)) == []


@pytest.mark.parametrize(
    "command",
    [
        ("officer", "erase", "ed-finance", "--reason", "Asked for"),
        ("officer", "erase", "ed-finance", "--reason", "Asked for", "--dry-run"),
        ("db", "pseudonym", "nobody", "--reason", "Asked for"),
    ],
)
def test_only_the_owner_erases(register: Register, command: tuple[str, ...]) -> None:
    before = register.attempt(register.owner, "SELECT count(*) FROM entry")
    for user in (register.writer, register.reader):
        code, said = register.command(user, *command)
        assert (code, said.count("\n")) == (1, 1)
        assert f"only its owner, {register.owner}, can erase anything from postgresql:" in said
        assert "ask them to run the same command" in said
    assert register.attempt(register.owner, "SELECT count(*) FROM entry") == before


def test_the_owner_erases_what_a_writer_named(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "a-login-name")
    for user, command in (
        (register.writer, ("officer", "add", "ed-gone", "Gone", "--name", "Ann Wetherby")),
        (register.owner, ("officer", "erase", "ed-gone", "--reason", "Asked for")),
        (register.owner, ("db", "pseudonym", "a-login-name", "Clerk", "--reason", "Asked for")),
        (register.writer, ("directorate", "add", "after", "After it")),
    ):
        code, said = register.command(user, *command)
        assert (code, said) == (0, said), command
    kept = (
        "SELECT officer FROM person WHERE officer = 'ed-gone' UNION SELECT pseudonym FROM recorder"
    )
    assert ("Clerk",) in register.attempt(register.reader, kept)
    assert ("ed-gone",) not in register.attempt(register.reader, kept)
    with reading(register.server.location(register.name, register.reader)) as reader:
        assert [*chain_findings(reader), *people_findings(reader), *stamp_findings(reader)] == []


def test_whoever_may_make_no_schema_is_told_who_can_compare_the_tables(
    register: Register, server: Server
) -> None:
    server.run(f"ALTER DATABASE {register.name} OWNER TO postgres")
    try:
        _, said = register.command(register.owner, "db", "verify")
        granting = f"GRANT CREATE ON DATABASE {register.name} TO {register.owner}"
        assert f"; '{granting}' by whoever looks after the server lets them" in said
        server.run(granting)
        assert "were not compared" not in register.command(register.owner, "db", "verify")[1]
        _, said = register.command(register.reader, "db", "verify")
        assert "; its owner can verify them" in said
    finally:
        server.run(f"ALTER DATABASE {register.name} OWNER TO {register.owner}")


def test_nobody_goes_on_from_a_journal_that_was_cut(register: Register) -> None:
    said = entry_to_json(entry(raised("2223-008"))).replace("'", "''")
    with (
        psycopg.connect(register.server.url(register.name, register.owner)) as connection,
        contextlib.suppress(InsufficientPrivilege),
    ):
        connection.execute("UPDATE stamp SET entry = entry + 1")
        connection.execute(f"SELECT irbtrack_record(ARRAY['{said}'])")  # type: ignore[arg-type]
        pytest.fail("it was recorded")


def forged(register: Register, *statements: str) -> None:
    """Statements of the writer's, in one transaction."""
    with psycopg.connect(register.server.url(register.name, register.writer)) as connection:
        for sql in statements:
            connection.execute(sql)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT irbtrack_rebuild('action', ARRAY['2223-001'], '[]')",
        "SELECT irbtrack_rebuild('entry', ARRAY['1'], '[]')",
        "SELECT irbtrack_keep_snapshot(1, '2023-01-01', NULL, now(), '[]')",
        "SELECT irbtrack_set_person('ed-finance', 'Somebody', NULL)",
    ],
)
def test_versions_snapshots_and_names_come_only_with_an_entry(register: Register, sql: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        forged(register, sql)


@pytest.mark.parametrize(
    ("told", "forgery"),
    [
        ('"reason":null', '"reason": null'),
        ('"reason":null', '"reason":null,"more":1'),
        ('"command":', '"command":"x","command":'),
        ('{"directorate"', '{"zz":1,"directorate"'),
        ('+00:00"', '+01:00"'),
        (".000000+", "+"),
    ],
)
def test_an_entry_that_is_not_as_irbtrack_writes_it_is_refused(
    register: Register, told: str, forgery: str
) -> None:
    right = entry_to_json(entry(raised("2223-009")))
    assert told in right
    wrong = right.replace(told, forgery, 1).replace("'", "''")
    recording = f"SELECT irbtrack_record(ARRAY['{wrong}'])"
    with pytest.raises(InsufficientPrivilege, match="not as irbtrack writes it"):
        forged(register, recording)


LATER = datetime(2030, 1, 1, tzinfo=UTC)


def recorded(register: Register, said: str) -> list[object]:
    """What the server returns for an entry of the writer's, which is taken back again."""
    with psycopg.connect(register.server.url(register.name, register.writer)) as connection:
        row = connection.execute("SELECT irbtrack_record(ARRAY[%s])", [said]).fetchone()
        connection.rollback()
    return list(row or ())


WRITTEN = entry_to_json(
    entry(
        raised("2223-009", completed_on=None, co_owners=["a", "b"]),
        Change("audit", "payroll", RAISED, {"findings": [1, 20]}),
        at=LATER,
    )
)


def test_an_entry_that_is_as_irbtrack_writes_it_is_taken(register: Register) -> None:
    [(last,)] = register.attempt(register.reader, "SELECT max(id) FROM entry")  # type: ignore[misc]
    assert recorded(register, WRITTEN) == [last + 1]
    taken_back = f'{WRITTEN[:-1]},"undoes":{last}}}'
    assert recorded(register, taken_back) == [last + 1]


@pytest.mark.parametrize(
    ("told", "forgery"),
    [
        ("2030-01-01T00:00:00.000000+00:00", "infinity"),
        ("2030-01-01T00:00:00.000000+00:00", "-infinity"),
        ("2030-01-01T", "12030-01-01T"),
        ("2030-01-01T", "2020-01-01T"),
        ('"2023-01-10",{', '"infinity",{'),
        ('"2023-01-10",{', '"-infinity",{'),
        ('"2023-01-10",{', '"10000-01-01",{'),
        ('"2023-01-10",{', '"0044-03-15 BC",{'),
        ('["action"', '["actions"'),
        ('["action"', '["entry"'),
        ('"owner":', '"owner_":'),
        ('"owner":', '"members":'),
        ('"priority":', '"ref":'),
        ('"findings":', '"label":'),
        ('"completed_on":null', '"completed_on":"infinity"'),
        ('"completed_on":null', '"completed_on":"12023-01-01"'),
        ('"completed_on":null', '"completed_on":"20230101"'),
        ('"completed_on":null', '"completed_on":1'),
        ('"completed_on":null', '"completed_on":[]'),
        ('"completed_on":null', '"completed_on":null,"completed_on":null'),
        ('"owner":"ed-finance"', '"owner":true'),
        ('"owner":"ed-finance"', '"owner":{}'),
        ('"owner":"ed-finance"', '"owner":1.5'),
        ('"owner":"ed-finance"', '"owner":1e9'),
        ('"owner":"ed-finance"', '"owner":12345678901'),
        ('["a","b"]', '[["a"],"b"]'),
        ('["a","b"]', '["a",null]'),
        ('["a","b"]', "[1.5]"),
        ('"recorded_by":"register-officer"', '"recorded_by":"register-officer","undoes":NEXT'),
    ],
)
def test_an_entry_that_irbtrack_could_not_read_is_refused(
    register: Register, told: str, forgery: str
) -> None:
    assert told in WRITTEN
    [(number,)] = register.attempt(register.reader, "SELECT max(id) + 1 FROM entry")  # type: ignore[misc]
    with pytest.raises(InsufficientPrivilege, match="not as irbtrack writes it"):
        recorded(register, WRITTEN.replace(told, forgery.replace("NEXT", str(number)), 1))


def test_a_right_is_taken_away_again(register: Register) -> None:
    user = f"{register.name}_guest"
    register.server.run(f"CREATE ROLE {user} LOGIN")
    try:
        for right, may in (("writer", 0), ("reader", 0), ("none", 3)):
            assert register.command(register.owner, "db", "grant", right, user)[0] == 0
            assert register.command(user, "action", "list")[0] == may
            code, _ = register.command(user, "directorate", "add", "guests", "Guests")
            assert (code == 3) == (right != "writer")
        assert register.command(register.owner, "db", "grant", "none", user)[0] == 0
    finally:
        register.server.run(f"DROP OWNED BY {user}", register.name)
        register.server.run(f"DROP ROLE {user}")


def test_a_user_that_is_not_there_and_a_file_are_refused(register: Register) -> None:
    code, said = register.command(register.owner, "db", "grant", "reader", "nobody'; --")
    assert (code, "has no user" in said) == (1, True)


def test_a_right_is_to_the_register_only(register: Register) -> None:
    """Rights to other tables of the schema are neither given nor taken."""
    register.attempt(register.owner, "CREATE TABLE payroll (pay integer)")
    register.attempt(register.owner, "CREATE TABLE budget (cost integer)")
    register.attempt(register.owner, f"GRANT SELECT ON budget TO {register.writer}")
    try:
        assert register.command(register.owner, "db", "grant", "writer", register.writer)[0] == 0
        assert register.attempt(register.writer, "SELECT cost FROM budget") == []
        with pytest.raises(InsufficientPrivilege):
            register.attempt(register.writer, "SELECT pay FROM payroll")
    finally:
        register.attempt(register.owner, "DROP TABLE payroll, budget")


@pytest.mark.parametrize("right", ["none", "reader", "writer"])
def test_the_owner_keeps_every_right(register: Register, right: str) -> None:
    assert register.command(register.owner, "db", "grant", right, register.owner) == (
        1,
        f"irbtrack: '{register.owner}' is the owner of postgresql:///{register.name}"
        f"?host={register.server.socket}, who has every right and keeps it; name another user\n",
    )
    assert register.attempt(register.owner, "SELECT count(*) FROM action") == [(1,)]


@pytest.mark.parametrize("makers", ["PUBLIC", "another", "PUBLIC, another"])
def test_no_right_is_given_while_others_could_put_a_function_before_the_servers_own(
    register: Register, makers: str
) -> None:
    """It doesn't matter whether the right is given to one of those who could."""
    another = f"z{register.name}"
    makers = makers.replace("another", another)
    register.server.run(f"CREATE ROLE {another}")
    register.server.run(f"GRANT CREATE ON SCHEMA public TO {makers}", register.name)
    try:
        for right in ("reader", "writer"):
            code, said = register.command(register.owner, "db", "grant", right, register.reader)
            assert (code, said.count("\n")) == (1, 1)
            assert f"irbtrack: {makers} may make functions beside irbtrack's" in said
            assert f"'REVOKE CREATE ON SCHEMA public FROM {makers}'" in said
        code, said = register.command(register.owner, "db", "grant", "none", register.reader)
        assert code == 0, said
    finally:
        register.server.run(f"REVOKE CREATE ON SCHEMA public FROM {makers}", register.name)
        register.server.run(f"DROP ROLE {another}")
    assert register.command(register.owner, "db", "grant", "reader", register.reader)[0] == 0


def test_rights_outlive_the_guards(register: Register) -> None:
    """An upgrade and ``db rebuild`` make views and functions anew."""
    code, said = register.command(register.owner, "db", "rebuild")
    assert code == 0, said
    assert register.attempt(register.reader, "SELECT count(*) FROM action") == [(1,)]
    with pytest.raises(InsufficientPrivilege):
        register.attempt(register.reader, "SELECT irbtrack_take_turn()")


def test_what_the_server_digests_is_what_irbtrack_digests(register: Register) -> None:
    odd = "“Café” \\ \" / \t \n \x7f \x1f 🏛 \u2028 ﷽ <&>'"
    location = register.server.location(register.name, register.writer)
    moment = datetime(2030, 1, 2, 3, 4, 5, 678901, UTC)
    some = [
        entry(raised("2223-050", title=odd), reason=odd, at=moment),
        entry(changed(RAISED, "2223-050", percent_complete=5, progress=odd), at=moment),
        entry(at=moment),
    ]
    with writing(location) as journal:
        journal.record(*some)
    with reading(location) as reader:
        assert [one for _, one in entries(reader)][-3:] == some
        assert list(chain_findings(reader)) == []
