"""Why a column isn't of a narrower type: the type that most of its values have, and the first that hasn't it."""

from duckdb import DuckDBPyConnection

from datalab.contracts.columns import Column
from datalab.contracts.previews import NearlyType
from datalab.services.data.adapters.ingest.casting import Cast, first_misfit
from datalab.services.data.adapters.ingest.csv_source import NULLS
from datalab.services.data.adapters.ingest.sql import name, text

_NARROWER = {
    "VARCHAR": ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN"),
    "JSON": ("BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN"),
    "DOUBLE": ("BIGINT",),
}
_MOST = 0.5
_ROW = "row "


def nearly(connection: DuckDBPyConnection, column: str, kind: str, relation: str) -> NearlyType | None:
    """The narrower type that at least half of the values have but not all; none when there is no such."""
    types = _NARROWER.get(kind, ())
    if not types:
        return None
    rows = f"SELECT {_without_words(column, kind)} AS {name(column)} FROM ({relation})"
    casts = [Cast(column, kind, Column(name=column, type=one)) for one in types]
    value = casts[0].value
    counts = ", ".join(f"count(*) FILTER (WHERE {value} IS NOT NULL AND {one.loss()})" for one in casts)
    (found,) = connection.execute(f"SELECT count({value}), {counts} FROM ({rows})").fetchall()
    total, *misfits = map(int, found)
    fewest, best = min(zip(misfits, casts, strict=True), key=lambda one: one[0])
    problem = first_misfit(connection, rows, best) if 0 < fewest <= total * _MOST else None
    if problem is None:
        return None
    row = problem.where.removeprefix(_ROW).partition(",")[0]
    return NearlyType(type=best.column.type, misfits=fewest, row=int(row), got=problem.got or "")


def _without_words(column: str, kind: str) -> str:
    if kind != "VARCHAR":
        return name(column)
    return f"CASE WHEN {name(column)} NOT IN ({', '.join(text(one) for one in NULLS)}) THEN {name(column)} END"
