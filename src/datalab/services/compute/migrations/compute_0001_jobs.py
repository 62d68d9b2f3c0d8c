"""Jobs, what they wait for, what happened to them, and the keys under which they were submitted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable

revision = "compute_0001"
down_revision = None
branch_labels = ("compute",)
depends_on = None


def upgrade() -> None:
    op.create_table("jobs", *_what(), *_whose(), *_standing(), *_lease_and_times())
    _create_indexes()
    _create_links()
    _create_events()
    _create_keys()


def _what() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", Id, primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("spec", Json, nullable=False),
        sa.Column("tags", Json, nullable=False),
        sa.Column("depends_on", Json, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("timeout_s", sa.Double, nullable=False),
        sa.Column("retries", sa.Integer, nullable=False),
        sa.Column("run_at", UtcDateTime()),
        sa.Column("deadline", UtcDateTime()),
    ]


def _whose() -> list[sa.Column[Any]]:
    return [
        sa.Column("owner", sa.String(255), nullable=False),
        sa.Column("owner_name", sa.String(255), nullable=False),
        sa.Column("owner_role", sa.String(16), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("request_id", sa.String(128), nullable=False),
        sa.Column("traceparent", sa.String(255)),
    ]


def _standing() -> list[sa.Column[Any]]:
    return [
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("waiting_for", sa.Integer, nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("retries_left", sa.Integer, nullable=False),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("progress", sa.Double, nullable=False),
        sa.Column("progress_message", sa.String),
        sa.Column("result", Json),
        sa.Column("error_code", sa.String(128)),
        sa.Column("error_detail", sa.String),
    ]


def _lease_and_times() -> list[sa.Column[Any]]:
    return [
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.String(255)),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("finished_at", UtcDateTime()),
    ]


def _create_indexes() -> None:
    _index(
        "jobs_claimable", ["queue", sa.text("priority DESC"), "ready_at", "id"], "state = 'queued' AND waiting_for = 0"
    )
    _index("jobs_running", ["lease_owner", "lease_until"], "state = 'running'")
    _index("jobs_deadline", ["deadline"], "state = 'queued' AND deadline IS NOT NULL")
    op.create_index("jobs_owner", "jobs", ["owner", "id"])


def _create_links() -> None:
    op.create_table(
        "job_dependencies",
        sa.Column("job_id", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("depends_on", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("satisfied", sa.Boolean, nullable=False),
    )
    op.create_index("job_dependencies_dependants", "job_dependencies", ["depends_on", "job_id"])
    op.create_table(
        "job_tags",
        sa.Column("tag", sortable(128), primary_key=True),
        sa.Column("job_id", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("job_tags_job", "job_tags", ["job_id"])


def _create_events() -> None:
    op.create_table(
        "job_events",
        sa.Column("job_id", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16)),
        sa.Column("progress", sa.Double),
        sa.Column("message", sa.String),
    )


def _create_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(255), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("job_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
    )


def downgrade() -> None:
    for table in ("idempotency_keys", "job_events", "job_tags", "job_dependencies", "jobs"):
        op.drop_table(table)


def _index(name: str, columns: list[str | sa.TextClause], where: str) -> None:
    op.create_index(name, "jobs", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
