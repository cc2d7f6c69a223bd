"""Waivers: the checks that are switched off, and why.

Revision 0005 after 0004.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the versions of waivers."""
    op.create_table(
        "waiver_version",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("check_name", sqlmodel.AutoString(), nullable=False),
        sa.Column("about", sqlmodel.AutoString(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("ref", "valid_from", name=op.f("pk_waiver_version")),
    )
