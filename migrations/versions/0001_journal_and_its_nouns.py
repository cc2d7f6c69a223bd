"""The journal, the versions of its nouns, and snapshots.

Revision 0001 after nothing.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make everything."""
    op.create_table(
        "action_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("year", sqlmodel.AutoString(), nullable=False),
        sa.Column("audit", sqlmodel.AutoString(), nullable=True),
        sa.Column("title", sqlmodel.AutoString(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("priority", sqlmodel.AutoString(), nullable=False),
        sa.Column("directorate", sqlmodel.AutoString(), nullable=False),
        sa.Column("owner", sqlmodel.AutoString(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("times_redated", sa.Integer(), nullable=False),
        sa.Column("approved_by", sqlmodel.AutoString(), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("percent_complete", sa.Integer(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sqlmodel.AutoString(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_as", sqlmodel.AutoString(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_action_version")),
    )
    op.create_table(
        "audit_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("year", sqlmodel.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.Column("quarter", sqlmodel.AutoString(), nullable=True),
        sa.Column("status", sqlmodel.AutoString(), nullable=False),
        sa.Column("classification", sqlmodel.AutoString(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_audit_version")),
    )
    op.create_table(
        "council_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.Column("priorities", sa.Text(), nullable=False),
        sa.Column("classifications", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_council_version")),
    )
    op.create_table(
        "directorate_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_directorate_version")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("command", sqlmodel.AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("previous_digest", sqlmodel.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["undoes"], ["entry.id"], name=op.f("fk_entry_undoes"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    op.create_table(
        "officer_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("title", sqlmodel.AutoString(), nullable=False),
        sa.Column("directorate", sqlmodel.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_officer_version")),
    )
    op.create_table(
        "person",
        sa.Column("officer", sqlmodel.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=True),
        sa.Column("email", sqlmodel.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_person")),
    )
    op.create_table(
        "change",
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("noun", sqlmodel.AutoString(), nullable=False),
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_change_entry"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("entry", "position", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_noun_ref"), "change", ["noun", "ref"])

    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("label", sqlmodel.AutoString(), nullable=True),
        sa.Column("taken_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name=op.f("fk_snapshot_entry"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
    )
    op.create_index(op.f("ix_snapshot_as_of"), "snapshot", ["as_of"])

    op.create_table(
        "snapshot_action",
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("year", sqlmodel.AutoString(), nullable=False),
        sa.Column("audit", sqlmodel.AutoString(), nullable=True),
        sa.Column("directorate", sqlmodel.AutoString(), nullable=False),
        sa.Column("owner", sqlmodel.AutoString(), nullable=True),
        sa.Column("priority", sqlmodel.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"],
            ["snapshot.id"],
            name=op.f("fk_snapshot_action_snapshot"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("snapshot", "ref", name=op.f("pk_snapshot_action")),
    )
