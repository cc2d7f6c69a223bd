"""Describe the tables. ``migrations/`` makes them, and a test compares the two.

The journal (``entry`` and ``change``) is the truth. Each noun's version table is worked out
from it. It has one row for each span of days in which the record didn't change, with plain
columns that other programs can read.
"""

from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import Column, Date, Index, Integer, MetaData, Table
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString, Field, SQLModel, Text

from irbtrack.domain.field import Holds
from irbtrack.domain.nouns import NOUNS
from irbtrack.domain.record import Record, list_fields

metadata: MetaData = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class EntryRow(SQLModel, table=True):
    """One command that changed something."""

    __tablename__ = "entry"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime
    recorded_by: str
    command: str
    reason: str | None = Field(default=None, sa_type=Text)
    undoes: int | None = Field(default=None, foreign_key="entry.id", ondelete="RESTRICT")
    previous_digest: str
    digest: str


class ChangeRow(SQLModel, table=True):
    """From a day on, these fields of a record hold; ``fields`` is canonical JSON.

    ``reason`` is the change's own, beside that of its entry.
    """

    __tablename__ = "change"
    __table_args__ = (Index(None, "noun", "ref"),)

    entry: int = Field(primary_key=True, foreign_key="entry.id", ondelete="RESTRICT")
    position: int = Field(primary_key=True)
    noun: str
    ref: str
    effective_on: date
    fields: str = Field(sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)


def _version_table(kind: type[Record]) -> Table:
    """Return the version table of a noun: its record's fields, and the days it holds.

    Fields of several values are kept as JSON lists.
    """
    texts = {field.name for field in kind.FIELDS if field.holds is Holds.TEXT} | list_fields(kind)
    return Table(
        f"{kind.NOUN}_version",
        metadata,
        Column("ref", AutoString(), primary_key=True, nullable=False),
        Column("valid_from", Date(), primary_key=True, nullable=False),
        Column("valid_to", Date(), nullable=False),
        *(
            Column(name, Text() if name in texts else _sql_type(held), nullable=_optional(held))
            for name, held in kind.TYPES.items()
            if name != "ref"
        ),
    )


def _sql_type(held: Any) -> TypeEngine[Any]:
    of = set(get_args(held)) or {held}
    return Date() if date in of else Integer() if int in of else AutoString()


def _optional(held: Any) -> bool:
    return type(None) in get_args(held)


VERSION_TABLES: dict[str, Table] = {noun: _version_table(kind) for noun, kind in NOUNS.items()}
"""The version table of each noun."""


class PersonRow(SQLModel, table=True):
    """Who holds a post. It is outside the digests, so that it can be corrected or erased."""

    __tablename__ = "person"

    officer: str = Field(primary_key=True)
    name: str | None = None
    email: str | None = None


class RecorderRow(SQLModel, table=True):
    """The login name behind a reference by which entries say who recorded them.

    It is outside the digests. A pseudonym may stand in its place, or nothing.
    """

    __tablename__ = "recorder"

    ref: str = Field(primary_key=True)
    login: str | None = None
    pseudonym: str | None = None


class CopyRow(SQLModel, table=True):
    """A copy of what is kept of people, so that an erasure can name it. The newest of a place."""

    __tablename__ = "copy_made"

    machine: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    holds: str
    made_at: datetime
    made_by: str


class SnapshotRow(SQLModel, table=True):
    """The figures as published for a board. If a day has several, the newest counts.

    Its digest is in the journal entry, whose own digest covers it.
    """

    __tablename__ = "snapshot"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    as_of: date = Field(index=True)
    label: str | None = None
    taken_at: datetime
    entry: int = Field(foreign_key="entry.id", ondelete="RESTRICT")


class SnapshotActionRow(SQLModel, table=True):
    """An action that a snapshot counted, and what it was counted under."""

    __tablename__ = "snapshot_action"

    snapshot: int = Field(primary_key=True, foreign_key="snapshot.id", ondelete="RESTRICT")
    ref: str = Field(primary_key=True)
    year: str
    audit: str | None = None
    directorate: str
    owner: str | None = None
    priority: str
    status: str


class StampRow(SQLModel, table=True):
    """What irbtrack's last write left: one row, by which another program's write is noticed.

    ``entry`` and ``digest`` are those of the journal's last entry, and ``people`` is the digest
    of the table ``person``. ``counter`` is how often a SQLite file was written to, as its header
    says. ``writing`` is 1 within a write of irbtrack's, and otherwise 0.
    """

    __tablename__ = "stamp"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry: int
    digest: str
    people: str
    counter: int
    writing: int


def table_of(model: type[SQLModel]) -> Table:
    """Return the table behind a model.

    Rows go into it as they are, because they come from validated records.
    """
    return metadata.tables[str(model.__tablename__)]
