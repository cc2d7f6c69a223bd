"""The tables, as SQLModel classes. ``migrations/`` makes them; a test compares the two.

The journal (``entry`` and ``change``) is the truth. Each noun's version table is worked out
from it and holds one row for each span of days in which nothing of the record changed, with
plain columns for those who read the database with other programs.
"""

from datetime import date, datetime

from sqlalchemy import Index, MetaData, Table
from sqlmodel import Field, SQLModel, Text

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


class _Version(SQLModel):
    ref: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    valid_to: date


class CouncilVersion(_Version, table=True):
    """The council; the scales are JSON lists."""

    __tablename__ = "council_version"

    name: str
    priorities: str = Field(sa_type=Text)
    classifications: str = Field(sa_type=Text)


class DirectorateVersion(_Version, table=True):
    """The directorates."""

    __tablename__ = "directorate_version"

    name: str


class OfficerVersion(_Version, table=True):
    """The posts."""

    __tablename__ = "officer_version"

    title: str
    directorate: str | None = None


class AuditVersion(_Version, table=True):
    """The audit plan; ``findings`` is a JSON list in the order of the priorities."""

    __tablename__ = "audit_version"

    year: str
    name: str
    quarter: str | None = None
    status: str
    classification: str | None = None
    findings: str | None = Field(default=None, sa_type=Text)


class ActionVersion(_Version, table=True):
    """The actions."""

    __tablename__ = "action_version"

    raised_on: date
    year: str
    audit: str | None = None
    title: str
    detail: str | None = Field(default=None, sa_type=Text)
    priority: str
    directorate: str
    owner: str | None = None
    original_due_on: date | None = None
    due_on: date | None = None
    times_redated: int = 0
    approved_by: str | None = None
    progress: str | None = Field(default=None, sa_type=Text)
    percent_complete: int | None = None
    completed_on: date | None = None
    evidence: str | None = Field(default=None, sa_type=Text)
    verified_on: date | None = None
    verified_by: str | None = None
    closed_on: date | None = None
    closed_as: str | None = None
    expires_on: date | None = None
    outcome_on: date | None = None


class DirectionVersion(_Version, table=True):
    """The directions; leads and members are JSON lists of officers' codes."""

    __tablename__ = "direction_version"

    title: str
    strategic_leads: str = Field(sa_type=Text)
    operational_leads: str = Field(sa_type=Text)
    members: str = Field(sa_type=Text)
    original_target_on: date | None = None
    target_on: date | None = None
    times_redated: int = 0
    target_note: str | None = None
    rag: str | None = None
    rag_on: date | None = None
    trend: str | None = None
    trend_on: date | None = None


class WorkstreamVersion(_Version, table=True):
    """The plans and their workstreams."""

    __tablename__ = "workstream_version"

    name: str
    within: str | None = None
    position: int


class MilestoneVersion(_Version, table=True):
    """The milestones and other items of the plans."""

    __tablename__ = "milestone_version"

    title: str
    workstream: str
    direction: str | None = None
    starts_on: date | None = None
    baseline_on: date | None = None
    forecast_on: date | None = None
    times_redated: int = 0
    rag: str | None = None
    rag_on: date | None = None
    dropped_on: date | None = None


class NoteVersion(_Version, table=True):
    """The notes; ``text`` is Markdown."""

    __tablename__ = "note_version"

    section: str
    direction: str | None = None
    workstream: str | None = None
    milestone: str | None = None
    theme: str | None = None
    text: str = Field(sa_type=Text)
    dated_on: date
    dated_to: str
    board_on: date | None = None
    position: int
    dropped_on: date | None = None


VERSION_TABLES: dict[str, type[_Version]] = {
    "council": CouncilVersion,
    "directorate": DirectorateVersion,
    "officer": OfficerVersion,
    "audit": AuditVersion,
    "action": ActionVersion,
    "direction": DirectionVersion,
    "workstream": WorkstreamVersion,
    "milestone": MilestoneVersion,
    "note": NoteVersion,
}


class PersonRow(SQLModel, table=True):
    """Who holds a post. Outside the digests, so that it can be corrected or erased."""

    __tablename__ = "person"

    officer: str = Field(primary_key=True)
    name: str | None = None
    email: str | None = None


class SnapshotRow(SQLModel, table=True):
    """The figures as published for a board. The newest of a day is the one that counts.

    Their digest is in the journal entry, whose own digest covers it.
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


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model. Rows go into it as they are: they come from validated records."""
    return metadata.tables[str(model.__tablename__)]
