"""Find the database, check that it can be used, and explain the errors of its driver."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from irbtrack.errors import DatabaseUnusable, Misused, listed, printable, quoted
from irbtrack.file_rights import is_planted
from irbtrack.store.addresses import is_url, read_url, shown_url, without_secrets

REVISION = "0009"
"""The newest migration this program knows; a test holds it against ``migrations/``."""

WAIT_SECONDS = 30.0
"""How many seconds a command waits for another program that holds the database."""


def _silently(_: str) -> None:
    """Say nothing."""


class Location(NamedTuple):
    """Where a database is: a SQLite file at ``path``, or else a server's database at ``url``.

    ``wait`` is how many seconds a command waits for another program that holds the database,
    and ``say`` is told for whom it waits.
    """

    path: Path | None
    url: str = ""
    wait: float = WAIT_SECONDS
    say: Callable[[str], None] = _silently

    def __str__(self) -> str:
        """Return the database as it may be shown, without a user's name or password."""
        return printable(str(self.path)) if self.path is not None else shown_url(self.url)


def locate(
    named: str | None, wait: float = WAIT_SECONDS, say: Callable[[str], None] = _silently
) -> Location:
    """Return the database that ``--database`` or ``IRBTRACK_DATABASE`` names: a URL or a path.

    With neither it is ``irbtrack.db`` in the user's data folder. Raise :class:`DatabaseUnusable`
    for a URL that isn't one of PostgreSQL.
    """
    file = named.removeprefix("sqlite:///") if named else ""
    if named and file == named and is_url(named):
        return Location(None, read_url(named), wait, say)
    if named:
        path = _path(file)
    else:
        from platformdirs import user_data_path  # 20 ms that --database saves

        path = user_data_path("irbtrack", appauthor=False).absolute() / "irbtrack.db"
    return Location(path, wait=wait, say=say)


def _path(named: str) -> Path:
    """Return the whole path of a file that is named from the folder in which the program runs."""
    try:
        return Path(named).expanduser().absolute()
    except RuntimeError:
        raise Misused(
            f"{quoted(named)} names the home of a user who isn't known; give the whole path"
        ) from None
    except FileNotFoundError:
        raise DatabaseUnusable(
            f"{quoted(named)} is meant from a folder that is gone; change to another, or give the"
            " whole path"
        ) from None


def uri_of(path: Path) -> str:
    """Return the URI with which SQLite opens a file, and doesn't make one that isn't there."""
    return f"{path.absolute().as_uri()}?mode=rw"


class Reader(Protocol):
    """Something that answers SQL: a file opened for reading, a server, or a write under way."""

    def rows(self, sql: str, **parameters: Any) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a query with ``:named`` parameters; dates and moments may be given."""
        ...

    def __hash__(self) -> int:
        """Return the hash by which it can be told from others."""
        ...


def sqlite_parameters(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as SQLite stores them: dates as ISO text, moments as naive UTC text."""
    return {name: sqlite_value(value) for name, value in parameters.items()}


def sqlite_value(value: Any) -> Any:
    """Return a value as SQLite keeps it: a date or a moment as text, anything else as it is."""
    if not isinstance(value, date):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat()


def as_date(value: Any) -> date | None:
    """Return a date column's value, whichever way the database gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def as_moment(value: Any) -> datetime:
    """Return a moment column's value as an aware UTC moment, however it is given."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def refuse_unless_file(location: Location) -> None:
    """Raise :class:`DatabaseUnusable` if a SQLite path is missing, a folder, or planted."""
    path = location.path
    if path is None:
        return
    if any(map(is_planted, (path, path.with_name(f"{path.name}-journal")))):
        raise DatabaseUnusable(
            f"{location} belongs to somebody else, in a folder to which everybody can write; keep"
            " it in a folder of your own, or in one of a group"
        )
    if path.is_file():
        return
    if path.is_dir():
        raise DatabaseUnusable(f"{location} is a folder; name a database file with --database")
    raise DatabaseUnusable(f"there is no database at {location}; 'irbtrack init' makes one")


def revision_of(location: Location, reader: Reader) -> str:
    """Return the database's migration; raises if it isn't one of irbtrack's."""
    try:
        found = [str(row[0]) for row in reader.rows("SELECT version_num FROM alembic_version")]
    except Exception as error:
        if _is_missing_table(error):
            found = []
        else:
            raise
    if len(found) != 1 or not re.fullmatch(r"\d{4}", found[0], re.ASCII):
        if _has_journal(reader):
            said = listed(map(quoted, sorted(found)), "and") if found else "none"
            where = "in its place" if location.path else "into an empty database"
            raise DatabaseUnusable(
                f"{location} is a register, but the revision of its tables is not one that"
                f" irbtrack made: it is {said}; restore a backup {where}"
            )
        raise DatabaseUnusable(
            f"{location} is a database, but not one of irbtrack's; name another with --database,"
            " or make one with 'irbtrack init'"
        )
    return found[0]


def _has_journal(reader: Reader) -> bool:
    """Return whether a database has a journal like irbtrack's, whatever else it has."""
    try:
        return any(reader.rows("SELECT e.digest, c.fields FROM entry e JOIN change c ON TRUE"))
    except Exception as error:
        if not is_driver_error(error):
            raise
        return False


def _is_missing_table(error: Exception) -> bool:
    text = str(error)
    return "no such table" in text or "does not exist" in text


def refuse_unless_current(location: Location, revision: str) -> None:
    """Raise :class:`DatabaseUnusable` unless ``revision`` is this program's."""
    if revision < REVISION:
        raise DatabaseUnusable(
            f"{location} is at revision {revision}, and this irbtrack needs {REVISION};"
            " 'irbtrack db upgrade' brings it up to date"
        )
    if revision > REVISION:
        raise DatabaseUnusable(
            f"{location} is at revision {revision}, newer than this irbtrack knows ({REVISION});"
            " install the newer irbtrack that wrote it"
        )


IN_USE = "{} is in use by another program; try again in a moment"

GONE = (
    "{} was moved or removed meanwhile; put it back, and 'irbtrack history' tells what was stored"
)

DISK_FAILED = (
    "{} could not be read from or written to its disk; look at the disk, and 'irbtrack history'"
    " tells what was stored"
)

_EXPLANATIONS = (
    ("locked", IN_USE),
    ("readonly", "{} is read-only; ask for permission to write to it and to its folder"),
    ("read-only", "{} is read-only; ask for permission to write to it and to its folder"),
    ("not a database", "{} is not a database; name another with --database"),
    ("malformed", "{} is damaged; restore it from a backup"),
    ("unable to open", "{} cannot be opened; look at its permissions and its folder's"),
    ("disk is full", "there is no room left on the disk of {}; make some and try again"),
    ("disk I/O error", DISK_FAILED),
)

_SERVER_STATES = {
    "22P05": "{} cannot keep the character NUL; leave it out of what is to be recorded",
    "25006": "{} is read-only; ask whoever looks after the server where it can be written to",
    "25P03": "{} ended a transaction that was idle for too long; nothing was stored",
    "2BP01": "{} has what another program built on irbtrack's tables or views ({detail}); drop it,"
    " do this again, and then make it again; nothing was changed",
    "40001": IN_USE,
    "40P01": IN_USE,
    "42501": "{} does not give its user the right to do that; its owner has it, and gives the right"
    " to record with 'irbtrack db grant'",
    "53100": "there is no room left on the disk of {}; make some and try again",
    "55P03": IN_USE,
    "57014": "{} took longer over a statement than it may; nothing was stored",
    "57P01": "{} was shut down meanwhile; nothing was stored",
}
"""What a PostgreSQL server's SQLSTATE means. It says ``detail`` of some."""


@contextmanager
def explained(location: Location) -> Iterator[None]:
    """Turn what the database's driver says of the file or server into a plain sentence.

    Faults of the program itself, such as bad SQL or a broken constraint, pass unchanged.
    """
    try:
        yield
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise DatabaseUnusable(
            f"{location} cannot be opened ({why}); look at its permissions and its folder's"
        ) from error
    except Exception as error:
        if not is_driver_error(error):
            raise
        orig = getattr(error, "orig", None) or error
        said = str(orig)
        if location.url:
            said = without_secrets(location.url, " ".join(said.split()))
        state = getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None) or ""
        if sentence := _SERVER_STATES.get(state):
            detail = getattr(getattr(orig, "diag", None), "message_detail", None) or ""
            told = sentence.format(location, detail=printable("; ".join(detail.splitlines())))
            raise DatabaseUnusable(told) from error
        is_missing = state == "SQLITE_CANTOPEN" and location.path and not location.path.exists()
        if is_missing or state == "SQLITE_READONLY_DBMOVED":
            raise DatabaseUnusable(GONE.format(location)) from error
        for sign, explanation in _EXPLANATIONS:
            if sign in said:
                raise DatabaseUnusable(explanation.format(location)) from error
        if location.path is None and type(error).__name__ in ("OperationalError", "InterfaceError"):
            raise DatabaseUnusable(f"{location} does not answer: {said}") from error
        raise


def is_driver_error(error: Exception) -> bool:
    """Return whether an error comes from sqlite3 or SQLAlchemy, without importing the latter."""
    return isinstance(error, sqlite3.Error) or any(
        kind.__module__.startswith("sqlalchemy") and kind.__name__ == "DBAPIError"
        for kind in type(error).__mro__
    )
