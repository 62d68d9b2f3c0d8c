"""The task of a worker of the profile ``sql``: judge one statement, run it, encode its answer."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from duckdb import DuckDBPyConnection

from datalab.contracts.data import Column, DatasetNotFound
from datalab.contracts.identity import MAIN_NAMESPACE
from datalab.kernel.pool.channel import Channel
from datalab.services.data.adapters.engine.errors import engine_errors
from datalab.services.data.adapters.engine.held_answer import HeldAnswer
from datalab.services.data.adapters.engine.sandbox import open_sandbox, warm
from datalab.services.data.adapters.engine.text_rows import Rows, text_encoder
from datalab.services.data.model.sql_guard import Span, TableKey, Verdict, judge
from datalab.services.data.model.sql_place import misplaced
from datalab.services.data.model.statement import AnswerHead, AnswerTail, Encoding, Statement

BATCH_ROWS = 2_000
_COLUMNAR = frozenset({Encoding.ARROW, Encoding.PARQUET})


def run(arguments: Any, channel: Channel) -> dict[str, Any]:
    """Stream the answer of a :class:`Statement`: an :class:`AnswerHead`, the bytes, an :class:`AnswerTail`.

    Raises:
        SqlRefused: The statement isn't permitted or can't be run.
        DatasetNotFound: It names a table that isn't among its views.
    """
    statement = Statement.model_validate(arguments)
    with engine_errors(statement.views, statement.sql):
        connection = open_sandbox(statement.limits, statement.views)
        try:
            verdict = judge(_serialized(connection, statement.sql), statement.sql)
            _refuse_unknown(verdict.tables, statement)
            tail = _answer(connection, statement, verdict, channel)
        finally:
            connection.close()
            warm(statement.limits)
    return tail.model_dump()


def _serialized(connection: DuckDBPyConnection, sql: str) -> str:
    ((serialized,),) = connection.execute("SELECT json_serialize_sql(CAST(? AS VARCHAR))", [sql]).fetchall()
    return str(serialized)


def _refuse_unknown(tables: Mapping[TableKey, Span], statement: Statement) -> None:
    known = {(view.namespace.lower(), view.table.lower()) for view in statement.views}
    for (namespace, table), (start, length) in sorted(tables.items()):
        if (namespace, table) not in known:
            errors = (misplaced(statement.sql, "there is no such dataset", start, length),) if start >= 0 else ()
            raise DatasetNotFound(table if namespace == MAIN_NAMESPACE else f"{namespace}.{table}", errors=errors)


def _answer(connection: DuckDBPyConnection, statement: Statement, verdict: Verdict, channel: Channel) -> AnswerTail:
    if statement.encoding in _COLUMNAR:
        return _columnar(connection, statement, verdict, channel)
    return _text(connection, statement, verdict, channel)


def _text(connection: DuckDBPyConnection, statement: Statement, verdict: Verdict, channel: Channel) -> AnswerTail:
    result = connection.execute(statement.sql, statement.params)
    columns = [Column(name=str(one[0]), type=_type(one[1])) for one in result.description or []]
    outlet = HeldAnswer(channel, _head(columns, verdict), statement.hold_bytes)
    start, encode = text_encoder(statement.encoding, [column.name for column in columns])
    outlet.send(start)
    between = b"," if statement.encoding in {Encoding.ARRAYS, Encoding.OBJECTS} else b""
    sent = 0
    while rows := _batch(result, statement.max_rows - sent):
        outlet.send((between if sent else b"") + encode(rows))
        sent += len(rows)
    return outlet.end(AnswerTail(row_count=sent, truncated=sent == statement.max_rows and bool(result.fetchmany(1))))


def _head(columns: Sequence[Column], verdict: Verdict) -> AnswerHead:
    return AnswerHead(
        columns=tuple(columns), tables=tuple(sorted(verdict.tables)), repeatable=verdict.repeatable, tail=None
    )


def _batch(result: DuckDBPyConnection, room: int) -> Rows:
    return cast("Rows", result.fetchmany(min(BATCH_ROWS, room))) if room > 0 else []


def _columnar(connection: DuckDBPyConnection, statement: Statement, verdict: Verdict, channel: Channel) -> AnswerTail:
    from datalab.services.data.adapters.engine.columnar import BATCH_ROWS as ARROW_ROWS
    from datalab.services.data.adapters.engine.columnar import write_columnar

    relation = connection.sql(statement.sql, params=statement.params)
    columns = [Column(name=name, type=_type(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]
    outlet = HeldAnswer(channel, _head(columns, verdict), statement.hold_bytes)
    reader = cast("Any", relation).to_arrow_reader(ARROW_ROWS)
    return outlet.end(write_columnar(reader, statement.encoding, statement.max_rows, outlet))


def _type(kind: object) -> str:
    return str(kind).strip('"')
