"""A task of a worker of the profile ``ingest``: what an upload would make."""

from pathlib import Path
from typing import Any, cast

import orjson
from duckdb import DuckDBPyConnection

from datalab.contracts.data import UnreadableData
from datalab.contracts.errors import FieldError, InvalidInput, MemoryLimitExceeded, TooLarge
from datalab.contracts.previews import PreviewColumn, TypeReason
from datalab.kernel.pool.channel import Channel
from datalab.services.data.adapters.engine.connection import session
from datalab.services.data.adapters.engine.json_values import dumps
from datalab.services.data.adapters.ingest.casting import Cast, first_misfit, selected
from datalab.services.data.adapters.ingest.choosing import chosen_casts
from datalab.services.data.adapters.ingest.cutting import whole_records
from datalab.services.data.adapters.ingest.expand import check_kind, expanded
from datalab.services.data.adapters.ingest.fitting import described, known_casts, new_casts, strangers
from datalab.services.data.adapters.ingest.nearly import nearly
from datalab.services.data.adapters.ingest.reading import reading_errors, relation_of
from datalab.services.data.adapters.ingest.sql import name
from datalab.services.data.model.formats import TYPED
from datalab.services.data.model.ingest import Previewed, PreviewRequest

READ_ROWS = 100_000
SHOWN_ROWS = 20
_UPLOAD = "uploaded_rows"


def run(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Carry out a :class:`PreviewRequest`; gives a :class:`Previewed`, whose problems say why nothing can be read."""
    request = PreviewRequest.model_validate(arguments)
    channel.progress(0.0, "reading")
    try:
        return _seen(request).model_dump(mode="json")
    except (UnreadableData, TooLarge, InvalidInput, MemoryLimitExceeded) as error:
        problems = error.errors or (FieldError(where="the file", what=error.detail),)
        nothing = Previewed(columns=(), rows=(), rows_read=0, partial=request.partial, problems=problems)
        return nothing.model_dump(mode="json")


def _seen(request: PreviewRequest) -> Previewed:
    source = expanded(Path(request.source), request.expanded_max_bytes, whole=not request.partial)
    check_kind(source, request.format)
    if request.partial:
        source = whole_records(source, request.format)
    with session(request.limits) as connection, reading_errors(source, request.format):
        relation = relation_of(connection, source, request)
        connection.execute(f"CREATE TEMP TABLE {_UPLOAD} AS SELECT * FROM ({relation}) LIMIT {READ_ROWS + 1}")
        return _Preview(connection, request).seen()


class _Preview:
    """The upload's first rows in a table, chosen, then fitted."""

    def __init__(self, connection: DuckDBPyConnection, request: PreviewRequest) -> None:
        self._connection = connection
        self._request = request
        self._fields = described(connection, f"FROM {_UPLOAD}")
        self._rows = f"SELECT * FROM {_UPLOAD} LIMIT {READ_ROWS}"

    def seen(self) -> Previewed:
        """All of it."""
        chosen = chosen_casts(self._fields, self._request.choices) if self._request.choices else self._all()
        problems = self._misfits(chosen, self._rows)
        relation = selected(chosen, self._rows, "TRY_CAST")
        fields = described(self._connection, relation)
        columns = self._request.columns
        if columns is None:
            fitted = new_casts(fields)
        else:
            fitted = known_casts(fields, columns)
            problems += [*strangers(fields, columns), *self._misfits(fitted, relation)]
        final = selected(fitted, relation, "TRY_CAST") if fitted else "SELECT 1 WHERE false"
        ((count,),) = self._connection.execute(f"SELECT count(*) FROM {_UPLOAD}").fetchall()
        return Previewed(
            columns=self._columns(chosen, fitted, final),
            rows=cast("Any", _values(self._connection.execute(f"{final} LIMIT {SHOWN_ROWS}").fetchall())),
            rows_read=min(int(count), READ_ROWS),
            partial=self._request.partial or int(count) > READ_ROWS,
            problems=tuple(problems),
        )

    def _all(self) -> list[Cast]:
        return [
            Cast(one.given, one.kind, one.column.model_copy(update={"type": one.kind}))
            for one in new_casts(self._fields)
        ]

    def _misfits(self, casts: list[Cast], relation: str) -> list[FieldError]:
        found = (first_misfit(self._connection, relation, one) for one in casts)
        return [one for one in found if one is not None]

    def _columns(self, chosen: list[Cast], fitted: list[Cast], final: str) -> tuple[PreviewColumn, ...]:
        if not fitted:
            return ()
        sources = {one.column.name: one for one in chosen}
        counts = ", ".join(f"count(*) - count({name(one.column.name)})" for one in fitted)
        (nulls,) = self._connection.execute(f"SELECT {counts} FROM ({final})").fetchall()
        return tuple(self._column(sources[one.given], one, int(gaps)) for one, gaps in zip(fitted, nulls, strict=False))

    def _column(self, source: Cast, target: Cast, nulls: int) -> PreviewColumn:
        reason = self._reason(source)
        by_values = reason is TypeReason.VALUES
        return PreviewColumn(
            source=source.given,
            name=target.column.name,
            type=target.column.type,
            reason=reason,
            nulls=nulls,
            nearly=nearly(self._connection, source.given, source.kind, self._rows) if by_values else None,
        )

    def _reason(self, source: Cast) -> TypeReason:
        if self._request.columns is not None:
            return TypeReason.DATASET
        if any(choice.source.casefold() == source.given.casefold() and choice.type for choice in self._request.choices):
            return TypeReason.CHOSEN
        return TypeReason.FILE if self._request.format in TYPED else TypeReason.VALUES


def _values(rows: list[Any]) -> list[list[Any]]:
    return orjson.loads(dumps(rows))
