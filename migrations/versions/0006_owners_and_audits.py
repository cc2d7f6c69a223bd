"""Co-owners of actions; the date and the directorate of audits.

Revision 0006 after 0005.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let every action that is there have no co-owner, and every audit neither date nor place."""
    op.add_column(
        "action_version", sa.Column("co_owners", sa.Text(), nullable=False, server_default="[]")
    )
    with op.batch_alter_table("action_version") as batch:  # what is written from now on says it
        batch.alter_column("co_owners", existing_type=sa.Text(), server_default=None)
    op.add_column("audit_version", sa.Column("issued_on", sa.Date(), nullable=True))
    text = sqlmodel.sql.sqltypes.AutoString()
    op.add_column("audit_version", sa.Column("directorate", text, nullable=True))
