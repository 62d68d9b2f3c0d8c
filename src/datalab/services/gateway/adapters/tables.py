"""The gateway's tables."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table

from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", sortable(128), nullable=False),
    Column("name_key", sortable(256), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("role", String(16), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("password_hash", String(255)),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String(128), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("address", String(64)),
    Column("user_agent", String(256)),
)

spent_refresh_tokens = Table(
    "spent_refresh_tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("session", Id, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("spent_at", UtcDateTime, nullable=False),
)

revoked_tokens = Table(
    "revoked_tokens",
    metadata,
    Column("token_id", String(100), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

setup_codes = Table(
    "setup_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("service", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("name", String(256), nullable=False),
    Column("actor", String(128)),
    Column("action", String(300), nullable=False),
    Column("resource", String(1000), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("status", Integer, nullable=False),
    Column("address", String(64)),
    Column("request_id", String(128), nullable=False),
    Index("ix_audit_subject_id", "subject", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("owner", Id, primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("made", Id, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
