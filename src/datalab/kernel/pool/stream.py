"""One task in a child, from its start to its result, read by one caller."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

import structlog

from datalab.contracts.errors import DeadlineExceeded, FieldError, MemoryLimitExceeded, PlatformError, rebuild
from datalab.kernel.pool.deadline import Deadline
from datalab.kernel.pool.errors import PoolClosed, WorkerDied, WorkerFailed
from datalab.kernel.pool.lane import Lane
from datalab.kernel.pool.protocol import Kind, decode
from datalab.kernel.pool.worker import Worker
from datalab.kernel.traces.spans import UNKEPT, begin

OnProgress = Callable[[float, str], Awaitable[None] | None]
OnLog = Callable[[str], Awaitable[None] | None]

log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Task:
    """What is to be done, for how long, and who is told of it."""

    entry: str
    arguments: Mapping[str, Any]
    timeout_s: float
    queue_s: float
    unread_s: float
    on_progress: OnProgress | None
    on_log: OnLog | None


class Stream:
    """An async context manager which runs the task, and an async iterator of its bytes in order.

    The child stops when the reader is behind by about half a megabyte. Leaving the block early, a cancelled wait, an
    error and the deadline kill the child at once. Header, chunks and result are asked for by one caller at a time.
    """

    def __init__(self, lane: Lane, task: Task) -> None:
        self._lane: Final = lane
        self._task: Final = task
        self._worker: Worker | None = None
        self._deadline: Final = Deadline(
            task.timeout_s,
            hold_s=task.unread_s,
            on_expiry=partial(self._expire, f"the work did not end within {task.timeout_s:g} s"),
            on_stall=partial(self._expire, f"the answer was not read for {task.unread_s:g} s"),
        )
        self._header: Any = None
        self._has_header = self._done = False
        self._chunk: bytes | None = None
        self._result: Any = None
        self._expired: str | None = None
        self._failure: Exception | None = None
        self._step = UNKEPT
        self._telling: Final[list[asyncio.Future[None]]] = []

    async def __aenter__(self) -> Self:
        """Wait for a free child and give it the task; raises PoolBusy, PoolClosed or WorkerDied."""
        self._step = begin(f"pool {self._lane.profile.name}", {"code.function.name": self._task.entry})
        try:
            await self._enter()
        except BaseException as error:
            self._step.end(error)
            raise
        return self

    async def _enter(self) -> None:
        begun = time.perf_counter()
        while self._worker is None:
            worker = await self._lane.acquire(self._task.queue_s)
            self._worker = worker
            try:
                await self._begin(worker)
            except BaseException:
                self._give_up()
                raise
        self._step.note({"datalab.pool.waited_s": time.perf_counter() - begun})

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._give_up()
        self._step.end(error)

    async def header(self) -> Any:
        """The header that the task sent before its first chunk, or None when it sends none; raises the task's error."""
        while not (self._has_header or self._chunk is not None or self._done):
            await self._advance()
        return self._header

    def __aiter__(self) -> Self:
        """The chunks; the task's error is raised in place of the next one."""
        return self

    async def __anext__(self) -> bytes:
        """The next chunk."""
        while self._chunk is None:
            if self._done:
                raise StopAsyncIteration
            await self._advance()
        chunk, self._chunk = self._chunk, None
        return chunk

    async def result(self) -> Any:
        """What the task returned; chunks not read yet are dropped. Raises the task's error."""
        while not self._done:
            self._chunk = None
            await self._advance()
        return self._result

    async def _begin(self, worker: Worker) -> None:
        """Give the child the task; one that died before it began is replaced silently, since nothing was done."""
        worker.begin_call(self._hear)
        with self._deadline:
            await worker.send(Kind.CALL, {"entry": self._task.entry, "arguments": self._task.arguments})
            if await worker.receive() is None and self._expired is None and not self._lane.closed:
                self._worker = None
                self._lane.retire(worker)

    async def _advance(self) -> None:
        """Take frames until one changes what the reader can see."""
        if self._failure is not None:
            raise self._failure
        try:
            with self._deadline:
                while await self._is_aside(await self._receive()):
                    pass
        except BaseException as error:
            self._failure = error if isinstance(error, Exception) else None
            self._give_up()
            raise

    async def _receive(self) -> tuple[Kind, bytes]:
        if self._worker is None:
            raise WorkerFailed("the stream was closed before its task ended")
        frame = await self._worker.receive()
        if frame is None:
            raise await self._cause_of_death(self._worker)
        return frame

    async def _is_aside(self, frame: tuple[Kind, bytes]) -> bool:
        """Digest a frame; true when it was progress or a log line, which the reader of the stream doesn't wait for."""
        kind, payload = frame
        match kind:
            case Kind.CHUNK:
                self._chunk = payload
            case Kind.HEADER:
                self._header, self._has_header = decode(payload), True
            case Kind.RESULT:
                self._result = decode(payload)
                await self._finish()
                self._done = True
            case Kind.ERROR:
                told = decode(payload)
                await self._finish(reusable=told["is"] != "memory")
                raise self._told_error(told)
            case _:
                await self._tell(kind, decode(payload))
                return True
        return False

    async def _tell(self, kind: Kind, value: Any) -> None:
        answer = None
        if kind is Kind.PROGRESS and self._task.on_progress is not None:
            answer = self._task.on_progress(*value)
        elif kind is Kind.LOG and self._task.on_log is not None:
            answer = self._task.on_log(value)
        if inspect.isawaitable(answer):
            await answer

    def _hear(self, line: str) -> None:
        """A line that a native library wrote."""
        answer = self._task.on_log(line) if self._task.on_log is not None else None
        if inspect.isawaitable(answer):
            self._telling.append(asyncio.ensure_future(answer))

    async def _finish(self, *, reusable: bool = True) -> None:
        worker, self._worker = self._worker, None
        self._deadline.stop()
        if worker is None:
            return
        try:
            await worker.end_call()
            await asyncio.gather(*self._telling)
        finally:
            (self._lane.release if reusable else self._lane.retire)(worker)

    def _give_up(self) -> None:
        self._deadline.stop()
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.disregard()
            self._lane.retire(worker)

    def _expire(self, why: str) -> None:
        self._expired = why
        if self._worker is not None:
            self._worker.kill()

    async def _cause_of_death(self, worker: Worker) -> PlatformError:
        if self._expired is not None:
            return DeadlineExceeded(f"{self._expired}, so it was stopped")
        if self._lane.closed:
            return PoolClosed("the platform is shutting down, so the work was stopped")
        cause, starved = await worker.cause_of_death()
        if starved:
            return self._memory_limit_exceeded()
        name, entry, said = worker.profile.name, self._task.entry, worker.last_words
        log.error("worker_died", profile=name, entry=entry, pid=worker.pid, cause=cause, said=said)
        return WorkerDied(f"the process that did the work {cause}")

    def _told_error(self, told: Mapping[str, Any]) -> PlatformError:
        match told["is"]:
            case "platform":
                errors = tuple(FieldError(**field) for field in told["errors"])
                return rebuild(told["code"], told["detail"], errors, told["retry_after_s"])
            case "memory":
                return self._memory_limit_exceeded()
            case _:
                kind, entry = told["type"], self._task.entry
                log.error("worker_failed", profile=self._lane.profile.name, entry=entry, traceback=told["traceback"])
                return WorkerFailed(f"the work failed with {kind}, which nobody foresaw; the log holds the details")

    def _memory_limit_exceeded(self) -> MemoryLimitExceeded:
        limit = self._lane.profile.memory_bytes / 2**20
        return MemoryLimitExceeded(f"the work needed more than the {limit:g} MiB of memory it may use")
