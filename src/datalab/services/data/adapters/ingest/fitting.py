"""Making rows fit a table's columns: by name, converted without loss, missing ones NULL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from datalab.contracts.data import Column, UnreadableData
from datalab.contracts.errors import FieldError
from datalab.services.data.adapters.ingest.column_types import tabled
from datalab.services.data.adapters.ingest.sql import name
from datalab.services.data.model.column_names import check_column_names

_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT"})
_FRACTIONAL = ("FLOAT", "DOUBLE", "DECIMAL")
_NAMED = 10


@dataclass(frozen=True)
class Fitted:
    """SQL whose columns are the table's."""

    sql: str
    columns: tuple[Column, ...]


def described(connection: DuckDBPyConnection, relation: str) -> list[tuple[str, Any]]:
    """The relation's column names and types."""
    found = connection.sql(relation)
    return list(zip(found.columns, found.types, strict=True))


def fitted_new(fields: Sequence[tuple[str, Any]], relation: str) -> Fitted:
    """Columns of a new table: each in the nearest type that every reader of tables has."""
    check_column_names([one for one, _ in fields])
    columns = tuple(Column(name=one, type=tabled(kind, one)[0]) for one, kind in fields)
    kinds = {one: str(kind) for one, kind in fields}
    casts = ", ".join(_cast(_value(one.name, kinds[one.name]), one) for one in columns)
    return Fitted(f"SELECT {casts} FROM ({relation})", columns)


def fitted_to(
    connection: DuckDBPyConnection, fields: Sequence[tuple[str, Any]], relation: str, columns: tuple[Column, ...]
) -> Fitted:
    """Columns of a table that is there.

    Raises:
        UnreadableData: A column that the table doesn't have, or a value that its type can't hold.
    """
    check_column_names([one for one, _ in fields])
    known = {column.name.casefold() for column in columns}
    strange = [one for one, _ in fields if one.casefold() not in known]
    if strange:
        listed = ", ".join(repr(column.name) for column in columns[:_NAMED])
        errors = tuple(
            FieldError(where=f"column {one}", what="is no column of the dataset") for one in strange[:_NAMED]
        )
        raise UnreadableData(f"column {strange[0]!r} is no column of the dataset, which has {listed}", errors=errors)
    given = {one.casefold(): (one, str(kind)) for one, kind in fields}
    for column in columns:
        if column.name.casefold() in given:
            _refuse_loss(connection, relation, *given[column.name.casefold()], column)
    parts = [
        _cast(_value(*given[column.name.casefold()]), column)
        if column.name.casefold() in given
        else f"CAST(NULL AS {column.type}) AS {name(column.name)}"
        for column in columns
    ]
    return Fitted(f"SELECT {', '.join(parts)} FROM ({relation})", columns)


def _cast(value: str, target: Column) -> str:
    return f"CAST({value} AS {target.type}) AS {name(target.name)}"


def _value(column: str, kind: str) -> str:
    """The column; of JSON, which is what mixed values are read as, without the quotes around strings."""
    return f"({name(column)} ->> '$')" if kind == "JSON" else name(column)


def _refuse_loss(connection: DuckDBPyConnection, relation: str, given: str, kind: str, column: Column) -> None:
    """Name the first value that the column's type can't hold, or would round."""
    if kind == column.type or kind.strip('"') == "NULL":
        return
    value = _value(given, kind)
    bad = f"TRY_CAST({value} AS {column.type}) IS NULL"
    if column.type in _WHOLE and kind.startswith(_FRACTIONAL):
        bad = f"({bad} OR CAST(TRY_CAST({value} AS {column.type}) AS DOUBLE) <> CAST({value} AS DOUBLE))"
    statement = (
        f"SELECT number, CAST(value AS VARCHAR) FROM (SELECT row_number() OVER () AS number, {value} AS value, "
        f"{bad} AS bad FROM ({relation})) WHERE value IS NOT NULL AND bad LIMIT 1"
    )
    try:
        found = connection.execute(statement).fetchall()
    except duckdb.BinderException as error:
        raise UnreadableData(f"column {given!r} is {kind}, which {column.type} can't hold") from error
    for row, got in found:
        problem = FieldError(
            where=f"row {row}, column {column.name}", what=f"does not fit {column.type}", got=str(got)[:200]
        )
        raise UnreadableData(f"{problem.where}: {problem.got!r} {problem.what}", errors=(problem,))
