"""The registry's tables; the migrations make them."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable

metadata = MetaData()

models = Table(
    "models",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", sortable(63), nullable=False, unique=True),
    Column("task", String(32), nullable=False),
    Column("target", String(256), nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("model_id", Id, ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("job_id", Id, nullable=True, unique=True),
    Column("task", String(32), nullable=False),
    Column("target", String(256), nullable=False),
    Column("algorithm", String(64), nullable=False),
    Column("engine", String(16), nullable=False),
    Column("features", Json, nullable=False),
    Column("metrics", Json, nullable=False),
    Column("baseline", Json, nullable=False),
    Column("card", Json, nullable=False),
    Column("recipe", Json, nullable=False),
    Column("files", Json, nullable=False),
    Column("created_by", String(255), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("model_id", "version", name="model_versions_number"),
)

model_aliases = Table(
    "model_aliases",
    metadata,
    Column("model_id", Id, primary_key=True),
    Column("alias", sortable(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(
        ["model_id", "version"],
        ["model_versions.model_id", "model_versions.version"],
        ondelete="CASCADE",
        name="model_aliases_version",
    ),
)
