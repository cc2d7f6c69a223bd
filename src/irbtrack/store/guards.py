"""Make the views of today, and the triggers that keep the journal append-only.

Both are made again after every migration. A migration that rebuilds a table drops its triggers,
and fails if a view still uses the table.
"""

from sqlalchemy import Connection

from irbtrack.domain.nouns import NOUNS
from irbtrack.store.server_functions import make_functions

APPEND_ONLY = {
    "entry": ("id",),
    "change": ("entry", "position"),
    "snapshot": ("id",),
    "snapshot_action": ("snapshot", "ref"),
}
"""The tables whose rows never change, and their keys."""


def drop_views(connection: Connection) -> None:
    """Drop the views, so that a migration can rebuild their tables."""
    for noun in NOUNS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {noun}")


def make_guards(connection: Connection) -> None:
    """Make a view of today for each noun, and the triggers that refuse changes."""
    for noun in NOUNS:
        connection.exec_driver_sql(
            f"CREATE VIEW {noun} AS SELECT * FROM {noun}_version WHERE valid_to = '9999-12-31'"
        )
    on_sqlite = connection.dialect.name == "sqlite"
    guard = _guard_in_sqlite if on_sqlite else _guard_in_postgresql
    for table, key in APPEND_ONLY.items():
        guard(connection, table, key)
    if not on_sqlite:
        make_functions(connection)


def _guard_in_sqlite(connection: Connection, table: str, key: tuple[str, ...]) -> None:
    """Refuse UPDATE, DELETE, and INSERT OR REPLACE, which deletes without firing a trigger."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    replaced = f'INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'
    for name, change in (
        ("update", f'UPDATE ON "{table}"'),
        ("delete", f'DELETE ON "{table}"'),
        ("replace", replaced),
    ):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{name}")
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_{name} BEFORE {change}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_in_postgresql(connection: Connection, table: str, _: tuple[str, ...]) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE OR REPLACE TRIGGER {table}_append_only"
        f' BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
