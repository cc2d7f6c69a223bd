"""A server that can't be used: one sentence, exit code 3, no traceback, nothing half done."""

import contextlib
import io
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from shared.servers import Server
from shared.strategies import entry, raised
from sqlalchemy import Engine, event

from irbtrack.cli import main
from irbtrack.errors import DatabaseUnusable
from irbtrack.store.backup import dumping
from irbtrack.store.database import REVISION, locate
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


def test_a_server_that_goes_before_any_statement_is_a_sentence(
    server: Server, on_server: str
) -> None:
    location = server.location(on_server)
    before = statements = 0
    is_stored = False

    def go(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == before:
            put_out(server, on_server)

    event.listen(Engine, "before_cursor_execute", go)
    try:
        while not is_stored:
            before, statements = before + 1, 0
            with contextlib.suppress(DatabaseUnusable), writing(location) as journal:
                journal.record(entry(raised()))
                is_stored = True
            is_stored = is_stored and statements < before
    finally:
        event.remove(Engine, "before_cursor_execute", go)
    assert before > 10
    with reading(location) as reader:
        assert list(reader.rows("SELECT count(*) FROM entry")) == [(1,)]


def test_a_server_that_goes_while_it_is_read_is_a_sentence(server: Server, on_server: str) -> None:
    location = server.location(on_server)

    def read() -> None:
        with reading(location) as reader:
            put_out(server, on_server)
            list(reader.rows("SELECT * FROM entry"))

    with pytest.raises(DatabaseUnusable):
        read()


class Freezing:
    """A way to the server by which nothing comes through once it is frozen.

    It freezes by itself when a statement of ``at`` comes.
    """

    at = b"no such statement"

    def __init__(self, folder: Path, server: Server, name: str) -> None:
        self.frozen = threading.Event()
        self.to = str(next(Path(server.socket).glob(".s.PGSQL.*[0-9]")))
        self.here = folder / Path(self.to).name
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(self.here))
        self.listening.listen()
        self.url = server.url(name).replace(server.socket, str(folder))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listening.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.to)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if self.at in data:
                    self.frozen.set()
                if not self.frozen.is_set():
                    other.sendall(data)
            other.close()


@pytest.fixture
def freezing(server: Server, on_server: str) -> Iterator[Freezing]:
    with TemporaryDirectory() as folder:  # pytest's own has a name too long for a socket
        way = Freezing(Path(folder), server, on_server)
        yield way
        way.listening.close()


def test_a_server_that_freezes_while_it_is_read_is_a_sentence(freezing: Freezing) -> None:
    location = locate(freezing.url, wait=0.1)
    begun = time.monotonic()

    def read() -> None:
        with reading(location) as reader:
            freezing.frozen.set()
            list(reader.rows("SELECT * FROM entry"))

    with pytest.raises(DatabaseUnusable, match=r"does not answer: .*timeout expired"):
        read()
    assert time.monotonic() - begun < 20


def test_of_a_server_that_freezes_in_the_commit_it_is_not_known_what_it_did(
    freezing: Freezing,
) -> None:
    freezing.at = b"COMMIT\0"

    def record() -> None:
        with writing(locate(freezing.url, wait=0.1)) as journal:
            journal.record(entry(raised()))

    with pytest.raises(DatabaseUnusable, match="it is not known whether it did"):
        record()


def test_a_server_that_thinks_for_long_is_waited_for(freezing: Freezing) -> None:
    with reading(locate(freezing.url, wait=0.1)) as reader:
        assert list(reader.rows("SELECT CAST(pg_sleep(2.5) AS text)")) == [("",)]


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
