"""Models, their versions and aliases."""

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable

revision = "ai_0001"
down_revision = None
branch_labels = ("ai",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "models",
        sa.Column("id", Id, primary_key=True),
        sa.Column("name", sortable(63), nullable=False, unique=True),
        sa.Column("task", sa.String(32), nullable=False),
        sa.Column("target", sa.String(256), nullable=False),
        sa.Column("latest_version", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "model_versions",
        sa.Column("id", Id, primary_key=True),
        sa.Column("model_id", Id, sa.ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("job_id", Id, unique=True),
        sa.Column("task", sa.String(32), nullable=False),
        sa.Column("target", sa.String(256), nullable=False),
        sa.Column("algorithm", sa.String(64), nullable=False),
        sa.Column("engine", sa.String(16), nullable=False),
        sa.Column("features", Json, nullable=False),
        sa.Column("metrics", Json, nullable=False),
        sa.Column("baseline", Json, nullable=False),
        sa.Column("card", Json, nullable=False),
        sa.Column("recipe", Json, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint("model_id", "version", name="model_versions_number"),
    )
    op.create_table(
        "model_aliases",
        sa.Column("model_id", Id, primary_key=True),
        sa.Column("alias", sortable(63), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id", "version"],
            ["model_versions.model_id", "model_versions.version"],
            ondelete="CASCADE",
            name="model_aliases_version",
        ),
    )


def downgrade() -> None:
    op.drop_table("model_aliases")
    op.drop_table("model_versions")
    op.drop_table("models")
