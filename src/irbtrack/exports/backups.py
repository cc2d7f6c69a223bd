"""Keep backups as files: how they are named, which of them are kept, and how they come back."""

import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from irbtrack.errors import DatabaseUnusable, Misused, Refused, listed, quoted
from irbtrack.exports.files import make_folder, refuse_if_there, write_whole
from irbtrack.store.backup import (
    DUMP,
    SQLITE,
    Keep,
    back_up,
    copy_file,
    digests_of,
    fill,
    head_of_backup,
    put_in_place,
    register_dump,
    there_already,
)
from irbtrack.store.database import Location
from irbtrack.store.stamping import stamp

_NAME = re.compile(
    rf"irbtrack-\d{{4}}-\d\d-\d\dT\d{{6}}Z({re.escape(SQLITE)}|{re.escape(DUMP)})", re.ASCII
)
"""The names that backups get in a folder. Sorted, they are in the order of time."""


def moment_named(moment: datetime) -> str:
    """Return a moment as it stands in the name of a file.

    >>> moment_named(datetime(2026, 11, 28, 2, tzinfo=UTC))
    '2026-11-28T020000Z'
    """
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"


def is_folder(file: str) -> bool:
    """Return whether a folder is named, and not a file: one that is there, or ends as one."""
    return file.endswith(("/", os.sep)) or Path(file).is_dir()


def backup_file(file: str, location: Location, now: datetime, *, kept: bool) -> Path:
    """Return the file that a backup is written to, which isn't there yet.

    In a folder its name has the moment in it. It is a SQLite file if the register is one, and
    else a dump. Backups of which the newest are ``kept`` are in a folder, which is made. Raise
    :class:`Misused` for a name that is not such a one.
    """
    path = Path(file)
    if kept and not is_folder(file) and _ending(path):
        raise Misused("--keep goes with a folder, in which each backup has the moment in its name")
    if kept or is_folder(file):
        make_folder(path)
        path /= f"irbtrack-{moment_named(now)}{SQLITE if location.path else DUMP}"
    ending_of(path)
    refuse_if_there(path, "name another, or a folder, in which each backup gets a name of its own")
    return path


def ending_of(path: Path) -> str:
    """Return the ending of a backup's name. Raise :class:`Misused` if it is none of the two."""
    if ending := _ending(path):
        return ending
    raise Misused(
        f"{quoted(str(path))} does not say what kind of backup it is; end it in"
        f" {listed((SQLITE, DUMP))}, or name a folder"
    )


def _ending(path: Path) -> str | None:
    return next((one for one in (SQLITE, DUMP) if path.name.lower().endswith(one)), None)


def write_backup(location: Location, path: Path) -> None:
    """Write a backup whole and verified, or not at all."""
    write_whole(path, lambda to: back_up(location, to, ending_of(path)))


def remove_older(folder: Path, location: Location, keep: int) -> list[Path]:
    """Remove all but the newest backups of a register from a folder, and return which.

    What isn't named as a backup is in a folder, or can't be read as one of this register, stays.
    So does what a copy of the register recorded: a backup of this one ends with one of its entries.
    """
    recorded = digests_of(location)
    named = sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    ours = [path for path in named if (head := head_of_backup(path)) and head.digest in recorded]
    for path in ours[keep:]:
        with suppress(FileNotFoundError):
            path.unlink()
    return ours[keep:]


def file_beside(location: Location, folder: Path | None, what: str, now: datetime) -> Path:
    """Return a file for a register as it is now, which isn't there yet.

    ``what`` says in its name why it is kept. Without a folder it is beside the register's own file,
    or for a server's in the current one.
    """
    path = location.path
    folder = folder or (path.parent if path else Path())
    stem, ending = (path.stem, SQLITE) if path else ("irbtrack", DUMP)
    kept = folder / f"{stem}-{what}-{moment_named(now)}{ending}"
    refuse_if_there(kept, "try again in a second")
    return kept


def keep_as(path: Path) -> Keep:
    """Return what keeps a register in a file before another takes its place."""
    return lambda writer: write_whole(path, writer)


def put_register(whole: Location, location: Location, former: Path | None) -> None:
    """Put a register where none is, or where ``former`` is to keep the one that is there."""
    path = location.path
    if path is None:
        with register_dump(whole, verified=True) as dump:
            fill(location, dump, str(whole), keep_as(former) if former else None, "was restored")
    elif is_there(location):
        if former is None:
            raise Refused(there_already(location))
        put_in_place(whole, location, keep_as(former))
        try:
            stamp(location)
        except DatabaseUnusable as error:
            raise DatabaseUnusable(f"{location} was restored, but {error}") from error
    else:
        make_folder(path.parent)
        write_whole(path, lambda to: _copy_and_stamp(whole, to))


def _copy_and_stamp(whole: Location, to: Path) -> None:
    copy_file(whole, to)
    stamp(Location(to))


def copy_register(source: Location, target: Location) -> None:
    """Copy a register of this program's revision to a database that has none."""
    path = target.path
    if path is not None and is_there(target):
        raise Refused(there_already(target))
    with register_dump(source) as dump:
        if path is None:
            fill(target, dump, str(source), done="was filled")
        else:
            make_folder(path.parent)
            write_whole(path, lambda to: fill(Location(to), dump, str(source)))


def is_there(location: Location) -> bool:
    """Return whether a file has anything in it. An empty one is as good as none."""
    path = location.path
    return path is not None and path.exists() and (not path.is_file() or path.stat().st_size > 0)
