"""A task of a worker of the profile ``sql``: what is in each column of a table."""

import math
from collections.abc import Sequence
from typing import Any, Final

import orjson
from duckdb import DuckDBPyConnection

from datalab.contracts.columns import Column
from datalab.kernel.pool.channel import Channel
from datalab.services.data.adapters.engine.errors import engine_errors
from datalab.services.data.adapters.engine.json_values import dumps
from datalab.services.data.adapters.engine.sandbox import identifier, open_sandbox, warm
from datalab.services.data.model.profiling import EXACT_ROWS, ProfileRequest

BINS: Final = 20
TOP: Final = 10
SHARES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_SHOWN = 200
_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT"})
_FLOATING = frozenset({"FLOAT", "DOUBLE"})
_TIMES = frozenset({"DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"})
_NESTED = ("STRUCT", "MAP")


def run(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Carry out a :class:`ProfileRequest`; gives a :class:`Profiled`."""
    request = ProfileRequest.model_validate(arguments)
    views = (request.view,)
    with engine_errors(views):
        connection = open_sandbox(request.limits, views)
        try:
            table = f"{identifier(request.view.namespace)}.{identifier(request.view.table)}"
            columns: list[dict[str, Any]] = []
            for number, column in enumerate(request.columns):
                channel.progress(number / len(request.columns), column.name)
                columns.append(_Profile(connection, table, column, request.rows).found())
        finally:
            connection.close()
            warm(request.limits)
    return {"columns": orjson.loads(dumps(columns))}


class _Profile:
    """One column."""

    def __init__(self, connection: DuckDBPyConnection, table: str, column: Column, rows: int) -> None:
        self._connection = connection
        self._table = table
        self._column = column
        self._rows = rows
        self._name = identifier(column.name)
        self._kind = column.type
        self._exact = rows <= EXACT_ROWS
        self._is_number = self._kind in _WHOLE | _FLOATING or self._kind.startswith("DECIMAL")
        self._is_time = self._kind in _TIMES
        self._is_text = self._kind == "VARCHAR"

    def found(self) -> dict[str, Any]:
        """The column's profile."""
        count, distinct, low, high, shortest, mean_length, longest = self._summary()
        mean, quantiles = self._spread() if count and (self._is_number or self._is_time) else (None, ())
        return {
            "name": self._column.name,
            "type": self._kind,
            "count": count,
            "nulls": self._rows - count,
            "distinct": distinct,
            "approximate": not self._exact,
            "min": low,
            "max": high,
            "mean": mean,
            "quantiles": [{"at": at, "value": one} for at, one in zip(SHARES, quantiles, strict=False)],
            "histogram": self._histogram() if count else None,
            "top": self._top() if count and (self._is_text or self._kind == "BOOLEAN") else [],
            "lengths": {"shortest": shortest, "mean": mean_length, "longest": longest} if longest is not None else None,
        }

    def _one(self, select: str, where: str = "") -> tuple[Any, ...]:
        (row,) = self._connection.execute(f"SELECT {select} FROM {self._table} {where}").fetchall()
        return row

    def _summary(self) -> tuple[Any, ...]:
        name = self._name
        nested = self._kind.endswith("[]") or self._kind.startswith(_NESTED)
        distinct = "NULL" if nested else f"count(DISTINCT {name})" if self._exact else f"approx_count_distinct({name})"
        ordered = self._is_number or self._is_time or self._is_text
        value = f"left({name}, {_SHOWN})" if self._is_text else name
        bounds = f"min({value}), max({value})" if ordered else "NULL, NULL"
        length = f"length({name})"
        lengths = f"min({length}), avg({length}), max({length})" if self._is_text else "NULL, NULL, NULL"
        return self._one(f"count({name}), {distinct}, {bounds}, {lengths}")

    @property
    def _finite(self) -> str:
        infinite = self._kind in _FLOATING or self._is_time
        return f"WHERE isfinite({self._name})" if infinite else f"WHERE {self._name} IS NOT NULL"

    def _spread(self) -> tuple[Any, Sequence[Any]]:
        value = self._name if self._is_time else f"CAST({self._name} AS DOUBLE)"
        shares = ", ".join(map(str, SHARES))
        quantile = "quantile_disc" if self._is_time else "quantile_cont"
        found = f"{quantile}({value}, [{shares}])" if self._exact else f"approx_quantile({value}, [{shares}])"
        mean, quantiles = self._one(f"avg({value}), {found}", self._finite)
        return mean, quantiles if quantiles is not None else ()

    def _top(self) -> list[dict[str, Any]]:
        value = f"left({self._name}, {_SHOWN})" if self._is_text else self._name
        rows = self._connection.execute(
            f"SELECT {value} AS value, count(*) AS times FROM {self._table} WHERE {self._name} IS NOT NULL "
            f"GROUP BY ALL ORDER BY times DESC, value LIMIT {TOP}"
        ).fetchall()
        return [{"value": one, "count": times} for one, times in rows]

    def _histogram(self) -> dict[str, Any] | None:
        if not (self._is_number or self._is_time):
            return None
        place = f"epoch_us({self._name})" if self._is_time else f"CAST({self._name} AS DOUBLE)"
        low, high = self._one(f"min({place}), max({place})", self._finite)
        if low is None:
            return None
        start, width, bins = _bins(low, high, whole=self._kind in _WHOLE, day=self._kind == "DATE")
        rows = self._connection.execute(
            f"SELECT least(CAST(floor(({place} - $start) / $width) AS BIGINT), $last) AS bin, count(*) "
            f"FROM {self._table} {self._finite} GROUP BY bin",
            {"start": start, "width": width, "last": bins - 1},
        ).fetchall()
        counts = [0] * bins
        for number, times in rows:
            counts[max(number, 0)] += times
        edges = [start + width * number for number in range(bins + 1)]
        return {"edges": self._shown(edges), "counts": counts}

    def _shown(self, edges: list[Any]) -> list[Any]:
        if self._kind in _WHOLE:
            return [int(one) for one in edges]
        if not self._is_time:
            return edges
        kind = "TIMESTAMP" if self._kind == "DATE" else self._kind
        made = "make_timestamp" if kind == "TIMESTAMP" else "make_timestamptz"
        return self._connection.execute(
            f"SELECT [{made}(CAST(one AS BIGINT)) FOR one IN ?]", [[round(one) for one in edges]]
        ).fetchall()[0][0]


_DAY_US = 86_400_000_000


def _bins(low: float, high: float, *, whole: bool, day: bool) -> tuple[float, float, int]:
    """Where the first bin begins, how wide each is, and how many there are: whole numbers and days get whole bins."""
    step = 1 if whole else _DAY_US if day else 0
    if step:
        width = step * math.ceil(((high - low) / step + 1) / BINS)
        return low, width, math.floor((high - low) / width) + 1
    if high <= low:
        return low, 1, 1
    width = high / BINS - low / BINS
    return low, width, BINS
