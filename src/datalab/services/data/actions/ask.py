"""Running a statement for a caller: over what he may see, remembered, cancellable, encoded as it comes."""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from datalab.contracts.data import Column, DataFormat, DatasetRead, Filter, QueryRequest
from datalab.contracts.identity import Caller
from datalab.contracts.ids import new_id
from datalab.services.data.actions.access import require_read
from datalab.services.data.actions.answers import AnswerKey, KnownAnswer, key_of
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.queries import RunningQuery
from datalab.services.data.actions.views import Seen, views_of
from datalab.services.data.model.framing import table_end, table_start
from datalab.services.data.model.mentioned import mentioned_in
from datalab.services.data.model.statement import AnswerHead, AnswerTail, Encoding, Statement
from datalab.services.data.ports import EngineAnswer

QUERY_ENCODINGS: Final = {
    DataFormat.JSON: Encoding.ARRAYS,
    DataFormat.NDJSON: Encoding.NDJSON,
    DataFormat.CSV: Encoding.CSV,
    DataFormat.TSV: Encoding.TSV,
    DataFormat.ARROW: Encoding.ARROW,
    DataFormat.PARQUET: Encoding.PARQUET,
}
ROW_ENCODINGS: Final = {**QUERY_ENCODINGS, DataFormat.JSON: Encoding.OBJECTS}


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as somebody wrote it."""

    sql: str
    params: list[JsonValue] | dict[str, JsonValue] | None = None
    where: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A statement whose tables are known, for ``timeout_s`` at most."""

    statement: Statement
    format: DataFormat
    timeout_s: float
    query_id: str
    listed: bool
    """Whether somebody wrote it, so that it belongs in the history."""
    seen: tuple[Seen, ...] = ()
    """What its views show."""


class Answer:
    """An encoded answer; :class:`~datalab.contracts.data.ByteStream`, and what is known of it besides."""

    def __init__(self, question: Question, head: AnswerHead, query: RunningQuery, *, cached: bool) -> None:
        self.format: Final = question.format
        self.query_id: Final = question.query_id
        self.columns: Final[Sequence[Column]] = head.columns
        self.datasets: Final[Sequence[DatasetRead]] = [one.read for one in question.seen if one.key in head.tables]
        self.cached: Final = cached
        self.version: int | None = None
        self.tail = head.tail
        self._encoding = question.statement.encoding
        self.query: Final = query
        self._begun = time.perf_counter()
        self.chunks: AsyncIterator[bytes] = _none()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces in order; an error found after the first is raised in mid-stream."""
        start = self._start()
        if start:
            yield start
        async for chunk in self.chunks:
            yield chunk
        if self.tail is not None:
            self.query.row_count = self.tail.row_count
            end = self._end(self.tail)
            if end:
                yield end

    def _start(self) -> bytes:
        if self._encoding is Encoding.ARRAYS:
            return table_start(self.query_id, self.columns, self.datasets, cached=self.cached)
        return b"[" if self._encoding is Encoding.OBJECTS else b""

    def _end(self, tail: AnswerTail) -> bytes:
        if self._encoding is Encoding.ARRAYS:
            return table_end(tail, (time.perf_counter() - self._begun) * 1000)
        return b"]" if self._encoding is Encoding.OBJECTS else b""


@asynccontextmanager
async def ask_sql(parts: Parts, caller: Caller, request: QueryRequest) -> AsyncGenerator[Answer]:
    """Run a caller's statement; leaving the block early stops it.

    Raises:
        SqlRefused, DatasetNotFound: It isn't permitted, can't be run, or names what the caller may not see.
        DeadlineExceeded, MemoryLimitExceeded: It was stopped.
        Cancelled: Somebody cancelled it.
    """
    encoding = QUERY_ENCODINGS[request.format]
    shape = (request.max_rows, encoding)
    statement, seen = await statement_for(parts, caller, Asked(request.sql, request.params, request.where), shape)
    query_id = request.query_id or new_id()
    question = Question(statement, request.format, request.timeout_s, query_id, listed=True, seen=seen)
    async with ask(parts, caller, question) as answer:
        yield answer


async def statement_for(
    parts: Parts, caller: Caller, asked: Asked, shape: tuple[int, Encoding]
) -> tuple[Statement, tuple[Seen, ...]]:
    """The statement with views of every dataset that it mentions and the caller may see, and what those show.

    ``shape``: rows, encoding.
    """
    require_read(caller)
    seen = await views_of(parts, caller, mentioned_in(asked.sql), asked.where)
    statement = Statement(
        sql=asked.sql,
        params=asked.params,
        views=tuple(one.view for one in seen),
        max_rows=shape[0],
        hold_bytes=parts.limits.hold_bytes,
        encoding=shape[1],
        limits=parts.limits.statement,
    )
    return statement, seen


@asynccontextmanager
async def ask(parts: Parts, caller: Caller, question: Question) -> AsyncGenerator[Answer]:
    """The answer to a question, from memory or from a worker."""
    key = key_of(question.statement)
    known = parts.answers.get(key)
    asked = (caller.identity.subject, question.query_id)
    sql, by = question.statement.sql, caller.identity.name
    with parts.queries.running(asked, sql, by, listed=question.listed) as query:
        if known is not None:
            yield _remembered(question, known, query)
            return
        async with parts.engine.run(question.statement, question.timeout_s) as running:
            head = await query.wait_for(running.head())
            answer = Answer(question, head, query, cached=False)
            answer.chunks = _flowing(parts, key, answer, running, head)
            yield answer


def _remembered(question: Question, known: KnownAnswer, query: RunningQuery) -> Answer:
    query.cached = True
    answer = Answer(question, known.head, query, cached=True)
    answer.tail = known.tail
    answer.chunks = _each(known.chunks)
    return answer


async def _flowing(
    parts: Parts, key: AnswerKey, answer: Answer, running: EngineAnswer, head: AnswerHead
) -> AsyncIterator[bytes]:
    query = answer.query
    kept: list[bytes] | None = [] if head.repeatable else None
    size = 0
    iterator = aiter(running)
    while (chunk := await query.wait_for(anext(iterator, None))) is not None:
        size += len(chunk)
        if kept is not None:
            kept.append(chunk)
            kept = kept if size <= parts.answers.longest else None
        yield chunk
    answer.tail = await query.wait_for(running.tail())
    if kept is not None:
        parts.answers.put(key, head, kept, answer.tail)


async def _each(chunks: Sequence[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def _none() -> AsyncIterator[bytes]:
    return
    yield b""
