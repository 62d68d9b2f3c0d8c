"""Parsing and statements in the pool's worker processes."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from datalab.contracts.data import UnreadableData
from datalab.kernel.failpoint import wrote
from datalab.kernel.pool.errors import WorkerDied
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.stream import Stream
from datalab.services.data.model.comparing import Compared, CompareRequest
from datalab.services.data.model.ingest import Ingested, IngestRequest, Previewed, PreviewRequest
from datalab.services.data.model.profiling import Profiled, ProfileRequest
from datalab.services.data.model.statement import AnswerHead, AnswerTail, Statement
from datalab.services.data.ports import OnProgress

PARSE: Final = "datalab.services.data.adapters.ingest.parse:run"
PREVIEW: Final = "datalab.services.data.adapters.ingest.preview:run"
PREVIEW_S: Final = 120.0
COMPARE: Final = "datalab.services.data.adapters.engine.compare:run"
PROFILE: Final = "datalab.services.data.adapters.engine.profile:run"
RUN: Final = "datalab.services.data.adapters.engine.run:run"


class PoolIngest:
    """:class:`~datalab.services.data.ports.Ingest` in workers of the profile ``ingest``, for at most ``timeout_s``."""

    def __init__(self, pool: Pool, timeout_s: float) -> None:
        self._pool = pool
        self._timeout_s = timeout_s

    async def parse(self, request: IngestRequest, on_progress: OnProgress | None) -> Ingested:
        """Bytes to a Parquet file."""
        arguments = request.model_dump(mode="json")
        try:
            made = await self._pool.call("ingest", PARSE, arguments, timeout_s=self._timeout_s, on_progress=on_progress)
        except WorkerDied as error:
            raise UnreadableData("reading this file ended the process that read it; is it damaged?") from error
        wrote(f"parsed file {request.target}")
        return Ingested.model_validate(made)

    async def preview(self, request: PreviewRequest) -> Previewed:
        """What the bytes would make."""
        arguments = request.model_dump(mode="json")
        try:
            seen = await self._pool.call("ingest", PREVIEW, arguments, timeout_s=PREVIEW_S)
        except WorkerDied as error:
            raise UnreadableData("reading this file ended the process that read it; is it damaged?") from error
        return Previewed.model_validate(seen)


class PoolEngine:
    """:class:`~datalab.services.data.ports.Engine` in workers of the profile ``sql``."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def run(self, statement: Statement, timeout_s: float) -> AsyncGenerator["PoolAnswer"]:
        """Run the statement."""
        arguments = statement.model_dump(mode="json")
        async with self._pool.stream("sql", RUN, arguments, timeout_s=timeout_s) as stream:
            yield PoolAnswer(stream)

    async def compare(self, request: CompareRequest, timeout_s: float) -> Compared:
        """How two versions differ."""
        found = await self._pool.call("sql", COMPARE, request.model_dump(mode="json"), timeout_s=timeout_s)
        return Compared.model_validate(found)

    async def profile(self, request: ProfileRequest, timeout_s: float) -> Profiled:
        """What is in a table's columns."""
        found = await self._pool.call("sql", PROFILE, request.model_dump(mode="json"), timeout_s=timeout_s)
        return Profiled.model_validate(found)


class PoolAnswer:
    """An answer on its way."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def head(self) -> AnswerHead:
        """What is known before the bytes."""
        return AnswerHead.model_validate(await self._stream.header())

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes."""
        return self._stream

    async def tail(self) -> AnswerTail:
        """What is known after them."""
        return AnswerTail.model_validate(await self._stream.result())
