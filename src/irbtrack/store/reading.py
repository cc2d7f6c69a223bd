"""Open the database for reading, with plain SQL.

A SQLite file is read through the standard library's ``sqlite3``, because importing SQLModel
takes several times as long as everything else a reading command does. A server URL is read
through SQLAlchemy with the same SQL. So the SQL has to be portable: it has named parameters,
and no functions that only one dialect has.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from irbtrack.errors import DatabaseUnusable, printable
from irbtrack.store import stamping
from irbtrack.store.database import (
    REVISION,
    Location,
    Reader,
    explained,
    is_driver_error,
    refuse_unless_current,
    refuse_unless_file,
    revision_of,
    sqlite_parameters,
    uri_of,
)
from irbtrack.store.waiting import begin


def _whatever(text: bytes) -> str:
    """Return a text, even one that is no UTF-8."""
    return text.decode(errors="surrogateescape")


class _SqliteReader:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        return self._connection.execute(sql, sqlite_parameters(parameters))


@contextmanager
def reading(
    location: Location,
    warn: Callable[[str], None] = lambda _: None,
    *,
    leniently: bool = False,
) -> Iterator[Reader]:
    """Open the database for reading only. It is known to be at this program's revision.

    ``warn`` is given a sentence if another program wrote to it. With ``leniently``, a text that is
    no UTF-8 is read, too.

    Raise :class:`DatabaseUnusable` if it is missing, a folder, locked, not a database, not
    irbtrack's, or of an older or newer revision than the program's, or if a value in it can't be
    read.
    """
    strange = None
    try:
        with (
            stamping.counting(location.path) as counted,
            readable(location),
            opened(location, leniently=leniently) as reader,
        ):
            refuse_unless_current(location, revision_of(location, reader))
            strange = stamping.strange_write(location, reader, counted())
            yield reader
    finally:
        if strange:  # it is said when the database is closed, because whoever reads may be slow
            warn(strange)


MISREADING = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What is raised by a value that isn't what it should be, wherever it is used."""


@contextmanager
def readable(location: Location) -> Iterator[None]:
    """Name the value that can't be read, in place of the error that it caused.

    Only if the database is as it was recorded is the error a fault of the program, and passes
    unchanged.
    """
    try:
        yield
    except Exception as error:
        if not isinstance(error, MISREADING) and not is_driver_error(error):
            raise
        from traceback import clear_frames  # only a fault needs it

        clear_frames(error.__traceback__)  # a query that goes on keeps the database open
        if (wrong := _first_wrong(location)) is not None:
            raise DatabaseUnusable(f"{location} cannot be read: {wrong}") from error
        raise


def _first_wrong(location: Location) -> str | None:
    """Return what is wrong with a database and what to do, or None if nothing is wrong."""
    from irbtrack.store.integrity import findings

    try:
        with opened(location, leniently=True) as reader:
            if revision_of(location, reader) == REVISION:
                wrong = next((printable(one.wrong) for one in findings(reader)), None)
                return wrong and f"{wrong}; 'irbtrack db verify' says what to do"
    except Exception as error:
        if is_driver_error(error):
            said = str(getattr(error, "orig", None) or error).partition("\n")[0]
            return f"the database says {printable(said)}; restore it from a backup"
        raise
    return None


@contextmanager
def opened(location: Location, *, leniently: bool = False) -> Iterator[Reader]:
    """Open the database for reading only, at whatever revision it is.

    With ``leniently``, a text that is no UTF-8 is read, too.
    """
    with explained(location):
        if location.path is None:
            from irbtrack.store.server import server_reader

            with server_reader(location) as reader:
                yield reader
            return
        refuse_unless_file(location)
        with stamping.counting(location.path), closing(_connected(location)) as connection:
            if leniently:
                connection.text_factory = _whatever
            connection.execute("PRAGMA query_only = ON")
            # All that is read is of one moment, which begins with the first statement.
            begin(connection, location, "BEGIN", "SELECT 1 FROM sqlite_master LIMIT 1")
            yield _SqliteReader(connection)


def _connected(location: Location) -> sqlite3.Connection:
    assert location.path is not None, "only a file is read through sqlite3"
    return sqlite3.connect(uri_of(location.path), uri=True, isolation_level=None)
