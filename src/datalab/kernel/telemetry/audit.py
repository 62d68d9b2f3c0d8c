"""The audit trail: every call to the API is recorded by the service that serves it, in batches off the hot path."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from datalab.contracts.errors import PlatformError
from datalab.contracts.gateway import AuditEntry
from datalab.kernel.failpoint import reach
from datalab.kernel.telemetry.logs import get_logger

AUDIT_TOPIC = "audit.recorded"
_BATCH_S = 0.5
_KEPT = 100_000
_BATCH = 500
_log = get_logger(__name__)


class AuditSink(Protocol):
    """Keeps entries for good; the entries of one call are kept together or not at all."""

    async def keep(self, entries: Sequence[AuditEntry]) -> None:
        """Keep the entries. Raises PlatformError when that can't be done now."""
        ...


class AuditTrail:
    """Collects entries and hands them to the sink every half second; what can't be kept now is kept later.

    Run it as an asynchronous context manager: leaving it hands over what is left.
    """

    def __init__(self, sink: AuditSink) -> None:
        self._sink = sink
        self._waiting: deque[AuditEntry] = deque(maxlen=_KEPT)
        self._task: asyncio.Task[None] | None = None
        self._flushing = asyncio.Lock()

    def record(self, entry: AuditEntry) -> None:
        """Add an entry; never waits."""
        if len(self._waiting) == _KEPT:
            _log.error("audit trail overflows, the oldest entry is lost", entry=self._waiting[0].id)
        self._waiting.append(entry)

    async def flush(self) -> None:
        """Hand over all entries that wait. Raises PlatformError, with nothing lost, when the sink is away."""
        async with self._flushing:
            while self._waiting:
                batch = [self._waiting[index] for index in range(min(_BATCH, len(self._waiting)))]
                await self._sink.keep(batch)
                reach("audit.flush.after_batch")
                self._forget({entry.id for entry in batch})

    def _forget(self, kept: set[str]) -> None:
        """Drop the first entries that are kept; an overflow may have dropped some of them meanwhile."""
        while self._waiting and self._waiting[0].id in kept:
            self._waiting.popleft()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="audit")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._try_flush()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_BATCH_S)
            await self._try_flush()

    async def _try_flush(self) -> None:
        try:
            await self.flush()
        except PlatformError as error:
            _log.warning("audit entries wait", waiting=len(self._waiting), reason=error.detail)
