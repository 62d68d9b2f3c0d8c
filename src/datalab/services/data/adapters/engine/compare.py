"""A task of a worker of the profile ``sql``: how the rows of two versions differ."""

from typing import Any

import orjson
from duckdb import DuckDBPyConnection

from datalab.contracts.errors import FieldError, InvalidInput
from datalab.kernel.pool.channel import Channel
from datalab.services.data.adapters.engine.errors import engine_errors
from datalab.services.data.adapters.engine.json_values import dumps
from datalab.services.data.adapters.engine.sandbox import identifier, open_sandbox, warm
from datalab.services.data.model.comparing import CompareRequest
from datalab.services.data.model.table_view import TableView

_SHOWN = 200


def run(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Carry out a :class:`CompareRequest`; gives a :class:`Compared`.

    Raises:
        InvalidInput: The key doesn't identify a row.
    """
    request = CompareRequest.model_validate(arguments)
    _ = channel
    views = tuple(view for view in (request.before, request.after) if view.files)
    with engine_errors(views):
        connection = open_sandbox(request.limits, views)
        try:
            comparison = _Comparison(connection, request)
            found = comparison.by_key() if request.key else comparison.by_row()
        finally:
            connection.close()
            warm(request.limits)
    return orjson.loads(dumps(found))


class _Comparison:
    """Two tables whose columns are called ``c0``, ``c1``… so that no name of theirs is in the way."""

    def __init__(self, connection: DuckDBPyConnection, request: CompareRequest) -> None:
        self._connection = connection
        self._request = request
        self._columns = [f"c{place}" for place in range(len(request.columns))]
        names = [(column.before, column.after, column.type) for column in request.columns]
        self._before = _side(request.before, [(before, kind) for before, _, kind in names])
        self._after = _side(request.after, [(after, kind) for _, after, kind in names])

    def by_row(self) -> dict[str, Any]:
        """Whole rows, each as often as it is there."""
        listed = ", ".join(self._columns)
        self._connection.execute(
            f"CREATE TEMP TABLE differing AS SELECT {listed}, sum(side) AS net FROM "
            f"(SELECT *, 1 AS side FROM ({self._after}) UNION ALL SELECT *, -1 AS side FROM ({self._before})) "
            f"GROUP BY {listed} HAVING sum(side) <> 0"
        )
        ((added, removed),) = self._rows(
            "SELECT coalesce(sum(net) FILTER (WHERE net > 0), 0), coalesce(-sum(net) FILTER (WHERE net < 0), 0) "
            "FROM differing"
        )
        return {
            "added": int(added),
            "removed": int(removed),
            "added_rows": self._shown(f"SELECT {listed} FROM differing WHERE net > 0"),
            "removed_rows": self._shown(f"SELECT {listed} FROM differing WHERE net < 0"),
        }

    def by_key(self) -> dict[str, Any]:
        """Rows of the same key beside each other."""
        self._refuse_doubles()
        same = " AND ".join(f"old.c{place} IS NOT DISTINCT FROM new.c{place}" for place in self._request.key)
        pairs = ", ".join(f"old.{one} AS old_{one}, new.{one} AS new_{one}" for one in self._columns)
        differs = " OR ".join(f"old.{one} IS DISTINCT FROM new.{one}" for one in self._columns)
        self._connection.execute(
            f"CREATE TEMP TABLE pairs AS SELECT {pairs}, old.here AS was, new.here AS is_now "
            f"FROM (SELECT *, true AS here FROM ({self._before})) AS old "
            f"FULL JOIN (SELECT *, true AS here FROM ({self._after})) AS new ON {same} "
            f"WHERE old.here IS NULL OR new.here IS NULL OR {differs}"
        )
        ((added, removed, changed),) = self._rows(
            "SELECT count(*) FILTER (WHERE was IS NULL), count(*) FILTER (WHERE is_now IS NULL), "
            "count(*) FILTER (WHERE was AND is_now) FROM pairs"
        )
        return {
            "added": added,
            "removed": removed,
            "changed": changed,
            "added_rows": self._shown(f"SELECT {self._of('new')} FROM pairs WHERE was IS NULL"),
            "removed_rows": self._shown(f"SELECT {self._of('old')} FROM pairs WHERE is_now IS NULL"),
            "changed_rows": self._changed_rows(),
            "changed_columns": self._changed_columns(),
        }

    def _changed_rows(self) -> list[dict[str, Any]]:
        order = ", ".join(f"new_c{place}" for place in self._request.key)
        rows = self._rows(
            f"SELECT {self._of('old')}, {self._of('new')} FROM pairs WHERE was AND is_now ORDER BY {order} "
            f"LIMIT {self._request.limit}"
        )
        width = len(self._columns)
        return [self._changed_row(row[:width], row[width:]) for row in rows]

    def _changed_row(self, before: tuple[Any, ...], after: tuple[Any, ...]) -> dict[str, Any]:
        pairs = zip(self._request.columns, before, after, strict=True)
        return {
            "columns": [column.after for column, old, new in pairs if dumps(old) != dumps(new)],
            "before": before,
            "after": after,
        }

    def _changed_columns(self) -> list[dict[str, Any]]:
        counts = ", ".join(f"count(*) FILTER (WHERE old_{one} IS DISTINCT FROM new_{one})" for one in self._columns)
        (found,) = self._rows(f"SELECT {counts} FROM pairs WHERE was AND is_now")
        pairs = zip(self._request.columns, found, strict=True)
        return [{"name": column.after, "rows": rows} for column, rows in pairs if rows]

    def _refuse_doubles(self) -> None:
        key = ", ".join(f"c{place}" for place in self._request.key)
        names = ", ".join(self._request.columns[place].after for place in self._request.key)
        for which, side in (("earlier", self._before), ("later", self._after)):
            for (value,) in self._rows(
                f"SELECT concat_ws(', ', {key}) FROM ({side}) GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
            ):
                what = f"{names} is the same in several rows of the {which} version; choose columns that identify a row"
                error = FieldError(where="key", what=what, got=str(value)[:_SHOWN])
                raise InvalidInput(f"key: {what}: {error.got!r}", errors=(error,))

    def _of(self, side: str) -> str:
        return ", ".join(f"{side}_{one}" for one in self._columns)

    def _shown(self, select: str) -> list[Any]:
        return self._rows(f"{select} ORDER BY ALL LIMIT {self._request.limit}")

    def _rows(self, sql: str) -> list[Any]:
        return self._connection.execute(sql).fetchall()


def _side(view: TableView, columns: list[tuple[str, str]]) -> str:
    if not view.files:
        return f"SELECT {', '.join(f'CAST(NULL AS {kind}) AS c{n}' for n, (_, kind) in enumerate(columns))} LIMIT 0"
    casts = (f"CAST({identifier(name)} AS {kind}) AS c{place}" for place, (name, kind) in enumerate(columns))
    return f"SELECT {', '.join(casts)} FROM {identifier(view.namespace)}.{identifier(view.table)}"
