"""Longer queries, so that any process of the service can tell of them and stop them."""

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import UtcDateTime

revision = "data_0002"
down_revision = "data_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "queries",
        sa.Column("subject", sa.String(256), primary_key=True),
        sa.Column("query_id", sa.String(64), primary_key=True),
        sa.Column("sql", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("row_count", sa.BigInteger),
        sa.Column("error", sa.Text),
        sa.Column("stop_asked", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("queries")
