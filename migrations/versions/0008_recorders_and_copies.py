"""References to login names that record; the copies that were made of what is kept of people.

Revision 0008 after 0007.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables. Both are outside the digests, so that rows can be changed."""
    op.create_table(
        "recorder",
        sa.Column("ref", sqlmodel.AutoString(), nullable=False),
        sa.Column("login", sqlmodel.AutoString(), nullable=True),
        sa.Column("pseudonym", sqlmodel.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_recorder")),
    )
    op.create_table(
        "copy_made",
        sa.Column("machine", sqlmodel.AutoString(), nullable=False),
        sa.Column("place", sqlmodel.AutoString(), nullable=False),
        sa.Column("holds", sqlmodel.AutoString(), nullable=False),
        sa.Column("made_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("made_by", sqlmodel.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("machine", "place", name=op.f("pk_copy_made")),
    )
