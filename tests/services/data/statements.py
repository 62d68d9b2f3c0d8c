"""Statements run as a worker runs them, without the process around."""

import json
from pathlib import Path
from typing import Any

import duckdb

from datalab.services.data.adapters.engine.run import run
from datalab.services.data.model.statement import AnswerHead, AnswerTail, Encoding, EngineLimits, Statement
from datalab.services.data.model.table_view import TableView

LIMITS = EngineLimits(memory_bytes=512 * 2**20, spill_bytes=2**30, threads=2)


class Sink:
    """A channel that keeps what is sent."""

    def __init__(self) -> None:
        self.head: AnswerHead | None = None
        self.data = b""

    def header(self, value: Any) -> None:
        self.head = AnswerHead.model_validate(json.loads(json.dumps(value)))

    def send(self, data: bytes | bytearray | memoryview) -> None:
        assert self.head is not None
        self.data += bytes(data)


class Answer:
    """What came of a statement."""

    def __init__(self, sink: Sink, tail: AnswerTail) -> None:
        assert sink.head is not None
        self.head, self.data, self.tail = sink.head, sink.data, tail

    @property
    def rows(self) -> list[Any]:
        return json.loads(b"[" + self.data + b"]")


def numbers(folder: Path, rows: int = 10) -> TableView:
    """A table ``numbers`` with the columns n and word."""
    file = folder / "numbers.parquet"
    duckdb.execute(f"COPY (SELECT range AS n, 'w' || range AS word FROM range({rows})) TO '{file}'")
    return TableView(namespace="main", table="numbers", files=(str(file),))


def answer(
    sql: str,
    *views: TableView,
    params: list[Any] | dict[str, Any] | None = None,
    encoding: Encoding = Encoding.ARRAYS,
    max_rows: int = 10_000,
    hold_bytes: int = 2**20,
) -> Answer:
    """The statement's answer."""
    statement = Statement(
        sql=sql, params=params, views=views, max_rows=max_rows, hold_bytes=hold_bytes, encoding=encoding, limits=LIMITS
    )
    sink = Sink()
    tail = run(statement.model_dump(mode="json"), sink)  # pyright: ignore[reportArgumentType]
    return Answer(sink, AnswerTail.model_validate(tail))
