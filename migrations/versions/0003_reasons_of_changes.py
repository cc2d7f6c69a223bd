"""A change's own reason, beside that of its entry.

Revision 0003 after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a change say why it was made, as a row of a spreadsheet does."""
    op.add_column("change", sa.Column("reason", sa.Text(), nullable=True))
