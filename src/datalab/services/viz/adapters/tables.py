"""The service's tables."""

from sqlalchemy import Column, Double, MetaData, String, Table, Text

from datalab.kernel.database.types import Json, UtcDateTime, sortable

metadata = MetaData()

charts = Table(
    "charts",
    metadata,
    Column("name", sortable(63), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("spec", Json, nullable=False),
    Column("sql", Text),
    Column("dataset", String(128)),
    Column("scale", Double, nullable=False),
    Column("theme", String(8), nullable=False),
    Column("publication", Text),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

dashboards = Table(
    "dashboards",
    metadata,
    Column("name", sortable(63), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("tiles", Json, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)
