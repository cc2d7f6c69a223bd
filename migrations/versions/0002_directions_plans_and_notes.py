"""Directions, plans and notes.

Revision 0002 after 0001.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the version tables of the nouns that came with directions."""
    op.create_table(
        "direction_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("title", sqlmodel.AutoString(), nullable=False),
        sa.Column("strategic_leads", sa.Text(), nullable=False),
        sa.Column("operational_leads", sa.Text(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("original_target_on", sa.Date(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("times_redated", sa.Integer(), nullable=False),
        sa.Column("target_note", sqlmodel.AutoString(), nullable=True),
        sa.Column("rag", sqlmodel.AutoString(), nullable=True),
        sa.Column("rag_on", sa.Date(), nullable=True),
        sa.Column("trend", sqlmodel.AutoString(), nullable=True),
        sa.Column("trend_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_direction_version")),
    )
    op.create_table(
        "milestone_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("title", sqlmodel.AutoString(), nullable=False),
        sa.Column("workstream", sqlmodel.AutoString(), nullable=False),
        sa.Column("direction", sqlmodel.AutoString(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("forecast_on", sa.Date(), nullable=True),
        sa.Column("times_redated", sa.Integer(), nullable=False),
        sa.Column("rag", sqlmodel.AutoString(), nullable=True),
        sa.Column("rag_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_milestone_version")),
    )
    op.create_table(
        "note_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("section", sqlmodel.AutoString(), nullable=False),
        sa.Column("direction", sqlmodel.AutoString(), nullable=True),
        sa.Column("workstream", sqlmodel.AutoString(), nullable=True),
        sa.Column("milestone", sqlmodel.AutoString(), nullable=True),
        sa.Column("theme", sqlmodel.AutoString(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("dated_to", sqlmodel.AutoString(), nullable=False),
        sa.Column("board_on", sa.Date(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_note_version")),
    )
    op.create_table(
        "workstream_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.Column("within", sqlmodel.AutoString(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_workstream_version")),
    )
