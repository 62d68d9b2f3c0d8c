"""What the service does unasked, for as long as it runs."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from datalab.contracts.errors import PlatformError
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.reconcile import reconcile_index, reconcile_uploads, sweep
from datalab.services.data.actions.shared_queries import LOOKED_EVERY_S

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UpkeepTimes:
    """How often to clear up, how long deleted and strange tables stay, which queries are remembered; in seconds."""

    every_s: float
    deleted_kept_s: float
    orphan_kept_s: float
    queries_kept_s: float
    queries_kept: int


@asynccontextmanager
async def upkeep(parts: Parts, times: UpkeepTimes) -> AsyncGenerator[None]:
    """Clear up after processes that died, at once and again and again, and tell other processes of queries."""

    async def clear_up() -> None:
        await reconcile_uploads(parts)
        await reconcile_index(parts)
        await sweep(parts, kept_s=times.deleted_kept_s, orphan_s=times.orphan_kept_s)
        await parts.shared_queries.end_lost()
        await parts.shared_queries.forget_old(timedelta(seconds=times.queries_kept_s), times.queries_kept)

    work = [
        asyncio.create_task(_again_and_again(clear_up, times.every_s)),
        asyncio.create_task(_again_and_again(parts.shared_queries.tell, LOOKED_EVERY_S)),
    ]
    try:
        yield
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        with suppress(PlatformError, OSError):
            await parts.shared_queries.tell()


async def _again_and_again(step: Callable[[], Awaitable[None]], pause_s: float) -> None:
    while True:
        try:
            await step()
        except (PlatformError, OSError) as error:
            _log.warning("upkeep_failed", step=getattr(step, "__name__", "step"), error=str(error))
        await asyncio.sleep(pause_s)
