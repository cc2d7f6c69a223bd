"""Open databases with SQLAlchemy, to write to any of them or to read from a server.

Importing this module imports SQLAlchemy, so whatever only reads a file doesn't import it.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from math import ceil
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    RootTransaction,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from irbtrack.errors import DatabaseUnusable
from irbtrack.store.addresses import without_secrets
from irbtrack.store.database import Location, Reader, sqlite_parameters, uri_of
from irbtrack.store.waiting import begin, in_turn

WORK_SECONDS = 600
"""How long a server lets a statement take, or a transaction wait for its program."""

logging.getLogger("sqlalchemy").addHandler(logging.NullHandler())  # what it logs, it raises too

PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",  # what is erased is not left in free pages
    "synchronous = EXTRA",  # a commit is safe from a loss of power once the folder is synced too
)
"""What is set on each connection to a SQLite file that may write."""


class ConnectionReader:
    """A connection that answers SQL as :class:`irbtrack.store.database.Reader` says."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query, as plain tuples."""
        if self._connection.dialect.name == "sqlite":
            # The driver takes the SQL as it is; compiling it would cost a millisecond a query.
            result = self._connection.exec_driver_sql(sql, sqlite_parameters(parameters))
        else:
            query = text(sql).execution_options(stream_results=True)
            result = self._connection.execute(query, parameters)
        return (tuple(row) for row in result)


def engine_for(location: Location) -> Engine:
    """Return an engine without a pool, whose errors don't show what was to be written.

    On SQLite it sets :data:`PRAGMAS`, and its transactions begin IMMEDIATE. The driver's own
    transactions are off, because they begin late and commit before DDL.
    """
    if location.path is None:
        return _server_engine(location)
    engine = create_engine(
        "sqlite://",
        creator=partial(sqlite3.connect, uri_of(location.path), uri=True, isolation_level=None),
        poolclass=NullPool,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        begin(connection, location, *(f"PRAGMA {setting}" for setting in PRAGMAS))

    @event.listens_for(engine, "begin")
    def _immediately(connection: Connection) -> None:
        # A read-then-write transaction that began DEFERRED would fail at once when another
        # writer is at work, however long it may wait.
        driver: Any = connection.connection.driver_connection
        begin(driver, location, "BEGIN IMMEDIATE")

    return engine


def _server_engine(location: Location) -> Engine:
    """Return an engine for a server, with limits on how long anything may take.

    A connection and a lock may take as long as ``location.wait``. A statement and a transaction
    that waits for its program may take that and :data:`WORK_SECONDS`. A server that has been
    silent for ``location.wait`` has to take another connection.
    """
    try:
        url = make_url(location.url).set(drivername="postgresql+psycopg")
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    except ArgumentError as error:
        raise _not_connected(location, error) from error
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            "PostgreSQL needs its driver; pip install 'irbtrack[postgresql]' adds it"
        ) from error
    limits = {
        "lock_timeout": location.wait,
        "statement_timeout": location.wait + WORK_SECONDS,
        "idle_in_transaction_session_timeout": location.wait + WORK_SECONDS,
    }
    patience = max(2, ceil(location.wait))
    given = {
        "client_encoding": "utf8",  # whatever PGCLIENTENCODING says
        "connect_timeout": patience,
        "fallback_application_name": _application(),
    }

    @event.listens_for(engine, "do_connect")
    def _connected(_: Any, __: Any, arguments: Any, parameters: Any) -> Any:
        from irbtrack.store.hearing import HearingConnection

        another = partial(HearingConnection.connect, *arguments, **{**given, **parameters})
        try:
            connection = another()
        except Exception as error:
            raise _not_connected(location, error) from error
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise DatabaseUnusable(
                f"{location} keeps its texts in {encoding}, which lacks characters that people"
                " type; make one for the register with 'createdb --encoding UTF8 --template"
                " template0'"
            )
        connection.heard_by(patience, limits["statement_timeout"] + patience, another)
        return connection

    @event.listens_for(engine, "begin")
    def _limited(connection: Connection) -> None:
        # SET takes no snapshot, so that a lock may still come before one is taken. A writer has
        # to see what was recorded while it waited, whatever level the server prefers.
        settings = (f"SET LOCAL {name} = {ceil(s * 1000)}" for name, s in limits.items())
        connection.exec_driver_sql(
            "; ".join(["SET TRANSACTION ISOLATION LEVEL READ COMMITTED", *settings])
        )

    return engine


def _not_connected(location: Location, error: Exception) -> DatabaseUnusable:
    said = without_secrets(location.url, " ".join(str(error).split()))
    return DatabaseUnusable(f"{location} cannot be connected to: {said}")


def _application() -> str:
    """Return what a server's list of connections shows: the program, and who uses it."""
    from getpass import getuser

    try:
        return f"irbtrack {getuser()}"
    except (OSError, KeyError, ImportError):
        return "irbtrack"


@contextmanager
def of_one_moment(location: Location) -> Iterator[Connection]:
    """Open a transaction on a server that only reads, and all it reads is of one moment.

    Nothing is lost if the server is gone by the time that the transaction ends.
    """
    connection = engine_for(location).connect()
    try:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection
    finally:
        with suppress(DBAPIError):
            connection.close()


@contextmanager
def server_reader(location: Location) -> Iterator[Reader]:
    """Open a reader of a server, in one transaction."""
    with of_one_moment(location) as connection:
        yield ConnectionReader(connection)


def commit(location: Location, transaction: RootTransaction) -> None:
    """End a write. If a server is lost meanwhile, say that it isn't known what it did."""
    try:
        transaction.commit()
    except OperationalError as error:
        if location.path is not None or getattr(error.orig, "sqlstate", None):
            raise
        raise DatabaseUnusable(
            f"{location} went away while it stored something, and it is not known whether it did;"
            " 'irbtrack history' tells"
        ) from error


def take_turn(location: Location, connection: Connection) -> None:
    """Wait until no other program writes to the server's register, and keep others waiting.

    Readers aren't kept waiting.
    """

    def attempt(seconds: float) -> None:
        connection.exec_driver_sql(
            f"SAVEPOINT turn; SET LOCAL lock_timeout = {ceil(seconds * 1000)}"
        )
        try:
            connection.exec_driver_sql("SELECT irbtrack_take_turn()")
        except Exception as error:
            if is_taken(error):
                connection.exec_driver_sql("ROLLBACK TO SAVEPOINT turn; RELEASE SAVEPOINT turn")
            raise
        # what is written is of the transaction itself, for the server's functions
        connection.exec_driver_sql("RELEASE SAVEPOINT turn")

    def is_taken(error: Exception) -> bool:
        return getattr(getattr(error, "orig", None), "sqlstate", None) == LOCK_NOT_AVAILABLE

    def holder() -> str:
        held = connection.exec_driver_sql(
            "SELECT a.application_name, a.usename, a.pid"
            " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.relation = 'entry'::regclass AND l.granted AND l.pid <> pg_backend_pid()"
            " AND l.mode LIKE '%%Exclusive%%' AND l.mode NOT LIKE 'Row%%'"
        ).first()
        if held is None:
            return "another program"
        program, user, process = held
        return f"{program or 'a program'} (process {process} of {user})"

    in_turn(location, attempt, is_taken, holder)


LOCK_NOT_AVAILABLE = "55P03"
