"""Making rows fit a table's columns: by name, converted without loss, missing ones NULL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duckdb import DuckDBPyConnection

from datalab.contracts.columns import Column
from datalab.contracts.data import UnreadableData
from datalab.contracts.errors import FieldError
from datalab.services.data.adapters.ingest.casting import Cast, refuse_misfits, selected
from datalab.services.data.adapters.ingest.column_types import tabled
from datalab.services.data.adapters.ingest.sql import name
from datalab.services.data.model.column_names import check_column_names

_NAMED = 10
Fields = Sequence[tuple[str, Any]]
"""Names with the engine's types."""


@dataclass(frozen=True)
class Fitted:
    """SQL whose columns are the table's."""

    sql: str
    columns: tuple[Column, ...]


def described(connection: DuckDBPyConnection, relation: str) -> list[tuple[str, Any]]:
    """The relation's column names and types."""
    found = connection.sql(relation)
    return list(zip(found.columns, found.types, strict=True))


def new_casts(fields: Fields) -> list[Cast]:
    """Each column in the nearest type that every reader of tables has. Raises UnreadableData."""
    check_column_names([one for one, _ in fields])
    return [Cast(one, str(kind), Column(name=one, type=tabled(kind, one)[0])) for one, kind in fields]


def fitted_new(fields: Fields, relation: str) -> Fitted:
    """Columns of a new table."""
    casts = new_casts(fields)
    return Fitted(selected(casts, relation), tuple(one.column for one in casts))


def fitted_to(connection: DuckDBPyConnection, fields: Fields, relation: str, columns: tuple[Column, ...]) -> Fitted:
    """Columns of a table that is there.

    Raises:
        UnreadableData: A column that the table doesn't have, or a value that its type can't hold.
    """
    check_column_names([one for one, _ in fields])
    strange = strangers(fields, columns)
    if strange:
        listed = ", ".join(repr(column.name) for column in columns[:_NAMED])
        first = strange[0].where.removeprefix("column ")
        raise UnreadableData(
            f"column {first!r} is no column of the dataset, which has {listed}", errors=strange[:_NAMED]
        )
    casts = known_casts(fields, columns)
    refuse_misfits(connection, relation, casts)
    given = {one.column.name: one for one in casts}
    parts = [
        given[column.name].sql() if column.name in given else f"CAST(NULL AS {column.type}) AS {name(column.name)}"
        for column in columns
    ]
    return Fitted(f"SELECT {', '.join(parts)} FROM ({relation})", columns)


def strangers(fields: Fields, columns: Sequence[Column]) -> list[FieldError]:
    """The columns that the table doesn't have."""
    known = {column.name.casefold() for column in columns}
    return [
        FieldError(where=f"column {one}", what="is no column of the dataset")
        for one, _ in fields
        if one.casefold() not in known
    ]


def known_casts(fields: Fields, columns: Sequence[Column]) -> list[Cast]:
    """Those columns that the table has, in its types and names."""
    known = {column.name.casefold(): column for column in columns}
    return [Cast(one, str(kind), known[one.casefold()]) for one, kind in fields if one.casefold() in known]
