"""Parsing and statements over tables in an object store: the files that are read are held on this machine meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from datalab.contracts.errors import DeadlineExceeded
from datalab.services.data.model.comparing import Compared, CompareRequest
from datalab.services.data.model.ingest import Ingested, IngestRequest, Previewed, PreviewRequest
from datalab.services.data.model.profiling import Profiled, ProfileRequest
from datalab.services.data.model.statement import AnswerHead, AnswerTail, Statement
from datalab.services.data.ports import Engine, EngineAnswer, Ingest, OnProgress

Held = Callable[[Collection[str]], AbstractAsyncContextManager[None]]
"""Has local files, by their paths, for as long as a block."""


class HoldingIngest:
    """:class:`~datalab.services.data.ports.Ingest` that has the dataset's own files for an upsert."""

    def __init__(self, ingest: Ingest, held: Held) -> None:
        self._ingest = ingest
        self._held = held

    async def parse(self, request: IngestRequest, on_progress: OnProgress | None) -> Ingested:
        """Bytes to a Parquet file."""
        async with self._held(request.base):
            return await self._ingest.parse(request, on_progress)

    async def preview(self, request: PreviewRequest) -> Previewed:
        """What the bytes would make."""
        return await self._ingest.preview(request)


class HoldingEngine:
    """:class:`~datalab.services.data.ports.Engine` that has the files of the views; fetching them counts as run time."""

    def __init__(self, engine: Engine, held: Held) -> None:
        self._engine = engine
        self._held = held

    @asynccontextmanager
    async def run(self, statement: Statement, timeout_s: float) -> AsyncGenerator["HoldingAnswer"]:
        """Run the statement; begun when the answer's head is asked for."""
        async with AsyncExitStack() as stack:

            async def begin() -> EngineAnswer:
                left_s = await self._have(stack, [file for view in statement.views for file in view.files], timeout_s)
                return await stack.enter_async_context(self._engine.run(statement, left_s))

            yield HoldingAnswer(begin)

    async def compare(self, request: CompareRequest, timeout_s: float) -> Compared:
        """How two versions differ."""
        async with AsyncExitStack() as stack:
            left_s = await self._have(stack, [*request.before.files, *request.after.files], timeout_s)
            return await self._engine.compare(request, left_s)

    async def profile(self, request: ProfileRequest, timeout_s: float) -> Profiled:
        """What is in a table's columns."""
        async with AsyncExitStack() as stack:
            left_s = await self._have(stack, request.view.files, timeout_s)
            return await self._engine.profile(request, left_s)

    async def _have(self, stack: AsyncExitStack, files: Collection[str], timeout_s: float) -> float:
        """Hold the files as long as ``stack``; gives the seconds that are left."""
        if not files:
            return timeout_s
        loop = asyncio.get_running_loop()
        end = loop.time() + timeout_s
        try:
            async with asyncio.timeout_at(end):
                await stack.enter_async_context(self._held(files))
        except TimeoutError as error:
            raise DeadlineExceeded(f"the table's files were not here within {timeout_s:g} s") from error
        return max(end - loop.time(), 0.001)


class HoldingAnswer:
    """An answer on its way, begun by asking for its head."""

    def __init__(self, begin: Callable[[], Awaitable[EngineAnswer]]) -> None:
        self._begin = begin
        self._begun: EngineAnswer | None = None

    @property
    def _answer(self) -> EngineAnswer:
        if self._begun is None:
            raise RuntimeError("ask for the answer's head first")
        return self._begun

    async def head(self) -> AnswerHead:
        """What is known before the bytes."""
        self._begun = await self._begin()
        return await self._begun.head()

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes."""
        return aiter(self._answer)

    async def tail(self) -> AnswerTail:
        """What is known after them."""
        return await self._answer.tail()
