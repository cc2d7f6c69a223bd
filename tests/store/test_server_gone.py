"""A server that can't be used: one sentence, exit code 3, no traceback, nothing half done."""

import contextlib
import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from shared.servers import Server
from shared.strategies import entry, raised

from irbtrack.cli import main
from irbtrack.errors import DatabaseUnusable
from irbtrack.store.backup import dumping
from irbtrack.store.database import REVISION
from irbtrack.store.migrate import changing_tables, migrate
from irbtrack.store.reading import reading
from irbtrack.store.write import writing

COMMANDS = ("summary", "db info", "db upgrade", "directorate add x X", "init --council Council")


def refusal(url: str, command: str, wait: float = 5) -> str:
    """The one sentence with which a command exits with 3."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        assert main(["--database", url, *command.split()], wait=wait) == 3
    assert said.getvalue().count("\n") == 1, said.getvalue()
    return said.getvalue()


@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_listens(command: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        said = refusal(f"postgresql://u@127.0.0.1:{port}/irb", command)
    assert "cannot be connected to" in said


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_mute_server_is_not_waited_for_for_ever(mute: int) -> None:
    said = refusal(f"postgresql://u@127.0.0.1:{mute}/irb", "summary", wait=0.1)
    assert "timeout expired" in said


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_lacks_characters_is_refused(
    server: Server, encoding: str, command: str
) -> None:
    name = server.make(f"ENCODING {encoding} LOCALE 'C' TEMPLATE template0")
    try:
        assert f"keeps its texts in {encoding}" in refusal(server.url(name), command)
    finally:
        server.drop(name)


@pytest.mark.parametrize(
    "more",
    [
        "connect_timeout=abc",
        "port=abc",
        "nosuch=1",
        "sslmode=odd",
        "options=-cnosuch%3D1",
    ],
)
def test_a_parameter_that_is_not_right_is_refused(server: Server, more: str) -> None:
    assert "cannot be connected to" in refusal(f"{server.url()}&{more}", "summary")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_not_there_is_refused(server: Server, command: str) -> None:
    assert 'database "none" does not exist' in refusal(server.url("none"), command)


def put_out(server: Server, name: str) -> None:
    """End all connections to a database, as a server does that is shut down."""
    server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    )


def test_a_server_that_goes_before_the_entry_stores_nothing(server: Server, on_server: str) -> None:
    location = server.location(on_server)

    def record() -> None:
        with writing(location) as journal:
            put_out(server, on_server)
            journal.record(entry(raised()))

    with pytest.raises(DatabaseUnusable, match=r"was shut down meanwhile|does not answer"):
        record()
    with reading(location) as reader:
        assert list(reader.rows("SELECT count(*) FROM entry")) == [(0,)]


def test_a_server_that_goes_before_the_commit_leaves_nothing_half_done(
    server: Server, on_server: str
) -> None:
    location = server.location(on_server)

    def record() -> None:
        with writing(location) as journal:
            journal.record(entry(raised()))
            put_out(server, on_server)

    said = r"went away|was shut down meanwhile|does not answer"
    with pytest.raises(DatabaseUnusable, match=said):
        record()
    with reading(location) as reader:
        for table in ("entry", "change", "action_version"):
            assert list(reader.rows(f"SELECT count(*) FROM {table}")) == [(0,)]


def test_a_server_that_goes_while_it_is_read_is_a_sentence(server: Server, on_server: str) -> None:
    location = server.location(on_server)

    def read() -> None:
        with reading(location) as reader:
            put_out(server, on_server)
            list(reader.rows("SELECT * FROM entry"))

    with pytest.raises(DatabaseUnusable):
        read()


def test_a_server_that_goes_when_all_is_read_is_no_matter(server: Server, on_server: str) -> None:
    location = server.location(on_server)
    with dumping(location) as lines:
        assert len(list(lines)) > 1
        put_out(server, on_server)


def test_a_server_that_takes_no_writes_says_so(server: Server, on_server: str) -> None:
    server.run(f"ALTER DATABASE {on_server} SET default_transaction_read_only = on")
    assert "is read-only" in refusal(server.url(on_server), "directorate add x X")


def at_once(url: str, folder: Path, *command: str) -> list[tuple[int, str]]:
    """The exit codes of two programs that run a command at once, and what they say."""
    line = [sys.executable, "-m", "irbtrack", "--database", url, *command]
    places = [folder / "one", folder / "two"]
    for place in places:
        place.mkdir()
    two = [subprocess.Popen(line, stderr=subprocess.PIPE, text=True, cwd=place) for place in places]
    said = [one.communicate()[1] for one in two]
    return sorted((one.returncode, text) for one, text in zip(two, said, strict=True))


def test_of_two_that_make_a_register_at_once_one_is_refused(server: Server, tmp_path: Path) -> None:
    name = server.make()
    (good, _), (bad, said) = at_once(server.url(name), tmp_path, "init", "--council", "Council")
    assert (good, bad) == (0, 1), said
    assert "has a register already" in said
    server.drop(name)


def test_two_that_upgrade_a_register_at_once_both_succeed(server: Server, tmp_path: Path) -> None:
    name = server.make()
    location = server.location(name)
    with changing_tables(location) as (connection, counter):
        migrate(location, connection, counter, "0006")
    said = at_once(server.url(name), tmp_path, "db", "upgrade")
    assert [code for code, _ in said] == [0, 0], said
    with reading(location) as reader:
        assert list(reader.rows("SELECT version_num FROM alembic_version")) == [(REVISION,)]
    server.drop(name)


def test_a_transaction_is_of_one_level_whatever_the_server_prefers(
    server: Server, on_server: str
) -> None:
    level = "default_transaction_isolation = 'serializable'"
    server.run(f"ALTER DATABASE {on_server} SET {level}")
    with writing(server.location(on_server)) as journal:
        assert list(journal.rows("SELECT current_setting('transaction_isolation')")) == [
            ("read committed",)
        ]
