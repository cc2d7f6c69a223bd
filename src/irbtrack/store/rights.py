"""Give the users of a PostgreSQL server the rights to read a register, or to record in it.

A reader may read every table and view of the register. A writer may besides record entries and
say who holds a post, through the functions of :mod:`irbtrack.store.server_functions`. Nobody but
the owner may write to a table, or erase what it still has of deleted rows. The owner is whoever
made the register.
"""

from collections.abc import Iterator
from enum import Enum

from sqlalchemy import Connection

from irbtrack.domain.nouns import NOUNS
from irbtrack.errors import Refused, printable, quoted
from irbtrack.store.database import (
    Location,
    Reader,
    explained,
    refuse_unless_current,
    revision_of,
)
from irbtrack.store.server import ConnectionReader, engine_for
from irbtrack.store.server_functions import OF_WRITER
from irbtrack.store.tables import metadata


class Right(Enum):
    """What a user may do with a register."""

    READER = "reader"
    WRITER = "writer"
    NONE = "none"


def grant(location: Location, right: Right, users: list[str]) -> None:
    """Give users a right, and take others away. Either all get it, or none does.

    Raise :class:`Refused` for a file, for a user that the server doesn't know, for the owner, whose
    rights every command needs, and as :func:`_refuse_if_others_make` does.
    """
    if location.path is not None:
        raise Refused(
            f"{location} is a file, and has no users of its own; the permissions of the file and"
            " of its folder say who may read and write it"
        )
    with explained(location), engine_for(location).begin() as connection:
        reader = ConnectionReader(connection)
        refuse_unless_current(location, revision_of(location, reader))
        refuse_unless_owner(reader, f"give rights to {location}")
        if right is not Right.NONE:
            _refuse_if_others_make(reader)
        for user in users:
            found = list(reader.rows(USER, name=user))
            if not found:
                raise Refused(
                    f"{location} has no user {quoted(user)}; whoever looks after the server makes"
                    " one with CREATE ROLE"
                )
            if found == [(True,)]:
                raise Refused(
                    f"{quoted(user)} is the owner of {location}, who has every right and keeps it;"
                    " name another user"
                )
            give(connection, right, user)


USER = (
    "SELECT oid = (SELECT relowner FROM pg_class WHERE oid = CAST('entry' AS regclass))"
    " FROM pg_roles WHERE rolname = :name"
)
"""Whether a user of a server is the owner of the register."""


def _refuse_if_others_make(reader: Reader) -> None:
    """Raise :class:`Refused` while others than the owner may make anything beside the tables.

    The server could take a function or an operator of theirs for its own, and would run it with
    the owner's rights.
    """
    [(makers, schema)] = reader.rows(OTHER_MAKERS)
    if makers is not None:
        raise Refused(
            f"{printable(makers)} may make functions beside irbtrack's, and could have them run"
            f" with the owner's rights; 'REVOKE CREATE ON SCHEMA {printable(schema)} FROM"
            f" {printable(makers)}' keeps all users but the owner from it"
        )


OTHER_MAKERS = (
    "SELECT string_agg(DISTINCT CASE maker WHEN 0 THEN 'PUBLIC' ELSE"
    " quote_ident(pg_get_userbyid(maker)) END, ', '), quote_ident(current_schema())"
    " FROM pg_namespace,"
    " LATERAL aclexplode(coalesce(nspacl, acldefault('n', nspowner))) AS held (giver, maker, may),"
    " LATERAL (SELECT CASE pg_get_userbyid(maker) WHEN 'pg_database_owner' THEN"
    " (SELECT datdba FROM pg_database WHERE datname = current_database())"
    " ELSE maker END) AS in_effect (who)"
    " WHERE nspname = current_schema() AND may = 'CREATE' AND (maker = 0 OR NOT pg_has_role(who,"
    " (SELECT relowner FROM pg_class WHERE oid = CAST('entry' AS regclass)), 'MEMBER'))"
)
"""Who may make anything in the register's schema without having the owner's rights already."""


def refuse_unless_owner(reader: Reader, asked: str) -> None:
    """Raise :class:`Refused` for what only the owner can do; the server itself would only warn."""
    [(owner, is_owner)] = reader.rows(
        "SELECT pg_get_userbyid(relowner), pg_has_role(relowner, 'USAGE') FROM pg_class"
        " WHERE oid = CAST('entry' AS regclass)"
    )
    if not is_owner:
        raise Refused(f"only its owner, {printable(owner)}, can {asked}")


def give(connection: Connection, right: Right, user: str) -> None:
    """Give a user a right in a transaction under way, and take others away."""
    for statement in _statements(connection, right, user):
        connection.exec_driver_sql(statement.replace("%", "%%"))


def given(connection: Connection) -> dict[str, Right]:
    """Return who has which right, but for the owner."""
    held = connection.exec_driver_sql(
        "SELECT DISTINCT pg_get_userbyid(grantee), kind FROM ("
        " SELECT (aclexplode(relacl)).grantee, 'reader' AS kind FROM pg_class"
        " WHERE oid = 'entry'::regclass UNION ALL"
        " SELECT (aclexplode(proacl)).grantee, 'writer' FROM pg_proc"
        " WHERE oid = to_regproc('irbtrack_record')) AS held"
        " WHERE grantee NOT IN (0, (SELECT relowner FROM pg_class WHERE oid = 'entry'::regclass))"
        " ORDER BY kind"
    )
    return {user: Right(kind) for user, kind in held}  # a writer is a reader too, and comes last


OWN = ", ".join(f'"{name}"' for name in (*metadata.tables, *NOUNS, "alembic_version"))
"""The tables and views of a register, beside which its schema can have others."""


def _statements(connection: Connection, right: Right, user: str) -> Iterator[str]:
    [(schema, role)] = connection.exec_driver_sql(
        "SELECT quote_ident(current_schema()), quote_ident(%s)", (user,)
    ).all()
    yield f"REVOKE ALL ON {OWN} FROM {role}"
    for function in OF_WRITER:
        yield f"REVOKE ALL ON FUNCTION {function} FROM {role}"
    if right is Right.NONE:
        return
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON {OWN} TO {role}"
    if right is Right.WRITER:
        for function in OF_WRITER:
            yield f"GRANT EXECUTE ON FUNCTION {function} TO {role}"
