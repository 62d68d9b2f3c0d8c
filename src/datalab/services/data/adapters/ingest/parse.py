"""A task of a worker of the profile ``ingest``: uploaded bytes to one Parquet file that no table refers to yet."""

from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from datalab.kernel.pool.channel import Channel
from datalab.services.data.adapters.engine.connection import session
from datalab.services.data.adapters.ingest.choosing import chosen
from datalab.services.data.adapters.ingest.column_types import table_schema, tabled
from datalab.services.data.adapters.ingest.expand import check_kind, expanded
from datalab.services.data.adapters.ingest.fitting import described, fitted_new, fitted_to
from datalab.services.data.adapters.ingest.merging import merged
from datalab.services.data.adapters.ingest.reading import reading_errors, relation_of
from datalab.services.data.adapters.ingest.sql import text
from datalab.services.data.model.ingest import Ingested, IngestRequest

ROW_GROUP = 122_880


def run(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Carry out an :class:`IngestRequest`; gives an :class:`Ingested`.

    Raises:
        UnreadableData: The bytes aren't what they are said to be, or don't fit the table; it names the place.
        TooLarge: They expand beyond what is accepted.
        InvalidInput: A key column isn't there.
    """
    request = IngestRequest.model_validate(arguments)
    channel.progress(0.0, "reading")
    source = expanded(Path(request.source), request.expanded_max_bytes)
    check_kind(source, request.format)
    with session(request.limits) as connection, reading_errors(source, request.format):
        ingested = _written(connection, _chosen_relation(connection, request, source), request)
    return ingested.model_dump()


def _chosen_relation(connection: DuckDBPyConnection, request: IngestRequest, source: Path) -> str:
    relation = relation_of(connection, source, request)
    return chosen(connection, relation, request.choices) if request.choices else relation


def _written(connection: DuckDBPyConnection, relation: str, request: IngestRequest) -> Ingested:
    fields = described(connection, relation)
    if request.columns is None:
        fitted = fitted_new(fields, relation)
    else:
        fitted = fitted_to(connection, fields, relation, request.columns)
    sql = fitted.sql
    if request.key:
        sql = merged(connection, sql, fitted.columns, request.key, request.base)
    copied = connection.execute(
        f"COPY ({sql}) TO {text(request.target)} "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}, RETURN_STATS true)"
    ).fetchall()
    schema = table_schema([(one, tabled(kind, one)[1]) for one, kind in described(connection, fitted.sql)])
    size = Path(request.target).stat().st_size
    rows = int(copied[0][1])
    uploaded = _count(connection, fitted.sql) if request.base else rows
    return Ingested(columns=fitted.columns, table_schema=schema, rows=rows, uploaded=uploaded, bytes=size)


def _count(connection: DuckDBPyConnection, relation: str) -> int:
    ((count,),) = connection.execute(f"SELECT count(*) FROM ({relation})").fetchall()
    return int(count)
