"""Open databases with SQLAlchemy, to write to any of them or to read from a server.

Importing this module imports SQLAlchemy, so whatever only reads a file doesn't import it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from irbtrack.errors import DatabaseUnusable
from irbtrack.store.database import Location, Reader, sqlite_parameters

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
        URL.create("sqlite", database=str(location.path)),  # a name may hold ? and %
        poolclass=NullPool,
        connect_args={"isolation_level": None, "timeout": location.wait},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        for setting in PRAGMAS:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _immediately(connection: Connection) -> None:
        # A read-then-write transaction that began DEFERRED would fail at once when another
        # writer is at work, whatever the busy timeout.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _server_engine(location: Location) -> Engine:
    try:
        url = make_url(location.url)
        if url.get_backend_name() != "postgresql":
            raise DatabaseUnusable(
                f"{location} is neither a SQLite file nor a PostgreSQL server; give a path"
                " or postgresql://USER@HOST/NAME"
            )
        return create_engine(
            url.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseUnusable(
            f"{location} is not the URL of a database; give a path or postgresql://USER@HOST/NAME"
        ) from error
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            "PostgreSQL needs its driver; pip install 'irbtrack[postgresql]' adds it"
        ) from error


@contextmanager
def of_one_moment(location: Location) -> Iterator[Connection]:
    """Open a transaction on a server that only reads, and all it reads is of one moment."""
    with engine_for(location).connect() as connection:
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        yield connection


@contextmanager
def server_reader(location: Location) -> Iterator[Reader]:
    """Open a reader of a server, in one transaction."""
    with of_one_moment(location) as connection:
        yield ConnectionReader(connection)
