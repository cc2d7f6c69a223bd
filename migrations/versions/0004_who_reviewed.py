"""Who reviewed: the source of an audit, and the council's list of sources.

Revision 0004 after 0003.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SOURCES = '["Internal Audit","External Audit","Peer Review","Inspection"]'


def upgrade() -> None:
    """Let every audit that is there be internal audit's, and the council have the usual list."""
    text = sqlmodel.sql.sqltypes.AutoString()
    for table, column, kind, usual in (
        ("audit_version", "source", text, "Internal Audit"),
        ("council_version", "sources", sa.Text(), SOURCES),
    ):
        op.add_column(table, sa.Column(column, kind, nullable=False, server_default=usual))
        with op.batch_alter_table(table) as batch:  # what is written from now on says it
            batch.alter_column(column, existing_type=kind, server_default=None)
