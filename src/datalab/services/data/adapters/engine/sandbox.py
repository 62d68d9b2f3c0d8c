"""A database in memory, closed to everything but the files of one statement."""

import threading
from collections.abc import Iterable, Sequence

from duckdb import DuckDBPyConnection

from datalab.services.data.adapters.engine.connection import in_memory
from datalab.services.data.model.statement import EngineLimits
from datalab.services.data.model.table_view import TableView

_spare: list[tuple[EngineLimits, DuckDBPyConnection]] = []
_lock = threading.Lock()


def open_sandbox(limits: EngineLimits, views: Sequence[TableView]) -> DuckDBPyConnection:
    """A fresh database in which ``views`` are the only tables; its configuration can't be changed any more."""
    connection = _take(limits)
    files = ", ".join(_text(file) for view in views for file in view.files)
    connection.execute(f"SET allowed_paths = [{files}]")
    for statement in (*_schemas(views), *map(_view, views)):
        connection.execute(statement)
    for variable, value in (one for view in views for one in view.variables):
        connection.execute(f"SET VARIABLE {identifier(variable)} = ?", [value])
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")
    return connection


def warm(limits: EngineLimits) -> None:
    """Have an empty database ready for the next statement; returns at once."""
    threading.Thread(target=_stock, args=(limits,)).start()


def identifier(name: str) -> str:
    """The name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _take(limits: EngineLimits) -> DuckDBPyConnection:
    with _lock:
        held = _spare.pop() if _spare else None
    if held is not None and held[0] == limits:
        return held[1]
    return _new(limits)


def _stock(limits: EngineLimits) -> None:
    with _lock:
        if not _spare:
            _spare.append((limits, _new(limits)))


def _new(limits: EngineLimits) -> DuckDBPyConnection:
    connection = in_memory(limits)
    connection.execute("SET streaming_buffer_size = '1MiB'; SET errors_as_json = true")
    return connection


def _schemas(views: Iterable[TableView]) -> list[str]:
    return [f"CREATE SCHEMA IF NOT EXISTS {identifier(name)}" for name in sorted({view.namespace for view in views})]


def _view(view: TableView) -> str:
    files = ", ".join(_text(file) for file in view.files)
    name = f"{identifier(view.namespace)}.{identifier(view.table)}"
    fitting = f" WHERE {' AND '.join(f'({one})' for one in view.conditions)}" if view.conditions else ""
    return f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{files}], hive_partitioning = false){fitting}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
