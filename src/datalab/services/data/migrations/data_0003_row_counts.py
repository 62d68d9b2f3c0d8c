"""How many rows each version added and removed."""

import sqlalchemy as sa
from alembic import op

revision = "data_0003"
down_revision = "data_0002"
branch_labels = None
depends_on = None

COUNTED = """
UPDATE dataset_versions SET
    rows_added = (SELECT coalesce(sum(f.rows), 0) FROM dataset_files AS f
        WHERE f.dataset_id = dataset_versions.dataset_id AND f.added_version = dataset_versions.version),
    rows_removed = (SELECT coalesce(sum(f.rows), 0) FROM dataset_files AS f
        WHERE f.dataset_id = dataset_versions.dataset_id AND f.removed_version = dataset_versions.version)
"""
"""By whole files; an upsert's own count was not kept before."""


def upgrade() -> None:
    with op.batch_alter_table("dataset_versions") as table:
        table.add_column(sa.Column("rows_added", sa.BigInteger))
        table.add_column(sa.Column("rows_removed", sa.BigInteger))
    op.execute(COUNTED)


def downgrade() -> None:
    with op.batch_alter_table("dataset_versions") as table:
        table.drop_column("rows_removed")
        table.drop_column("rows_added")
