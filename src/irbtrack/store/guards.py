"""Make the views of today, and the triggers that keep out what irbtrack doesn't write.

Rows of the journal never change. All other rows change within a write of irbtrack's, which the
stamp says is under way. The guards are made again after every migration. A migration that
rebuilds a table drops its triggers, and fails if a view still uses the table.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from irbtrack.domain.nouns import NOUNS
from irbtrack.store.rights import give, given
from irbtrack.store.server_functions import make_functions
from irbtrack.store.tables import metadata

APPEND_ONLY = {
    "entry": ("id",),
    "change": ("entry", "position"),
    "snapshot": ("id",),
    "snapshot_action": ("snapshot", "ref"),
}
"""The tables whose rows never change, and their keys."""

GUARDED = (
    *APPEND_ONLY,
    *("person", "recorder", "copy_made"),
    *(f"{noun}_version" for noun in NOUNS),
)
"""The tables that only irbtrack writes to."""

BEING_WRITTEN = "EXISTS (SELECT 1 FROM stamp WHERE writing = 1)"


def drop_guards(connection: Connection) -> None:
    """Drop the views and every trigger, so that a migration can rebuild their tables.

    A trigger of another program's goes, too. What else it built on the views keeps them.
    """
    for noun in NOUNS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {noun}")
    quoted = connection.dialect.identifier_preparer.quote_identifier
    on_sqlite = connection.dialect.name == "sqlite"
    for name, table in connection.exec_driver_sql(IN_FILE if on_sqlite else ON_SERVER).all():
        on_table = "" if on_sqlite else f" ON {quoted(table)}"
        connection.exec_driver_sql(f"DROP TRIGGER {quoted(name)}{on_table}")


TABLES = ", ".join(f"'{table}'" for table in (*metadata.tables, "alembic_version"))

IN_FILE = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"

ON_SERVER = (
    "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND relnamespace = CAST(quote_ident(current_schema()) AS regnamespace)"
    f" AND relname IN ({TABLES})"
)
"""The triggers of irbtrack's tables, beside which a server can have others."""


def make_guards(connection: Connection) -> None:
    """Make a view of today for each noun, and the triggers that refuse changes.

    On a server, make the functions that write, and give users again the rights that they had.
    """
    for noun in NOUNS:
        connection.exec_driver_sql(
            f"CREATE VIEW {noun} AS SELECT * FROM {noun}_version WHERE valid_to = '9999-12-31'"
        )
    on_sqlite = connection.dialect.name == "sqlite"
    for statement in _sqlite_triggers() if on_sqlite else _postgresql_triggers():
        connection.exec_driver_sql(statement)
    if not on_sqlite:
        make_functions(connection)
        for user, right in given(connection).items():
            give(connection, right, user)


def _sqlite_triggers() -> Iterator[str]:
    """Yield the triggers.

    INSERT OR REPLACE deletes without firing a trigger, and is refused as such.
    """
    for table, key in APPEND_ONLY.items():
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        replaced = f'INSERT ON "{table}" WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'
        for name, change in (
            ("update", f'UPDATE ON "{table}"'),
            ("delete", f'DELETE ON "{table}"'),
            ("replace", replaced),
        ):
            yield _sqlite_trigger(f"{table}_no_{name}", change, f"{table} is append-only")
    for table in GUARDED:
        for change in ("INSERT",) if table in APPEND_ONLY else ("INSERT", "UPDATE", "DELETE"):
            yield _sqlite_trigger(
                f"{table}_{change.lower()}_by_irbtrack",
                f'{change} ON "{table}" WHEN NOT {BEING_WRITTEN}',
                f"only irbtrack writes to {table}",
            )


def _sqlite_trigger(name: str, change: str, why: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {change} BEGIN SELECT RAISE(ABORT, '{why}'); END"


def _postgresql_triggers() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
    )
    yield (
        "CREATE OR REPLACE FUNCTION refuse_unless_writing() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF NOT {BEING_WRITTEN} THEN"
        " RAISE EXCEPTION 'only irbtrack writes to %%', TG_TABLE_NAME; END IF;"
        " RETURN NULL; END $$"
    )
    for table in APPEND_ONLY:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_append_only"
            f' BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table in GUARDED:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_by_irbtrack"
            f' BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_unless_writing()"
        )
