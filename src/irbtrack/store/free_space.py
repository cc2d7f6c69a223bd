"""Overwrite what a database still has of deleted rows, in its free pages and beside it."""

from sqlalchemy import text

from irbtrack.errors import DatabaseUnusable
from irbtrack.store.database import Location, explained
from irbtrack.store.server import engine_for
from irbtrack.store.stamping import count_another


def clear_free_space(location: Location) -> None:
    """Write the database anew, without the bytes of rows that were deleted or replaced.

    On a server only the tables of people are written anew. Raise :class:`DatabaseUnusable` if
    another program keeps the database from being written, or if there is no room.
    """
    with explained(location):
        if location.path is None:
            with engine_for(location).begin() as connection:
                for table, key in (("person", "officer"), ("recorder", "ref")):
                    # VACUUM FULL would keep rows that an older transaction may still look at.
                    anew = f"ALTER TABLE {table} ALTER {key} TYPE varchar USING {key} || ''"
                    connection.execute(text(anew))
            return
        with engine_for(location).connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None, "a checked-out connection has its driver's"
            driver.execute("VACUUM")
            with connection.begin():
                count_another(connection)
            # Where another program has turned write-ahead logging on, the log has the old pages.
            busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise DatabaseUnusable(f"{location} is in use by another program")
