"""A register as lines of JSON: what any database is backed up as, and moved to another as.

The first line says which register it is. Each line after it is a row of a table, with its values
as SQLite keeps them: dates and moments as text, moments in UTC. The last line has the number of
rows, and the SHA-256 of all lines before it. The same register always gives the same lines.

The versions and the stamp are left out, because they are worked out from the rest.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, DateTime, String, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeEngine

from irbtrack.domain.journal import NO_DIGEST
from irbtrack.errors import Refused, printable, quoted
from irbtrack.store.database import Reader, as_date, as_moment, sqlite_value
from irbtrack.store.server import ConnectionReader
from irbtrack.store.tables import VERSION_TABLES, StampRow, metadata, table_of

KIND = "irbtrack register 1"
"""What the first line says of the dump: its kind, and the number of its form."""

KEPT = tuple(
    table.name
    for table in metadata.sorted_tables
    if table not in (*VERSION_TABLES.values(), table_of(StampRow))
)
"""The tables whose rows a dump has, each after those that it refers to."""

LONGEST_LINE = 64_000_000
"""The most bytes that a line may have. A change that sets a text of a megabyte has far fewer."""

AT_ONCE = 1_000
"""How many rows are inserted together."""


class Head(NamedTuple):
    """What the first line of a dump says of it.

    ``register`` is the digest of the first entry, by which a register is known, and ``digest``
    that of the last.
    """

    revision: str
    register: str
    entries: int
    digest: str


DumpedRow = tuple[str, dict[str, Any]]
"""The table of a row, and its values by column."""


class Dump(NamedTuple):
    """A dump that is being read. Its rows raise :class:`Refused` where they are damaged."""

    head: Head
    rows: Iterator[DumpedRow]


def head_of(reader: Reader) -> Head:
    """Return what a dump of a register says of it, of whatever revision it is."""
    [(revision,)] = reader.rows("SELECT version_num FROM alembic_version")
    rows = reader.rows(
        "SELECT id, digest FROM entry WHERE id IN (1, (SELECT MAX(id) FROM entry)) ORDER BY id"
    )
    ends = list(rows) or [(0, NO_DIGEST)]
    return Head(revision, ends[0][1], *ends[-1])


def dump_of(connection: Connection) -> Iterator[str]:
    """Yield the lines of a register, of whatever revision it is. They end with a newline."""
    reader = ConnectionReader(connection)
    digest, rows = sha256(), 0

    def line(kind: str, values: Mapping[str, Any]) -> str:
        written = _to_json({kind: values}) + "\n"
        digest.update(written.encode())
        return written

    yield line(KIND, head_of(reader)._asdict())
    for table in KEPT:
        columns = _columns_of(connection, table)
        ordered = ", ".join(_in_order(connection, table, columns))
        found = reader.rows(f'SELECT {", ".join(columns)} FROM "{table}" ORDER BY {ordered}')
        for values in found:
            row = dict(zip(columns, map(sqlite_value, values), strict=True))
            if not _can_be_told(row):
                raise Refused(f"{table} holds what is neither a text nor a number: {row}")
            yield line(table, row)
            rows += 1
    yield _last_line(rows, digest.hexdigest())


def _last_line(rows: int, digest: str) -> str:
    return _to_json({"end": {"rows": rows, "sha256": digest}}) + "\n"


def _columns_of(connection: Connection, table: str) -> dict[str, TypeEngine[Any]]:
    return {column["name"]: column["type"] for column in inspect(connection).get_columns(table)}


def _in_order(
    connection: Connection, table: str, columns: Mapping[str, TypeEngine[Any]]
) -> Iterator[str]:
    """Yield the columns of a table's key, to be sorted by in the same way on any database."""
    by_bytes = "" if connection.dialect.name == "sqlite" else ' COLLATE "C"'
    for column in inspect(connection).get_pk_constraint(table)["constrained_columns"]:
        yield f"{column}{by_bytes if isinstance(columns[column], String) else ''}"


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write_dump(lines: Iterable[str], to: Path) -> None:
    """Write a dump to a file, compressed. The same lines give the same bytes."""
    with (
        to.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
    ):
        for line in lines:
            packed.write(line.encode())


@contextmanager
def reading_dump(path: Path) -> Iterator[Dump]:
    """Open a file that is a dump. Raise :class:`Refused` if it isn't one, or can't be read."""
    name = printable(str(path))
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"{name} cannot be read ({error.strerror or 'unknown reason'})") from None
    with file, gzip.GzipFile(fileobj=file) as unpacked:
        yield read_dump(_lines_of(unpacked), name)


def _lines_of(file: gzip.GzipFile) -> Iterator[str]:
    """Yield the lines of a compressed file. Raise ValueError where they can't be read."""
    try:
        while line := file.readline(LONGEST_LINE):
            yield line.decode()
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError from error


def read_dump(lines: Iterator[str], name: str) -> Dump:
    """Return what lines of a dump say. ``name`` is what they are called if they are refused.

    The rows are read as they are asked for. The last of them is only followed by the end of
    ``rows`` if all lines are as they were written.
    """
    try:
        first = next(lines, "")
        head = Head(**json.loads(first)[KIND])
        if not re.fullmatch(r"\d{4}", head.revision):
            raise ValueError(head.revision)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused(f"{name} is not a dump that this irbtrack can read") from None
    return Dump(head, _rows_of(first, lines, name))


def _rows_of(first: str, lines: Iterator[str], name: str) -> Iterator[DumpedRow]:
    digest, number = sha256(first.encode()), 0
    try:
        for line in lines:
            [(table, row)] = json.loads(line).items()
            if table == "end":
                if line == _last_line(number, digest.hexdigest()) and not next(lines, ""):
                    return
                break
            if not _can_be_told(row):
                break
            digest.update(line.encode())
            number += 1
            yield table, row
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise Refused(f"{name} is damaged: it is not as it was written after row {number:,}")


def _can_be_told(row: Mapping[str, Any]) -> bool:
    """Return whether a dump has such values: texts, whole numbers that fit a column, and None."""
    return all(
        value is None or isinstance(value, str) or (type(value) is int and abs(value) < 2**63)
        for value in row.values()
    )


def insert_rows(connection: Connection, dump: Dump, name: str) -> None:
    """Insert the rows of a dump into a register's empty tables, which are of its revision.

    Raise :class:`Refused` for a row that the tables can't take.
    """
    for table, rows in groupby(dump.rows, itemgetter(0)):
        if table not in KEPT:
            raise Refused(f"{name} has rows of {quoted(table)}, which is no table of a register")
        columns = _columns_of(connection, table)
        marks = ", ".join(f":{column}" for column in columns)
        inserting = text(f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})')
        told = (_to_insert(connection, columns, row, f"{name}, {table}") for _, row in rows)
        while some := list(islice(told, AT_ONCE)):
            try:
                connection.execute(inserting, some)
            except IntegrityError as error:
                raise Refused(f"{name}, {table}: its rows contradict one another") from error


def _to_insert(
    connection: Connection,
    columns: Mapping[str, TypeEngine[Any]],
    row: Mapping[str, Any],
    where: str,
) -> Mapping[str, Any]:
    """Return a row as the database takes it. SQLite takes it as it is."""
    if row.keys() != columns.keys():
        raise Refused(f"{where}: a row has not the columns that its revision has")
    if connection.dialect.name == "sqlite":
        return row
    try:
        return {column: _of_type(kind, row[column]) for column, kind in columns.items()}
    except (ValueError, TypeError) as error:
        raise Refused(f"{where}: a row cannot be read: {error}") from None


def _of_type(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        moment = as_moment(value)
        return moment if kind.timezone else moment.replace(tzinfo=None)
    return as_date(value) if isinstance(kind, Date) else value
