"""The days of actions that an import had to assume.

Revision 0009 after 0008.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let no day of the actions that are there be assumed, because nobody has kept which are."""
    text = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("action_version", sa.Column("assumed_days", text, nullable=True))
