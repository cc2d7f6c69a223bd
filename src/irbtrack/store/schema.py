"""Find what differs from what the migrations make: tables, triggers, views, functions, rights."""

import re
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from irbtrack.domain.checks import Finding
from irbtrack.errors import Refused, printable
from irbtrack.store.database import Location, Reader
from irbtrack.store.migrate import make_tables
from irbtrack.store.server import ConnectionReader, engine_for

Schema = dict[tuple[str, str], str]
"""What makes each table, index, trigger and view, by kind and name."""


def schema_findings(location: Location, reader: Reader) -> Iterator[Finding]:
    """Yield what SQLite finds damaged in its file, and what is not as the migrations make it.

    Raise :class:`Refused` if a server doesn't let this user compare.
    """
    if location.path is None:
        made, there = _made_on_server(location)
    else:
        yield from _damage(reader)
        made, there = _made_in_memory(), _in_file(reader)
    for kind, name in sorted(made.keys() | there.keys()):
        found, expected = there.get((kind, name)), made.get((kind, name))
        if found == expected:
            continue
        wrong = "is not one of irbtrack's" if expected is None else "is not as irbtrack makes it"
        yield Finding(kind, name, f"{kind} {name} {'is not there' if found is None else wrong}")


def _damage(reader: Reader) -> Iterator[Finding]:
    for (problem,) in reader.rows("PRAGMA integrity_check"):
        if problem != "ok":
            yield Finding("database", "file", f"SQLite finds the file damaged: {problem}")
    for table, row, parent, _ in reader.rows("PRAGMA foreign_key_check"):
        wrong = f"row {row} of {table} refers to a row of {parent} that is not there"
        yield Finding("table", table, wrong)


@cache
def _made_in_memory() -> Schema:
    with create_engine("sqlite://").begin() as connection:
        make_tables(connection)
        return _in_file(ConnectionReader(connection))


def _in_file(reader: Reader) -> Schema:
    rows = reader.rows("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {
        (kind, name): _plain(sql)
        for kind, name, sql in rows
        if kind != "table" or not _OF_SQLITE.fullmatch(name)
    }


_OF_SQLITE = re.compile(r"sqlite_(stat\d|sequence)")
"""SQLite's own notes, such as those of ANALYZE."""


def _plain(sql: str) -> str:
    """Return a statement as it reads whichever version of SQLite or Alembic wrote it.

    >>> print(_plain('CREATE  VIEW "action" AS SELECT "NOT x"'))
    CREATE VIEW action AS SELECT "NOT x"
    """
    parts = re.split("('(?:[^']|'')*')", str(sql))  # every second one is a text
    parts[::2] = (re.sub(r"\s+", " ", re.sub(r'"(\w+)"', r"\1", one)) for one in parts[::2])
    return "".join(parts).strip()


AFRESH = "irbtrack_afresh"
"""The schema of a server in which the tables are made afresh, within one transaction."""


WHERE_AND_WHO = (
    "SELECT current_schema(), (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class"
    " WHERE oid = to_regclass('entry')), concat('GRANT CREATE ON DATABASE ',"
    " quote_ident(current_database()), ' TO ', quote_ident(current_user))"
)
"""The schema of a register, whether its owner asks, and how they get the right to make another."""


def _made_on_server(location: Location) -> tuple[Schema, Schema]:
    """Return what the migrations make on a server, and what is there. Nothing of it is kept."""
    with engine_for(location).connect() as connection, connection.begin() as transaction:
        home, is_owner, granting = connection.execute(text(WHERE_AND_WHO)).one()
        there = _on_server(connection, home)
        try:
            connection.execute(text(f"CREATE SCHEMA {AFRESH}"))
        except ProgrammingError as error:
            transaction.rollback()
            granted = f"'{printable(granting)}' by whoever looks after the server lets them"
            raise Refused(
                "the tables, triggers and views were not compared, because this user may not make a"
                f" schema in {location}; {granted if is_owner else 'its owner can verify them'}"
            ) from error
        connection.execute(text(f"SET LOCAL search_path = {AFRESH}"))
        connection.dialect.default_schema_name = AFRESH
        make_tables(connection)
        made = _on_server(connection, AFRESH)
        transaction.rollback()
    own = {_called(name) for kind, name in made if kind == "function"}
    return made, {
        (kind, name): told
        for (kind, name), told in there.items()
        if kind != "function" or _called(name) in own
    }


def _called(signature: str) -> str:
    """Return a function's name, which others with other parameters can share."""
    return signature.partition("(")[0]


HOME = "CAST(quote_ident(:home) AS regnamespace)"
"""The schema of the register."""

SIGNATURE = "proname || '(' || oidvectortypes(proargtypes) || ')'"
"""A function's name and the types of its parameters."""

CATALOGUE = {
    "column": "SELECT table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable,"
    " column_default) FROM information_schema.columns WHERE table_schema = :home"
    " AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = :home)",
    "constraint": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    f" WHERE connamespace = {HOME}",
    "index": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = :home",
    "view": "SELECT viewname, definition FROM pg_views WHERE schemaname = :home",
    "trigger": "SELECT t.tgname, concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid))"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    f" WHERE NOT t.tgisinternal AND c.relnamespace = {HOME}",
    "function": f"SELECT {SIGNATURE}, CASE prokind WHEN 'a' THEN 'an aggregate' ELSE"
    " replace(pg_get_functiondef(oid), 'SET search_path TO ' || quote_literal(:home),"
    " 'SET search_path TO home') END FROM pg_proc"
    f" WHERE pronamespace = {HOME}",
    "rule": "SELECT rulename || ' on ' || tablename, definition FROM pg_rules"
    " WHERE schemaname = :home",
    "row security": "SELECT 'on ' || relname, concat_ws(' ', relrowsecurity, relforcerowsecurity)"
    f" FROM pg_class WHERE relnamespace = {HOME}"
    " AND (relrowsecurity OR relforcerowsecurity)",
    "right": "SELECT concat_ws(' ', 'of everybody to', privilege_type, name), '' FROM ("
    f" SELECT {SIGNATURE}, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc"
    f" WHERE pronamespace = {HOME} AND starts_with(proname, 'irbtrack_')"
    " UNION ALL SELECT relname, relacl FROM pg_class"
    f" WHERE relnamespace = {HOME}"
    " UNION ALL SELECT relname || '.' || attname, attacl"
    " FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
    f" WHERE relnamespace = {HOME}) AS held (name, acl), aclexplode(acl)"
    " WHERE grantee = 0",
}
"""What PostgreSQL says of each kind of thing in a schema."""


def _on_server(connection: Connection, home: str) -> Schema:
    [(before_names,)] = connection.execute(text("SELECT quote_ident(:home) || '.'"), {"home": home})
    return {
        (kind, name): told.replace(before_names, "")
        for kind, sql in CATALOGUE.items()
        for name, told in connection.execute(text(sql), {"home": home})
    }
