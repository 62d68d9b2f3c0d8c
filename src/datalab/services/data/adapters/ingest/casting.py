"""Columns brought to other types, and the values that can't be."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
from duckdb import DuckDBPyConnection

from datalab.contracts.columns import Column
from datalab.contracts.data import UnreadableData
from datalab.contracts.errors import FieldError
from datalab.services.data.adapters.ingest.sql import name

_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT"})
_FRACTIONAL = ("FLOAT", "DOUBLE", "DECIMAL")
_TIMES = ("TIMESTAMP", "TIMESTAMP WITH TIME ZONE")
_TEXT = "VARCHAR"
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Cast:
    """A column ``given`` of the engine's type ``kind`` that becomes ``column``."""

    given: str
    kind: str
    column: Column

    @property
    def value(self) -> str:
        """The column in SQL; of JSON, which is what mixed values are read as, without the quotes around strings."""
        return f"({name(self.given)} ->> '$')" if self.kind == "JSON" else name(self.given)

    @property
    def changes(self) -> bool:
        """Whether a value could be lost."""
        return self.kind != self.column.type and self.kind.strip('"') != "NULL"

    def sql(self, verb: str = "CAST") -> str:
        """The column in its new type and name; with ``TRY_CAST``, null where a value doesn't fit."""
        if self.kind == self.column.type:
            return f"{name(self.given)} AS {name(self.column.name)}"
        return f"{verb}({self.value} AS {self.column.type}) AS {name(self.column.name)}"

    def loss(self) -> str:
        """The condition under which a value that isn't null has no place in the new type, or would be rounded."""
        cast = f"TRY_CAST({self.value} AS {self.column.type})"
        gone = f"{cast} IS NULL"
        loose = self.kind in {_TEXT, "JSON"}
        if self.column.type in _WHOLE and (loose or self.kind.startswith(_FRACTIONAL)):
            return f"({gone} OR CAST({cast} AS DOUBLE) <> TRY_CAST({self.value} AS DOUBLE))"
        if self.column.type == "DATE" and (loose or self.kind in _TIMES):
            return f"({gone} OR CAST({cast} AS TIMESTAMP) <> TRY_CAST({self.value} AS TIMESTAMP))"
        if self.column.type == "BOOLEAN" and self.kind in _WHOLE:
            return f"({gone} OR {self.value} NOT IN (0, 1))"
        return gone


def selected(casts: Iterable[Cast], relation: str, verb: str = "CAST") -> str:
    """SQL for these columns of the relation."""
    return f"SELECT {', '.join(one.sql(verb) for one in casts)} FROM ({relation})"


def refuse_misfits(connection: DuckDBPyConnection, relation: str, casts: Iterable[Cast]) -> None:
    """Raise UnreadableData with row, column and value of the first value that doesn't fit its column."""
    for one in casts:
        problem = first_misfit(connection, relation, one)
        if problem is not None:
            got = f"{problem.got!r} " if problem.got is not None else ""
            raise UnreadableData(f"{problem.where}: {got}{problem.what}", errors=(problem,))


def first_misfit(connection: DuckDBPyConnection, relation: str, cast: Cast) -> FieldError | None:
    """The first value that has no place in its column's type, by row."""
    if not cast.changes:
        return None
    statement = (
        f"SELECT number, CAST(value AS VARCHAR) FROM (SELECT row_number() OVER () AS number, {cast.value} AS value, "
        f"{cast.loss()} AS bad FROM ({relation})) WHERE value IS NOT NULL AND bad LIMIT 1"
    )
    what = f"does not fit {cast.column.type}"
    try:
        found = connection.execute(statement).fetchall()
    except duckdb.BinderException:
        return FieldError(where=f"column {cast.given}", what=f"is {cast.kind}, which {cast.column.type} can't hold")
    for row, got in found:
        return FieldError(where=f"row {row}, column {cast.given}", what=what, got=str(got)[:_SHOWN])
    return None
