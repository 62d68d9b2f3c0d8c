"""Who deleted a dataset, and since when its files are being swept, so that nobody brings back what is half gone."""

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import UtcDateTime

revision = "data_0004"
down_revision = "data_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("datasets", sa.Column("deleted_by", sa.String(256)))
    op.add_column("datasets", sa.Column("swept_at", UtcDateTime))


def downgrade() -> None:
    op.drop_column("datasets", "swept_at")
    op.drop_column("datasets", "deleted_by")
