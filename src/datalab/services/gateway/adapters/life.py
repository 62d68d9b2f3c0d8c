"""What goes on in the gateway beside requests."""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from datalab.contracts.errors import PlatformError
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import check_schema
from datalab.kernel.events.bus import EventBus
from datalab.kernel.telemetry.audit import AUDIT_TOPIC
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.gateway.actions.registry import Registry
from datalab.services.gateway.actions.set_up import FirstRun
from datalab.services.gateway.adapters.audit import SqlAuditLog
from datalab.services.gateway.adapters.bus import AUDIT_GROUP, Hearing
from datalab.services.gateway.adapters.news import IDENTITY_TOPIC
from datalab.services.gateway.adapters.sessions import SqlSessions
from datalab.services.gateway.model.sessions import Terms

_AGAIN_S = 1.0
_CLEANING_S = 3600.0
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Life:
    """From the start to the end of the gateway's app. A database that is away delays, but doesn't prevent, the start.

    The server drains: it calls the end only when the last answer has been given.
    """

    database: Database
    bus: EventBus
    hearing: Hearing
    first_run: FirstRun
    registry: Registry
    audit: SqlAuditLog
    audit_days: int
    sessions: SqlSessions
    terms: Terms
    closing: Sequence[Callable[[], Awaitable[None] | None]]

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncGenerator[None]:
        """Subscribe, open the door to a first administrator, watch the services."""
        async with AsyncExitStack() as stack:
            for close in self.closing:
                stack.push_async_callback(_called, close)
            heard = await self.bus.subscribe([AUDIT_TOPIC], AUDIT_GROUP, self.hearing.audit_recorded)
            stack.push_async_callback(heard.close)
            changed = await self.bus.broadcast([IDENTITY_TOPIC], self.hearing.identity_changed)
            stack.push_async_callback(changed.close)
            prepared = await self._try_to_prepare()
            await stack.enter_async_context(_running(self.registry.run(), "registry"))
            await stack.enter_async_context(_running(self._clean(), "cleaning"))
            if not prepared:
                await stack.enter_async_context(_running(self._prepare(), "first run"))
            yield

    async def _prepare(self) -> None:
        prepared = False
        while not prepared:
            await asyncio.sleep(_AGAIN_S)
            prepared = await self._try_to_prepare()

    async def _try_to_prepare(self) -> bool:
        try:
            await check_schema(self.database)
            await self.first_run.prepare()
        except PlatformError as error:
            _log.warning("the gateway waits for its database", reason=error.detail)
            return False
        return True

    async def _clean(self) -> None:
        while True:
            await asyncio.sleep(_CLEANING_S)
            try:
                await self.clean(datetime.now(UTC))
            except PlatformError as error:
                _log.warning("what is past its time can't be cleaned now", reason=error.detail)

    async def clean(self, now: datetime) -> None:
        """Forget audit entries past their time and sessions that have ended. Raises Unavailable."""
        entries = await self.audit.forget(now - timedelta(days=self.audit_days))
        sessions = await self.sessions.forget(now, self.terms)
        _log.info("what is past its time is forgotten", audit_entries=entries, sessions=sessions)


async def _called(close: Callable[[], Awaitable[None] | None]) -> None:
    result = close()
    if inspect.isawaitable(result):
        await result


@asynccontextmanager
async def _running(work: Coroutine[object, object, None], name: str) -> AsyncGenerator[None]:
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
