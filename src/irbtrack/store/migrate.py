"""Making a database and bringing it up to date, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import inspect

from irbtrack.errors import DatabaseUnusable, Refused
from irbtrack.shipped import shipped
from irbtrack.store.database import Location, explained
from irbtrack.store.server import engine_for


def create(location: Location) -> None:
    """Make a database where there is none, with all its tables.

    Raises :class:`Refused` if a file, or on a server an irbtrack database, is there already;
    it is left as it is.
    """
    with explained(location):
        if location.path is None:
            refuse_if_made(location)
        elif location.path.exists() and not _is_empty_file(location.path):
            raise Refused(f"{location} is there already; name another file with --database")
        else:
            location.path.parent.mkdir(parents=True, exist_ok=True)
    upgrade(location)


def _is_empty_file(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


def refuse_if_made(location: Location) -> None:
    """Raise :class:`Refused` if irbtrack's tables are there."""
    with engine_for(location).connect() as connection:
        if inspect(connection).has_table("alembic_version"):
            raise Refused(f"{location} has a register already; name another with --database")


def upgrade(location: Location, revision: str = "head") -> None:
    """Run the migrations up to ``revision``, all of them or none.

    On SQLite foreign keys are off while tables are rebuilt, because a rebuilt parent would
    take its children along, and are checked before the commit.
    """
    with explained(location), engine_for(location).connect() as connection:
        on_sqlite = location.path is not None
        if on_sqlite:
            driver = connection.connection.driver_connection
            assert driver is not None, "a checked-out connection has its driver's"
            driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            config = Config()
            config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, revision)
            except CommandError as error:
                raise DatabaseUnusable(
                    f"{location} is at a revision that this irbtrack does not know ({error});"
                    " upgrade it with the irbtrack that wrote it, or restore a backup"
                ) from error
            if on_sqlite and (
                broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            ):
                raise RuntimeError(f"the migration would leave broken references: {broken}")


def _migrations() -> Path:
    return shipped("migrations")
