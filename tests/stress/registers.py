"""Registers to be put under stress: in files or on a server, copied for each trial, looked at."""

import contextlib
import io
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import psycopg
from shared.servers import Server

from irbtrack.cli import main

DATABASES = ("sqlite", "postgresql")


class Found(NamedTuple):
    """What is in a database: its revision, or None if it has no register, and its entries."""

    revision: str | None
    digests: tuple[str, ...]


class Home(Protocol):
    """Where registers are: each is named by what is given to ``--database``."""

    def new(self, folder: Path) -> str:
        """Return the name of a register that isn't there yet."""
        ...

    def copy(self, register: str, folder: Path) -> str:
        """Return the name of a copy."""
        ...

    def look(self, register: str) -> Found:
        """Return what is in a database, without irbtrack, and change nothing."""
        ...

    def drop(self, register: str) -> None:
        """Take a register away, if that isn't done with its folder."""
        ...


NAME = "register.db"
_ENTRIES = "SELECT digest FROM entry ORDER BY id"


class Files:
    """Registers that are SQLite files."""

    def new(self, folder: Path) -> str:
        return str(folder / NAME)

    def copy(self, register: str, folder: Path) -> str:
        return str(shutil.copy(register, folder / NAME))

    def look(self, register: str) -> Found:
        """Look at a copy, because looking takes out again what a killed program had written."""
        if not Path(register).exists():
            return Found(None, ())
        with tempfile.TemporaryDirectory() as folder:
            for path in Path(register).parent.glob(f"{NAME}*"):
                shutil.copy(path, folder)
            with closing(sqlite3.connect(Path(folder, NAME))) as connection:
                try:
                    [(revision,)] = connection.execute("SELECT version_num FROM alembic_version")
                except sqlite3.OperationalError:  # no such table
                    return Found(None, ())
                return Found(revision, tuple(row[0] for row in connection.execute(_ENTRIES)))

    def drop(self, register: str) -> None:
        del register


class OnServer:
    """Registers that are databases of a PostgreSQL server, which is theirs alone."""

    def __init__(self) -> None:
        self.server = Server(Path(tempfile.gettempdir()) / f"irbtrack-stress-{os.getpid()}")

    def new(self, folder: Path) -> str:
        del folder
        return self.server.url(self.server.make())

    def copy(self, register: str, folder: Path) -> str:
        del folder
        return self.server.url(self.server.copy(self.name(register)))

    def look(self, register: str) -> Found:
        with psycopg.connect(register) as connection:
            try:
                rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            except psycopg.errors.UndefinedTable:
                return Found(None, ())
            digests = connection.execute(_ENTRIES).fetchall()
            return Found(rows[0][0], tuple(row[0] for row in digests))

    def drop(self, register: str) -> None:
        self.server.drop(self.name(register))

    @staticmethod
    def name(register: str) -> str:
        """Return which database of the server a register is."""
        return str(psycopg.conninfo.conninfo_to_dict(register)["dbname"])

    def end_connections(self, register: str) -> None:
        """End every connection to a register, as a server does that is shut down."""
        self.server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{self.name(register)}'"
        )

    def wait_until_alone(self, register: str) -> None:
        """Wait until the server has noticed that a client is gone."""
        asking = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{self.name(register)}'"
        last = time.monotonic() + SECONDS
        while self.server.run(asking):
            assert time.monotonic() < last, "the server didn't notice that its client is gone"
            time.sleep(0.005)


SECONDS = 30
"""How long a server may take to notice that a client is gone."""


@cache
def home_of(database: str) -> Home:
    """Return where registers of a kind of database are."""
    return Files() if database == "sqlite" else OnServer()


class Said(NamedTuple):
    """How a command ended that ran within this process, and what it wrote."""

    code: int
    out: str
    err: str


def asked(register: str, *arguments: str) -> Said:
    """Run a command on a register within this process."""
    with quietly() as (out, err):
        code = main(["--database", register, *arguments])
    return Said(code, out.getvalue(), err.getvalue())


@contextmanager
def quietly() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    """Keep what is written in the block, in place of showing it."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


def done(register: str, *arguments: str) -> None:
    """Run a command that has to succeed."""
    said = asked(register, *arguments)
    assert said.code == 0, f"{' '.join(arguments)}: {said}"


RECORDED = (
    ("init", "--council", "Council"),
    ("directorate", "add", "finance", "Finance", "--on", "1/4/2022"),
    ("officer", "add", "ed-finance", "Executive", "--on", "1/4/2022", "--name", "Ann"),
    ("audit", "add", "Payroll", "--year", "22/23", "--on", "1/4/2022", "--status", "final"),
    *(
        (
            "action",
            "add",
            title,
            "--audit",
            "Payroll",
            "--priority",
            "high",
            "--raised",
            "1/5/2022",
            "--directorate",
            "finance",
            "--owner",
            "ed-finance",
            "--due",
            "31/8/2022",
        )
        for title in ("Reconcile", "Review", "Reclaim")
    ),
    ("snapshot", "take", "--as-of", "30/9/2022"),
)
"""What a small register has in it."""


def recorded(register: str) -> str:
    """Record a small register, and return its name."""
    for arguments in RECORDED:
        done(register, *arguments)
    return register


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder for a trial, with a place for temporary files beside it."""
    with tempfile.TemporaryDirectory(prefix="irbtrack-stress-") as made:
        folder = Path(made) / "office"
        folder.mkdir()
        (Path(made) / "tmp").mkdir()
        yield folder
