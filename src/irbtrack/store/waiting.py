"""Wait for another program that holds the database, and say for whom."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from irbtrack.store.database import Location

SAID_AFTER = 2.0
"""After how many seconds it is said for whom a command waits."""

PENDING_BYTE = 0x40000000
"""Where SQLite's locks on its file begin; the byte is never written to."""


def in_turn(
    location: Location,
    attempt: Callable[[float], None],
    is_taken: Callable[[Exception], bool],
    holder: Callable[[], str],
) -> None:
    """Make an attempt that waits for so many seconds: a short one, and one for the rest.

    Between the two it is said for whom the command waits. The last attempt's error is raised.
    """
    first = min(SAID_AFTER, location.wait)
    try:
        attempt(first)
    except Exception as error:
        if first == location.wait or not is_taken(error):
            raise
        location.say(f"{location} is in use; waiting for {holder()}")
        attempt(location.wait - first)


def begin(connection: sqlite3.Connection, location: Location, *statements: str) -> None:
    """Begin a transaction on a file, or only look at it, with statements that need its lock.

    SQLite's own way of waiting sleeps for longer the longer it has waited, so that whoever comes
    last wins. Here a program tries more often the longer it has waited.
    """
    assert location.path is not None, "a file has a path"
    path, begun = location.path, time.monotonic()

    def attempt(seconds: float) -> None:
        last = time.monotonic() + seconds
        while True:
            try:
                for statement in statements:
                    connection.execute(statement)
                return
            except sqlite3.OperationalError as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if not _is_locked(error) or time.monotonic() >= last:
                    raise
            import random  # costs more than opening the file, and few have to wait

            often = random.uniform(0.01, 0.05) / (1 + time.monotonic() - begun)  # noqa: S311
            time.sleep(max(0.001, often))

    connection.execute("PRAGMA busy_timeout = 0")
    in_turn(location, attempt, _is_locked, lambda: holder_of(path))
    connection.execute(f"PRAGMA busy_timeout = {round(location.wait * 1000)}")  # for the commit


def _is_locked(error: Exception) -> bool:
    return "locked" in str(error)


def holder_of(path: Path, locks: Path = Path("/proc/locks")) -> str:
    """Return who holds SQLite's lock on a file, as far as the system tells.

    The file itself mustn't be opened for this, because closing it would give up our own locks.
    """
    try:
        there = path.stat()
        file = f"{os.major(there.st_dev):02x}:{os.minor(there.st_dev):02x}:{there.st_ino}"
        for line in locks.read_text(encoding="ascii").splitlines():
            _, kind, _, access, pid, of, start, *_ = line.replace("-> ", "").split()
            if (kind, access, of) == ("POSIX", "WRITE", file) and int(start) >= PENDING_BYTE:
                return f"process {pid} of {Path(f'/proc/{pid}').owner()}"
    except (OSError, KeyError, ValueError):
        pass  # another system, or a program that has just ended
    return "another program"
