"""A task of a worker of the profile ``ingest``: uploaded bytes to one Parquet file that no table refers to yet."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from datalab.contracts.data import DataFormat, UnreadableData
from datalab.contracts.errors import MemoryLimitExceeded
from datalab.kernel.pool.channel import Channel
from datalab.services.data.adapters.ingest.column_types import table_schema, tabled
from datalab.services.data.adapters.ingest.csv_source import csv_problem, csv_relation
from datalab.services.data.adapters.ingest.expand import check_kind, expanded
from datalab.services.data.adapters.ingest.fitting import described, fitted_new, fitted_to
from datalab.services.data.adapters.ingest.json_source import json_problem, json_relation
from datalab.services.data.adapters.ingest.merging import merged
from datalab.services.data.adapters.ingest.parquet_source import parquet_relation
from datalab.services.data.adapters.ingest.sql import text
from datalab.services.data.model.ingest import Ingested, IngestRequest

ROW_GROUP = 122_880
_DELIMITERS = {DataFormat.CSV: None, DataFormat.TSV: "\t"}
_JSON = frozenset({DataFormat.JSON, DataFormat.NDJSON})


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
    connection = _connect(request)
    try:
        with _reading_errors(source, request.format):
            ingested = _written(connection, _relation(connection, request, source), request)
    finally:
        connection.close()
    return ingested.model_dump()


def _connect(request: IngestRequest) -> DuckDBPyConnection:
    limits = request.limits
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": str(limits.threads),
            "memory_limit": f"{limits.memory_bytes}B",
            "max_temp_directory_size": f"{limits.spill_bytes}B",
            "temp_directory": "spill",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _relation(connection: DuckDBPyConnection, request: IngestRequest, source: Path) -> str:
    if request.format in _DELIMITERS:
        return csv_relation(connection, source, _DELIMITERS[request.format], request.columns or ())
    if request.format in _JSON:
        return json_relation(source, request.format)
    if request.format is DataFormat.PARQUET:
        return parquet_relation(connection, source)
    from datalab.services.data.adapters.ingest.arrow_source import arrow_relation

    return arrow_relation(connection, source)


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
    return Ingested(columns=fitted.columns, table_schema=schema, rows=int(copied[0][1]), bytes=size)


@contextmanager
def _reading_errors(source: Path, format: DataFormat) -> Generator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise MemoryError from error
    except duckdb.Error as error:
        if "max_temp_directory_size" in str(error):
            raise MemoryLimitExceeded("reading the upload needs more temporary space than it is given") from error
        if format in _DELIMITERS:
            raise csv_problem(error, source) from error
        if format in _JSON:
            raise json_problem(source, format, str(error)) from error
        raise UnreadableData(_worded(error, source, format)) from error


def _worded(error: duckdb.Error, source: Path, format: DataFormat) -> str:
    message = str(error).replace(str(source), "the file").split("\n")[0]
    return f"the file can't be read as {format.value.capitalize()}: {message.partition('Error: ')[2][:300] or message[:300]}"
