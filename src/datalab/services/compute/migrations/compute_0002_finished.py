"""Finding the jobs that ended long ago without reading those that didn't."""

import sqlalchemy as sa
from alembic import op

revision = "compute_0002"
down_revision = "compute_0001"
branch_labels = None
depends_on = None

_ENDED = sa.text("finished_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("jobs_finished", "jobs", ["finished_at"], sqlite_where=_ENDED, postgresql_where=_ENDED)
    op.create_index("idempotency_keys_created", "idempotency_keys", ["created_at"])
    op.create_index("idempotency_keys_job", "idempotency_keys", ["job_id"])


def downgrade() -> None:
    op.drop_index("idempotency_keys_job", "idempotency_keys")
    op.drop_index("idempotency_keys_created", "idempotency_keys")
    op.drop_index("jobs_finished", "jobs")
