"""Charts and dashboards."""

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import Json, UtcDateTime, sortable

revision = "viz_0001"
down_revision = None
branch_labels = ("viz",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "charts",
        sa.Column("name", sortable(63), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("spec", Json, nullable=False),
        sa.Column("sql", sa.Text()),
        sa.Column("dataset", sa.String(128)),
        sa.Column("scale", sa.Double, nullable=False),
        sa.Column("theme", sa.String(8), nullable=False),
        sa.Column("publication", sa.Text()),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "dashboards",
        sa.Column("name", sortable(63), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("tiles", Json, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("dashboards")
    op.drop_table("charts")
