"""The compute service's tables."""

import sqlalchemy as sa

from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable

metadata = sa.MetaData()

jobs = sa.Table(
    "jobs",
    metadata,
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
    # Whose it is, and what the submission's request was.
    sa.Column("owner", sa.String(255), nullable=False),
    sa.Column("owner_name", sa.String(255), nullable=False),
    sa.Column("owner_role", sa.String(16), nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("request_id", sa.String(128), nullable=False),
    sa.Column("traceparent", sa.String(255)),
    # Where it stands.
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
    # Who runs it: `fence` grows with each claim and never falls.
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("lease_owner", sa.String(255)),
    sa.Column("lease_until", UtcDateTime()),
    sa.Column("last_sequence", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
    sa.Column("started_at", UtcDateTime()),
    sa.Column("finished_at", UtcDateTime()),
)

job_dependencies = sa.Table(
    "job_dependencies",
    metadata,
    sa.Column("job_id", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("depends_on", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("satisfied", sa.Boolean, nullable=False),
)

job_tags = sa.Table(
    "job_tags",
    metadata,
    sa.Column("tag", sortable(128), primary_key=True),
    sa.Column("job_id", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
)

job_events = sa.Table(
    "job_events",
    metadata,
    sa.Column("job_id", Id, sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime(), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16)),
    sa.Column("progress", sa.Double),
    sa.Column("message", sa.String),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("owner", sa.String(255), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("job_id", Id, nullable=False),
    sa.Column("created_at", UtcDateTime(), nullable=False),
)
