"""Find what differs from the tables, triggers and views that the migrations make."""

from collections.abc import Iterator

from sqlalchemy import create_engine

from irbtrack.domain.checks import Finding
from irbtrack.store.database import Reader
from irbtrack.store.migrate import make_tables
from irbtrack.store.server import ConnectionReader

Schema = dict[tuple[str, str], str]
"""The statement that makes each table, index, trigger and view, by kind and name."""


def schema_findings(reader: Reader) -> Iterator[Finding]:
    """Yield what SQLite finds damaged in its file, and what is not as the migrations make it."""
    for (problem,) in reader.rows("PRAGMA integrity_check"):
        if problem != "ok":
            yield Finding("database", "file", f"SQLite finds the file damaged: {problem}")
    for table, row, parent, _ in reader.rows("PRAGMA foreign_key_check"):
        wrong = f"row {row} of {table} refers to a row of {parent} that is not there"
        yield Finding("table", table, wrong)
    made, there = _made_afresh(), _schema(reader)
    for kind, name in sorted(made.keys() | there.keys()):
        found, expected = there.get((kind, name)), made.get((kind, name))
        if found == expected:
            continue
        wrong = "is not one of irbtrack's" if expected is None else "is not as irbtrack makes it"
        yield Finding(kind, name, f"{kind} {name} {'is not there' if found is None else wrong}")


def _made_afresh() -> Schema:
    with create_engine("sqlite://").begin() as connection:
        make_tables(connection)
        return _schema(ConnectionReader(connection))


def _schema(reader: Reader) -> Schema:
    rows = reader.rows("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {
        (kind, name): _plain(sql)
        for kind, name, sql in rows
        if not name.startswith("sqlite_")  # SQLite's own notes, such as those of ANALYZE
    }


def _plain(sql: str) -> str:
    """Return a statement as it reads whichever version of SQLite or Alembic wrote it."""
    return " ".join(str(sql).replace('"', "").split())
