"""Refresh tokens that were used, so that their second use is seen."""

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import Id, UtcDateTime

revision = "gateway_0004"
down_revision = "gateway_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_refresh_tokens",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("session", Id, sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("spent_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("spent_refresh_tokens")
