"""Make a database and bring it up to date, with Alembic."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from sqlite3 import DatabaseError, connect

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

from irbtrack.domain.journal import Entry
from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.file_rights import opener
from irbtrack.lasting import lasts, uninterrupted
from irbtrack.shipped import shipped
from irbtrack.store import stamping
from irbtrack.store.database import REVISION, Location, explained
from irbtrack.store.guards import drop_guards, make_guards
from irbtrack.store.server import ConnectionReader, engine_for
from irbtrack.store.write import journal_on


def create(location: Location, *first: Entry) -> None:
    """Make a database with all its tables and its first entries.

    Raise :class:`Refused` if the file exists, or if the server's database has a register. Neither
    is changed then. If two programs do this at once, the second is refused.
    """
    path = location.path
    if path is not None:
        with explained(location):
            if (path.exists() or path.is_symlink()) and not _is_blank(location):
                raise Refused(f"{location} is there already; name another file")
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                os.close(opener(str(path), os.O_CREAT | os.O_WRONLY))
    with changing_tables(location, "was made") as (connection, counter):
        if has_register(connection):
            raise Refused(f"{location} has a register already; name another with --database")
        migrate(location, connection, counter)
        journal = journal_on(connection)
        journal.record(*first)
        journal.leave_stamp()


def _is_blank(location: Location) -> bool:
    """Return whether a file is there and has nothing in it.

    SQLite looks first. If a program was killed while it made the database, what it had written is
    taken out again then.
    """
    path = location.path
    if path is None or not path.is_file() or path.stat().st_size == 0:
        return path is not None and path.is_file()
    with suppress(DatabaseError), closing(connect(path, timeout=location.wait)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return path.stat().st_size == 0


def upgrade(location: Location, revision: str = "head") -> None:
    """Run the missing migrations of a database up to ``revision``, either all or none."""
    with changing_tables(location, "was brought up to date") as (connection, counter):
        if _revision_of(connection) != REVISION:
            migrate(location, connection, counter, revision)
            if _revision_of(connection) == REVISION:
                stamping.close(connection, ConnectionReader(connection))


@contextmanager
def changing_tables(location: Location, done: str = "") -> Iterator[tuple[Connection, int]]:
    """Open a transaction in which tables may be rebuilt, and give the counter in the file's header.

    ``done`` says what was done by it, if it is to be said when the program is interrupted.

    On SQLite foreign keys are off until the commit, because dropping a parent's old table would
    delete its children. They are checked before the commit.
    """
    with (
        stamping.counting(location.path) as counted,
        explained(location),
        engine_for(location).connect() as connection,
    ):
        on_sqlite = location.path is not None
        if on_sqlite:
            driver = connection.connection.driver_connection
            assert driver is not None, "a checked-out connection has its driver's"
            driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin() as transaction:
            if not on_sqlite:  # there may be no table yet that could be locked
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('irbtrack'))")
            yield connection, counted() or 0
            if on_sqlite and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            ):
                raise RuntimeError(f"the migration would leave broken references: {broken}")
            with uninterrupted():
                transaction.commit()
                if done:
                    lasts(f"{location} {done}")


def has_register(connection: Connection) -> bool:
    """Return whether a database has the tables of a register, of whatever revision."""
    return inspect(connection).has_table("alembic_version")


def migrate(
    location: Location, connection: Connection, counter: int, revision: str = "head"
) -> None:
    """Run migrations, and begin a write under a stamp if they reach this program's revision."""
    is_stamped = inspect(connection).has_table("stamp")
    config = _config()
    config.attributes["connection"] = connection
    drop_guards(connection)
    with _known(location):
        command.upgrade(config, revision)
    if _revision_of(connection) == REVISION:
        if not (is_stamped and stamping.is_open(connection)):
            stamping.open_anew(connection, ConnectionReader(connection), counter)
        make_guards(connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    return config


@contextmanager
def _known(location: Location) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        raise DatabaseUnusable(
            f"{location} is at a revision that this irbtrack does not know ({error});"
            " upgrade it with the irbtrack that wrote it, or restore a backup"
        ) from error


def refuse_unless_known(location: Location, revision: str) -> None:
    """Raise :class:`DatabaseUnusable` for the revision of a database that no migration made."""
    with _known(location):
        ScriptDirectory.from_config(_config()).get_revision(revision)


def make_tables(connection: Connection) -> None:
    """Make all tables, triggers and views in an empty database in memory."""
    migrate(Location(Path(":memory:")), connection, 0)


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
