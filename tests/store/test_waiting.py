"""Other programs that hold the database: they are waited for, and it is said who they are."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from shared.servers import Server
from shared.strategies import entry, raised

from irbtrack.errors import DatabaseUnusable
from irbtrack.store import waiting
from irbtrack.store.database import Location
from irbtrack.store.reading import reading
from irbtrack.store.waiting import holder_of
from irbtrack.store.write import writing

IN_USE = "is in use by another program; try again in a moment"

HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
print("held", flush=True)
sys.stdin.readline()
"""


@contextlib.contextmanager
def held(path: Path, how: str = "BEGIN IMMEDIATE") -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds a file until a line is written to it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.communicate("\n")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Say at once for whom a command waits."""
    monkeypatch.setattr(waiting, "SAID_AFTER", 0.02)


@pytest.mark.files
@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("how", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_writer_waits_for_another_and_says_for_whom(how: str, database: Location) -> None:
    said: list[str] = []
    assert database.path is not None
    with held(database.path, how) as other:

        def let_go(sentence: str) -> None:
            said.append(sentence)
            other.communicate("\n")

        with writing(database._replace(say=let_go)) as journal:
            assert journal.record(entry(raised())) == 1
    holder = f"process {other.pid} of {Path('/proc/self').owner()}"
    expected = holder if Path("/proc/locks").exists() else "another program"
    assert said == [f"{database} is in use; waiting for {expected}"]


@pytest.mark.files
@pytest.mark.usefixtures("at_once")
def test_a_reader_waits_too(database: Location) -> None:
    said: list[str] = []
    assert database.path is not None
    with held(database.path, "BEGIN EXCLUSIVE") as other:

        def let_go(sentence: str) -> None:
            said.append(sentence)
            other.communicate("\n")

        with reading(database._replace(say=let_go)) as reader:
            assert list(reader.rows("SELECT count(*) FROM entry")) == [(0,)]
    assert len(said) == 1


@pytest.mark.files
@pytest.mark.parametrize("opening", [reading, writing])
def test_who_has_waited_long_enough_is_refused(opening: object, database: Location) -> None:
    assert database.path is not None
    with (
        held(database.path, "BEGIN EXCLUSIVE"),
        pytest.raises(DatabaseUnusable, match=IN_USE),
        opening(database._replace(wait=0.05)),  # type: ignore[operator]
    ):
        pass


def test_a_system_that_does_not_tell_holders_says_another_program(tmp_path: Path) -> None:
    path = tmp_path / "irbtrack.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (id)")
    assert holder_of(path, tmp_path / "none") == "another program"
    odd = tmp_path / "locks"
    odd.write_text("1: what\n2: POSIX ADVISORY WRITE x y z 0\n", encoding="ascii")
    assert holder_of(path, odd) == "another program"
    assert holder_of(tmp_path / "gone", odd) == "another program"


@contextlib.contextmanager
def locked(server: Server, name: str) -> Iterator[psycopg.Connection]:
    """Another program's connection, which holds the register until it is closed."""
    with psycopg.connect(server.url(name) + "&application_name=other") as connection:
        connection.execute("LOCK TABLE entry IN SHARE ROW EXCLUSIVE MODE")
        yield connection


@pytest.mark.usefixtures("at_once")
def test_a_servers_writer_waits_and_says_for_whom(server: Server, on_server: str) -> None:
    said: list[str] = []
    location = server.location(on_server)
    with locked(server, on_server) as other:
        process = other.info.backend_pid

        def let_go(sentence: str) -> None:
            said.append(sentence)
            threading.Timer(0.05, other.rollback).start()

        with writing(location._replace(say=let_go)) as journal:
            assert journal.record(entry(raised())) == 1
    assert said == [f"{location} is in use; waiting for other (process {process} of postgres)"]


def test_a_servers_writer_is_refused_in_the_end_and_readers_go_on(
    server: Server, on_server: str
) -> None:
    location = server.location(on_server, wait=0.05)
    with locked(server, on_server):
        with reading(location) as reader:
            assert list(reader.rows("SELECT count(*) FROM entry")) == [(0,)]
        with pytest.raises(DatabaseUnusable, match=IN_USE), writing(location):
            pass


def test_nothing_on_a_server_takes_for_ever(server: Server, on_server: str) -> None:
    location = server.location(on_server, wait=5)
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    for opening in (reading, writing):
        with opening(location) as reader:  # type: ignore[operator]
            for name in names:
                [(limit,)] = reader.rows(f"SELECT current_setting('{name}')")
                assert limit != "0", name
            [(program,)] = reader.rows("SELECT current_setting('application_name')")
            assert program.startswith("irbtrack")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs many processes")
def test_many_writers_at_once_lose_nothing(server: Server, on_server: str) -> None:
    """The short form of ``poe stress writers``, without starting programs."""
    location, refused = server.location(on_server), list[BaseException]()

    def record(number: int) -> None:
        try:
            for turn in range(5):
                with writing(location) as journal:
                    journal.record(entry(raised(f"{number}-{turn}")))
        except BaseException as error:
            refused.append(error)

    threads = [threading.Thread(target=record, args=(number,)) for number in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert refused == []
    with reading(location) as reader:
        assert list(reader.rows("SELECT max(id), count(*) FROM entry")) == [(30, 30)]
