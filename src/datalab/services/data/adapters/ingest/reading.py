"""Opening an upload as a relation of the engine, whatever its format."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from datalab.contracts.data import DataFormat, UnreadableData
from datalab.contracts.errors import MemoryLimitExceeded
from datalab.kernel.full_disk import is_full, storage_full
from datalab.services.data.adapters.engine.errors import found_no_room
from datalab.services.data.adapters.ingest.csv_source import csv_problem, csv_relation
from datalab.services.data.adapters.ingest.json_source import json_problem, json_relation
from datalab.services.data.adapters.ingest.parquet_source import parquet_relation
from datalab.services.data.model.column_choices import pins
from datalab.services.data.model.ingest import IngestRequest, PreviewRequest

_DELIMITERS = {DataFormat.CSV: None, DataFormat.TSV: "\t"}
_JSON = frozenset({DataFormat.JSON, DataFormat.NDJSON})


def relation_of(connection: DuckDBPyConnection, source: Path, request: IngestRequest | PreviewRequest) -> str:
    """SQL that reads the file, whole and in its own columns.

    Raises:
        UnreadableData: It can't be read as the format it is said to be.
    """
    pinned = pins(request.choices, request.columns or ())
    if request.format in _DELIMITERS:
        loose = isinstance(request, PreviewRequest) or bool(request.choices)
        names = frozenset(column.name.casefold() for column in pinned) if loose else frozenset[str]()
        return csv_relation(connection, source, _DELIMITERS[request.format], pinned, names)
    if request.format in _JSON:
        return json_relation(connection, source, request.format, pinned)
    if request.format is DataFormat.PARQUET:
        return parquet_relation(connection, source)
    from datalab.services.data.adapters.ingest.arrow_source import arrow_relation

    return arrow_relation(connection, source, whole=not (isinstance(request, PreviewRequest) and request.partial))


@contextmanager
def reading_errors(source: Path, format: DataFormat) -> Generator[None]:
    """Raise what the engine says of the file as :class:`UnreadableData`, with the place.

    Raises:
        MemoryLimitExceeded: Temporary files grew past their bound.
        StorageFull: There is no room for what is read.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if found_no_room(error):
            raise storage_full("the disk of temporary files") from error
        raise MemoryError from error
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and is_full(error):
            raise storage_full("the disk of tables and uploads") from error
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
