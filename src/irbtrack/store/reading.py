"""Open the database for reading, with plain SQL.

A SQLite file is read through the standard library's ``sqlite3``, because importing SQLModel
takes several times as long as everything else a reading command does. A server URL is read
through SQLAlchemy with the same SQL. So the SQL has to be portable: it has named parameters,
and no functions that only one dialect has.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from irbtrack.store.database import (
    Location,
    Reader,
    explained,
    refuse_unless_current,
    refuse_unless_file,
    revision_of,
    sqlite_parameters,
)
from irbtrack.store.waiting import begin


class _SqliteReader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        return self._connection.execute(sql, sqlite_parameters(parameters))


@contextmanager
def reading(location: Location) -> Iterator[Reader]:
    """Open the database for reading only. It is known to be at this program's revision.

    Raise :class:`DatabaseUnusable` if it is missing, a folder, locked, not a database, not
    irbtrack's, or of an older or newer revision than the program's.
    """
    with opened(location) as reader:
        refuse_unless_current(location, revision_of(location, reader))
        yield reader


@contextmanager
def opened(location: Location) -> Iterator[Reader]:
    """Open the database for reading only, at whatever revision it is."""
    with explained(location):
        if location.path is None:
            from irbtrack.store.server import server_reader

            with server_reader(location) as reader:
                yield reader
            return
        refuse_unless_file(location)
        connection = sqlite3.connect(location.path, isolation_level=None)
        try:
            connection.execute("PRAGMA query_only = ON")
            # All that is read is of one moment, which begins with the first statement.
            begin(connection, location, "BEGIN", "SELECT 1 FROM sqlite_master LIMIT 1")
            yield _SqliteReader(connection)
        finally:
            connection.close()
