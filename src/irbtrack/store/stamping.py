"""Stamp the database at the end of each write, so that what another program wrote is noticed.

The header of a SQLite file counts the commits that changed it. A write of irbtrack's leaves in
the stamp what the counter will be after its commit. It adds one to what the stamp said before.
So what another program wrote in between is noticed until ``irbtrack db verify`` has found all as
it should be, and stamps the file anew.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from irbtrack.domain.journal import NO_DIGEST, lines_digest
from irbtrack.store.database import (
    Location,
    Reader,
    as_moment,
    explained,
    sqlite_value,
    uri_of,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection  # takes longer to import than to read

COUNTER = slice(24, 28)
"""Where the header of a SQLite file counts the commits."""

JOURNAL_MODE = slice(18, 20)
"""Where the header says how the file is written to; with a write-ahead log nothing is counted."""

_OPEN: dict[Path, tuple[BinaryIO, int]] = {}
"""The files that this process has open as databases, and how often."""

_OPENING = Lock()


@contextmanager
def counting(path: Path | None) -> Iterator[Callable[[], int | None]]:
    """Give what says how many commits have changed a file, from before it is opened as a database.

    In a transaction nobody else can change that. It says None where nothing is counted, as on a
    server. POSIX has a process lose its locks on a file when it closes the file, however often it
    has it open; so a file stays open here until nobody has it open as a database any more.
    """
    if path is None or not _taken(path):
        yield lambda: None
        return
    try:
        yield partial(_counter, _OPEN[path][0])
    finally:
        with _OPENING:
            file, often = _OPEN.pop(path)
            if often > 1:
                _OPEN[path] = file, often - 1
            else:
                file.close()


def _taken(path: Path) -> bool:
    """Count that a file is open once more, and return whether it can be opened."""
    with _OPENING:
        try:
            file, often = _OPEN.get(path) or (path.open("rb", buffering=0), 0)
        except OSError:
            return False  # whoever opens it as a database says why it can't be opened
        _OPEN[path] = file, often + 1
    return True


def _counter(file: BinaryIO) -> int | None:
    file.seek(0)
    header = file.read(100)
    if header[JOURNAL_MODE] == b"\x02\x02":
        return None
    return int.from_bytes(header[COUNTER], "big")


def counter_in(path: Path | None) -> int | None:
    """Return how many commits have changed a file. None if that can't be said."""
    with counting(path) as counted:
        return counted()


class Stamp(NamedTuple):
    """What irbtrack's last write left; see :class:`irbtrack.store.tables.StampRow`."""

    id: int
    entry: int
    digest: str
    people: str
    counter: int
    writing: int


def stamps(reader: Reader) -> list[Stamp]:
    """Return the rows of the stamp, of which there should be one."""
    return [Stamp(*row) for row in reader.rows(f"SELECT {', '.join(Stamp._fields)} FROM stamp")]


def strange_write(location: Location, reader: Reader, counter: int | None) -> str | None:
    """Return what is to be said of another program's write to the database; None if none is known.

    ``counter`` is what the file's header says. Nothing is counted with a write-ahead log, which
    irbtrack never has a file written with: so another program wrote to the file.
    """
    found = stamps(reader)
    since = f"entry {found[0].entry}" if len(found) == 1 else "irbtrack last wrote to it"
    if len(found) == 1:
        [stamp] = found
        fits = (stamp.entry, stamp.digest) == end_of_journal(reader)
        is_counted = location.path is None or counter == stamp.counter
        if fits and not stamp.writing and is_counted:
            return None
    return (
        f"{location} was written to by another program since {since};"
        " 'irbtrack db verify' says whether it is as irbtrack recorded it"
    )


def end_of_journal(reader: Reader) -> tuple[int, str]:
    """Return the number and the digest of the last entry; of an empty journal 0 and no digest."""
    rows = reader.rows("SELECT id, digest FROM entry ORDER BY id DESC LIMIT 1")
    return next(((number, digest) for number, digest in rows), (0, NO_DIGEST))


def people_digest(reader: Reader) -> str | None:
    """Return the digest of what is kept of people, or None if that can't be read."""
    try:
        return lines_digest(
            [
                *reader.rows("SELECT officer, name, email FROM person"),
                *reader.rows("SELECT 'recorder', ref, login, pseudonym FROM recorder"),
                *(
                    (*copy, sqlite_value(as_moment(made_at)))
                    for *copy, made_at in reader.rows(
                        "SELECT machine, place, holds, made_by, made_at FROM copy_made"
                    )
                ),
            ]
        )
    except (AttributeError, TypeError, ValueError):
        return None


def is_open(connection: "Connection") -> bool:
    """Begin a write of irbtrack's, and return whether the stamp lets it."""
    return connection.exec_driver_sql("UPDATE stamp SET writing = 1").rowcount == 1


def close(connection: "Connection", reader: Reader, people: str | None = None) -> None:
    """End a write of irbtrack's. ``people`` is the digest of those that it left, if it did so."""
    from sqlalchemy import text

    entry, digest = end_of_journal(reader)
    left: dict[str, Any] = {"entry": entry, "digest": digest}
    if people is not None:
        left["people"] = people
    values = ", ".join(f"{name} = :{name}" for name in left)
    connection.execute(text(f"UPDATE stamp SET writing = 0, counter = counter + 1, {values}"), left)


def count_another(connection: "Connection") -> None:
    """Count a commit of irbtrack's that could leave no stamp, and the one of this transaction."""
    connection.exec_driver_sql("UPDATE stamp SET counter = counter + 2")


def open_anew(
    connection: "Connection", reader: Reader, counter: int, people: str | None = None
) -> None:
    """Begin a write of irbtrack's to a database that has no stamp, or none that holds.

    ``people`` is the digest of people that irbtrack left, if that is to be kept.
    """
    from sqlalchemy import text

    people = people or people_digest(reader) or ""
    stamp = Stamp(1, *end_of_journal(reader), people, counter, 1)
    named = ", ".join(f":{name}" for name in Stamp._fields)
    connection.exec_driver_sql("DELETE FROM stamp")
    connection.execute(text(f"INSERT INTO stamp VALUES ({named})"), stamp._asdict())


def stamp(location: Location, verified: int | None = None) -> bool:
    """Stamp a database as it is, because all in it is right, and return whether that was done.

    A file that another program had written with a write-ahead log is written without one again.
    ``verified`` is the counter that its header had when it was verified. If it has another one by
    now, nothing is done.
    """
    from irbtrack.store.server import ConnectionReader, engine_for

    with (
        counting(location.path) as counted,
        explained(location),
    ):
        if location.path is not None and counted() is None:
            _end_wal(location)
        with engine_for(location).connect() as connection, connection.begin():
            counter = counted()
            is_another = verified not in (None, counter)
            if is_another or (location.path is not None and counter is None):
                return False
            reader = ConnectionReader(connection)
            open_anew(connection, reader, counter or 0)
            close(connection, reader)
    return True


def _end_wal(location: Location) -> None:
    """Have a file written without a write-ahead log, which needs nobody else to have it open."""
    assert location.path is not None, "a server has its own log"
    with closing(sqlite3.connect(uri_of(location.path), uri=True, timeout=location.wait)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
