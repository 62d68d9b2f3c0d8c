"""The data service's tables: an index of what the Delta logs say, and names."""

import sqlalchemy as sa

from datalab.kernel.database.types import Id, Json, UtcDateTime, sortable

metadata = sa.MetaData()

datasets = sa.Table(
    "datasets",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("namespace", sortable(63), nullable=False),
    sa.Column("table_name", sa.String(63), nullable=False),
    sa.Column("table_key", sortable(63), nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("columns", Json, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("created_by", sa.String(256), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("deleted_at", UtcDateTime),
    sa.Column("deleted_by", sa.String(256)),
    sa.Column("swept_at", UtcDateTime),
)

dataset_versions = sa.Table(
    "dataset_versions",
    metadata,
    sa.Column("dataset_id", Id, sa.ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("operation", sa.String(64), nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("columns", Json, nullable=False),
    sa.Column("created_by", sa.String(256), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("publication", sa.String(256)),
    sa.Column("rows_added", sa.BigInteger),
    sa.Column("rows_removed", sa.BigInteger),
)

dataset_files = sa.Table(
    "dataset_files",
    metadata,
    sa.Column("dataset_id", Id, sa.ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("path", sa.String(512), primary_key=True),
    sa.Column("added_version", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("removed_version", sa.BigInteger),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
)

queries = sa.Table(
    "queries",
    metadata,
    sa.Column("subject", sa.String(256), primary_key=True),
    sa.Column("query_id", sa.String(64), primary_key=True),
    sa.Column("sql", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("row_count", sa.BigInteger),
    sa.Column("error", sa.Text),
    sa.Column("stop_asked", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(256), nullable=False),
    sa.Column("listed", sa.Boolean, nullable=False),
    sa.Column("cached", sa.Boolean, nullable=False),
    sa.Column("sql_cut", sa.Boolean, nullable=False),
    sa.Column("elapsed_ms", sa.Float),
    sa.Column("seen_at", UtcDateTime),
)
