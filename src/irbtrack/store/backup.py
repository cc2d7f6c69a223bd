"""Back up registers, put backups in their place, and move registers between databases.

A backup is a SQLite file or a dump. Either is made of any database, and restored into any. A
SQLite file is copied with SQLite's own backup API, while other programs read and write it.
Everything else is a dump that is loaded.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from irbtrack.domain.checks import Finding
from irbtrack.domain.journal import NO_DIGEST
from irbtrack.errors import CheckFailed, DatabaseUnusable, IrbtrackError, Refused, printable
from irbtrack.lasting import lasts, uninterrupted
from irbtrack.store import stamping
from irbtrack.store.database import (
    REVISION,
    Location,
    Reader,
    explained,
    refuse_unless_current,
    refuse_unless_file,
    revision_of,
    uri_of,
)
from irbtrack.store.dump import (
    Dump,
    Head,
    dump_of,
    head_of,
    insert_rows,
    read_dump,
    reading_dump,
    write_dump,
)
from irbtrack.store.integrity import (
    NOT_AS_TOLD,
    broken_links,
    chain_findings,
    people_findings,
    snapshot_findings,
    stamp_findings,
    version_findings,
)
from irbtrack.store.migrate import changing_tables, has_register, migrate, upgrade
from irbtrack.store.reading import opened, readable, reading
from irbtrack.store.schema import schema_findings
from irbtrack.store.server import ConnectionReader, engine_for, of_one_moment
from irbtrack.store.stamping import stamp
from irbtrack.store.tables import metadata
from irbtrack.store.write import Journal

SQLITE, DUMP = ".db", ".jsonl.gz"
"""The endings of a backup's name, which say what it is."""

Writer = Callable[[Path], object]
"""What writes a file whose path it is given."""

Keep = Callable[[Writer], None]
"""What keeps a register before another takes its place, with the writer that it is given."""


def back_up(location: Location, to: Path, ending: str) -> None:
    """Write a backup of a register to a new file, and verify it.

    ``ending`` says what it is, a SQLite file or a dump. A register of an older revision is
    backed up as it is. Raise :class:`CheckFailed` if the register isn't what its journal says.
    """
    if ending == SQLITE and location.path is not None:
        copy_file(location, to)
    else:
        with readable(location), dumping(location) as lines:
            if ending == DUMP:
                write_dump(lines, to)
            else:
                fill(Location(to), read_dump(lines, str(location)), str(location))
    with _staged(to, str(location), as_it_is=True) as written:
        if ending == SQLITE and head_of_register(written).revision == REVISION:
            stamp(written)


def copy_file(source: Location, to: Path) -> None:
    """Copy a register's file as it is at this moment, whoever writes to it meanwhile.

    Writers wait for as long as copying takes.
    """
    with explained(source):
        refuse_unless_file(source)
        with closing(_connected(source)) as original:
            original.execute("PRAGMA query_only = ON")
            original.execute("BEGIN")
            original.execute("SELECT 1 FROM sqlite_master").fetchone()  # waits for a writer
            _copy_into(to, original)


def _connected(location: Location) -> sqlite3.Connection:
    assert location.path is not None, "it is a SQLite file"
    uri = uri_of(location.path)
    return sqlite3.connect(uri, uri=True, timeout=location.wait, isolation_level=None)


def _copy_into(to: Path, original: sqlite3.Connection) -> None:
    copy = Location(to)
    to.touch()
    with explained(copy), closing(_connected(copy)) as copied:
        original.backup(copied)


@contextmanager
def dumping(location: Location, *, verified: bool = False) -> Iterator[Iterator[str]]:
    """Open the dump of a register, of whatever revision it is.

    A file is copied first, so that writers don't wait until the dump is read. Unless it is
    ``verified``, raise :class:`CheckFailed` if the register isn't what its journal says.
    """
    with ExitStack() as stack:
        with explained(location):
            if location.path is None:
                connection = stack.enter_context(of_one_moment(location))
            else:
                folder = stack.enter_context(TemporaryDirectory(prefix="irbtrack-"))
                copied = Path(folder) / "register.db"
                copy_file(location, copied)
                connection = stack.enter_context(engine_for(Location(copied)).connect())
        with explained(location):
            reader = ConnectionReader(connection)
            revision_of(location, reader)
            if not verified:
                _refuse_unsound(reader, str(location))
        yield _dump_of(location, connection)


def _dump_of(location: Location, connection: Connection) -> Iterator[str]:
    with explained(location):
        yield from dump_of(connection)


def fill(
    location: Location, dump: Dump, name: str, keep: Keep | None = None, done: str = ""
) -> None:
    """Make a register of a dump, or put it in the place of a server's. It is all of it or nothing.

    The rows go in as they are, missing migrations are run, the versions are worked out, and the
    whole is verified. ``name`` is what the dump is called if it is refused, and ``done`` says what
    was done to the database, if that is to be said when the program is interrupted. Raise
    :class:`Refused` if there is a register already, and no ``keep`` to keep it as a dump.
    """
    if dump.head.revision > REVISION:
        raise Refused(
            f"{name} is at revision {dump.head.revision}, newer than this irbtrack knows"
            f" ({REVISION}); install the newer irbtrack that wrote it"
        )
    if location.path is not None:
        location.path.touch()
    with changing_tables(location, done) as (connection, counter):
        journal = Journal(connection)
        if not has_register(connection):
            migrate(location, connection, counter, dump.head.revision)
        elif keep is None:
            raise Refused(there_already(location))
        else:
            refuse_unless_current(location, revision_of(location, journal))
            _empty(connection, keep)
            stamping.open_anew(connection, journal, counter)
        insert_rows(connection, dump, name)
        if dump.head.revision != REVISION:
            migrate(location, connection, counter)
        with suppress(*NOT_AS_TOLD):  # what is wrong with the journal is said below
            journal.work_out_versions(counter)
        journal.leave_stamp()
        _refuse_unsound(journal, name)


@contextmanager
def register_dump(location: Location, *, verified: bool = False) -> Iterator[Dump]:
    """Open a register of this program's revision as a dump that can be filled in elsewhere.

    ``verified`` is as in :func:`dumping`.
    """
    with dumping(location, verified=verified) as lines:
        dump = read_dump(lines, str(location))
        refuse_unless_current(location, dump.head.revision)
        yield dump


def there_already(location: Location) -> str:
    """Return why nothing is put in the place of a register."""
    return (
        f"{location} has a register already; name another, or let 'irbtrack db restore --force'"
        " put a backup in its place"
    )


def _empty(connection: Connection, keep: Keep) -> None:
    """Take every row out of a server's register, which is kept as a dump.

    The tables stay, with what roles may do with them. Switching the triggers off keeps other
    writers out until the end of the transaction.
    """
    tables = [table.name for table in reversed(metadata.sorted_tables)]
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    keep(lambda to: write_dump(dump_of(connection), to))
    connection.exec_driver_sql("UPDATE entry SET undoes = NULL WHERE undoes IS NOT NULL")
    for table in tables:
        connection.exec_driver_sql(f'DELETE FROM "{table}"')
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


@contextmanager
def staged(backup: Path) -> Iterator[Location]:
    """Open a backup as a register of this program's revision, which is known to verify.

    Raise :class:`Refused` if the file is no backup, or is damaged, and :class:`CheckFailed` if
    the register in it isn't what its journal says.
    """
    with _staged(backup, printable(str(backup))) as location:
        yield location


@contextmanager
def _staged(backup: Path, name: str, *, as_it_is: bool = False) -> Iterator[Location]:
    """Open a backup as :func:`staged` does, or at its own revision if it is taken as it is.

    What a backup of an older revision says can only be verified in part.
    """
    with TemporaryDirectory(prefix="irbtrack-") as folder:
        copied = Path(folder) / "register.db"
        apart = Location(copied)
        if _ending_of(backup, name) == DUMP:
            with reading_dump(backup) as dump:
                if as_it_is and dump.head.revision != REVISION:
                    for _ in dump.rows:  # the last is only reached if all are as they were
                        pass
                else:
                    fill(apart, dump, name)
            yield apart
            return
        location = Location(backup)
        revision = _revision_of_whole(location, name)
        if revision != REVISION and not as_it_is:
            copy_file(location, copied)
            location = apart
            upgrade(location)
        with opened(location) as reader:
            _refuse_unsound(reader, name)
            if not as_it_is or revision == REVISION:
                _refuse_changed_tables(location, reader, name)
        yield location


def _ending_of(backup: Path, name: str) -> str:
    """Return which kind of backup a file is, by how it begins. Raise :class:`Refused` if none."""
    try:
        with backup.open("rb") as file:
            begins = file.read(16)
    except OSError as error:
        raise Refused(f"{name} cannot be read ({error.strerror or 'unknown reason'})") from None
    for ending, sign in ((SQLITE, b"SQLite format 3\0"), (DUMP, b"\x1f\x8b")):
        if begins.startswith(sign):
            return ending
    raise Refused(f"{name} is not a backup of irbtrack's: neither a SQLite file nor a dump")


def _revision_of_whole(location: Location, name: str) -> str:
    """Return the revision of a backup's file. Raise :class:`Refused` if SQLite finds it damaged."""
    try:
        with opened(location) as reader:
            [(found,), *_] = reader.rows("PRAGMA integrity_check")
            if found != "ok":
                raise Refused(f"{name} is damaged: {found}")
            revision = revision_of(location, reader)
            if revision > REVISION:
                refuse_unless_current(location, revision)
            return revision
    except sqlite3.DatabaseError as error:
        raise Refused(f"{name} is damaged: {error}") from None


def _refuse_changed_tables(location: Location, reader: Reader, name: str) -> None:
    """Raise :class:`CheckFailed` if the tables aren't what the migrations make."""
    wrong = [finding.wrong for finding in islice(schema_findings(location, reader), MOST_SAID)]
    if wrong:
        raise CheckFailed(f"{name} does not verify: {'; '.join(wrong)}")


MOST_SAID = 3
"""How many of the things are said that are wrong with a register."""


def _refuse_unsound(reader: Reader, name: str) -> None:
    """Raise :class:`CheckFailed` if a register isn't what its journal says."""
    if head_of(reader).revision == REVISION:
        findings = chain.from_iterable(each(reader) for each in FINDINGS)
        wrong = [finding.wrong for finding in islice(findings, MOST_SAID)]
    else:
        wrong = [f"entry {n} does not follow the one before" for n in broken_links(reader)]
    if wrong:
        raise CheckFailed(f"{name} does not verify: {'; '.join(wrong[:MOST_SAID])}")


FINDINGS: tuple[Callable[[Reader], Iterable[Finding]], ...] = (
    chain_findings,
    version_findings,
    snapshot_findings,
    people_findings,
    stamp_findings,
)
"""What is asked of a register before it is backed up, or takes the place of another."""


def put_in_place(whole: Location, location: Location, keep: Keep) -> None:
    """Put a staged register in the place of one in a file, which is kept before.

    No other program reads or writes meanwhile. If this is interrupted, the next one to open the
    file finds the former register in it.
    """
    path = location.path
    assert path is not None, "a server's register is filled"
    refuse_unless_file(location)
    as_left = _is_as_left(location)
    with explained(location), closing(_connected(whole)) as restored:
        if not _can_be_opened(location):
            keep(lambda to: shutil.copyfile(path, to))
            path.write_bytes(b"")  # SQLite writes over nothing that it can't open
            _copy_into(path, restored)
        else:
            with closing(_connected(location)) as target:
                target.execute("PRAGMA locking_mode = EXCLUSIVE")
                target.execute("BEGIN EXCLUSIVE")
                target.execute("COMMIT")  # the lock stays
                keep(lambda to: _keep_former(to, target, stamped=as_left))
                with uninterrupted():
                    restored.backup(target)
                    lasts(f"{location} was restored")


def _is_as_left(location: Location) -> bool:
    """Return whether it can be told that no other program wrote after irbtrack."""
    warned: list[str] = []
    try:
        with reading(location, warned.append):
            return not warned
    except DatabaseUnusable:
        return False


def _keep_former(to: Path, former: sqlite3.Connection, *, stamped: bool) -> None:
    _copy_into(to, former)
    if stamped:
        stamp(Location(to))


def _can_be_opened(location: Location) -> bool:
    with closing(_connected(location)) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchall()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
                return False
            raise
    return True


def upgrade_or_put_back(location: Location, backup: Path) -> None:
    """Bring a register up to date. If that fails, it is as it was, whatever a migration did."""
    try:
        upgrade(location)
    except BaseException:
        if location.path is not None and _schema(location) != _schema(Location(backup)):
            put_in_place(Location(backup), location, lambda _: None)
        raise


def _schema(location: Location) -> list[tuple[object, ...]]:
    with opened(location) as reader:
        made = list(reader.rows("SELECT name, sql FROM sqlite_master ORDER BY name, sql"))
        return [*made, *reader.rows("SELECT version_num FROM alembic_version")]


def head_of_backup(backup: Path) -> Head | None:
    """Return which register a file is a backup of, or None if it can't be read as one."""
    try:
        if _ending_of(backup, str(backup)) == DUMP:
            with reading_dump(backup) as dump:
                return dump.head
        return head_of_register(Location(backup))
    except IrbtrackError:
        return None


def digests_of(location: Location) -> set[str]:
    """Return the digest that a register had after each of its entries; if empty, that of none."""
    with opened(location) as reader:
        return {digest for (digest,) in reader.rows("SELECT digest FROM entry")} or {NO_DIGEST}


def head_of_register(location: Location) -> Head:
    """Return which register is in a database, and how far it goes."""
    with opened(location) as reader:
        revision_of(location, reader)
        return head_of(reader)
