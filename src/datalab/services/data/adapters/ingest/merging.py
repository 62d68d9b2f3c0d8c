"""Upsert: the upload's rows, and the table's other rows."""

from duckdb import DuckDBPyConnection

from datalab.contracts.data import Column, UnreadableData
from datalab.contracts.errors import FieldError, InvalidInput
from datalab.services.data.adapters.ingest.sql import name, texts


def merged(
    connection: DuckDBPyConnection, rows: str, columns: tuple[Column, ...], key: tuple[str, ...], base: tuple[str, ...]
) -> str:
    """SQL for the whole table after the upsert.

    Raises:
        InvalidInput: A key column isn't one of the table's.
        UnreadableData: The upload has one key twice, or none in a row.
    """
    keys = [_column(one, columns) for one in key]
    _refuse_bad_keys(connection, rows, keys)
    kept = ", ".join(name(column.name) for column in columns)
    matches = " AND ".join(f"old.{name(one)} = new.{name(one)}" for one in keys)
    old = f"SELECT {kept} FROM read_parquet({texts(base)}, hive_partitioning = false)" if base else f"{rows} LIMIT 0"
    return (
        f"SELECT {kept} FROM ({old}) AS old WHERE NOT EXISTS (SELECT 1 FROM ({rows}) AS new WHERE {matches}) "
        f"UNION ALL SELECT {kept} FROM ({rows})"
    )


def _column(one: str, columns: tuple[Column, ...]) -> str:
    for column in columns:
        if column.name.casefold() == one.casefold():
            return column.name
    listed = ", ".join(column.name for column in columns)
    raise InvalidInput(f"key: {one[:80]!r} is no column of the dataset, which has {listed[:1000]}")


def _refuse_bad_keys(connection: DuckDBPyConnection, rows: str, keys: list[str]) -> None:
    listed = ", ".join(name(one) for one in keys)
    absent = " OR ".join(f"{name(one)} IS NULL" for one in keys)
    if connection.execute(f"SELECT 1 FROM ({rows}) WHERE {absent} LIMIT 1").fetchall():
        raise UnreadableData(f"a row has no value in its key ({', '.join(keys)})")
    twice = connection.execute(
        f"SELECT concat_ws(', ', {listed}) FROM ({rows}) GROUP BY {listed} HAVING count(*) > 1 LIMIT 1"
    ).fetchall()
    for (value,) in twice:
        problem = FieldError(
            where=f"key {', '.join(keys)}", what="is in several rows of the upload", got=str(value)[:200]
        )
        raise UnreadableData(f"{problem.where}: {problem.got!r} {problem.what}", errors=(problem,))
