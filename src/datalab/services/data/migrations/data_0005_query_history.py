"""Queries as a history: whose, how long, from memory or not, and when their process was last seen."""

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import UtcDateTime

revision = "data_0005"
down_revision = "data_0004"
branch_labels = None
depends_on = None

ADDED = ("by", "listed", "cached", "sql_cut", "elapsed_ms", "seen_at")


def upgrade() -> None:
    op.add_column("queries", sa.Column("by", sa.String(256), nullable=False, server_default=""))
    for name in ("listed", "cached", "sql_cut"):
        op.add_column("queries", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("queries", sa.Column("elapsed_ms", sa.Float))
    op.add_column("queries", sa.Column("seen_at", UtcDateTime))
    op.create_index("queries_started", "queries", ["started_at"])
    op.create_index("queries_subject_started", "queries", ["subject", "started_at"])


def downgrade() -> None:
    op.drop_index("queries_subject_started", "queries")
    op.drop_index("queries_started", "queries")
    with op.batch_alter_table("queries") as table:
        for name in ADDED:
            table.drop_column(name)
