"""What a process does unasked, again and again, beside its requests."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from datalab.contracts.errors import PlatformError

HOURLY_S: Final = 3600.0
FIRST_S: Final = 60.0
"""How long the start is left alone."""

BATCH: Final = 500
"""Most rows that one transaction of a clean-up takes away, so that it holds up nobody for long."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def upkeep(name: str, step: Callable[[], Awaitable[object]], every_s: float = HOURLY_S) -> AsyncGenerator[None]:
    """Take the step soon and then every so many seconds, as long as the block; one that fails is taken again."""

    async def again_and_again() -> None:
        await asyncio.sleep(min(every_s, FIRST_S))
        while True:
            try:
                await step()
            except (PlatformError, OSError) as error:
                _log.warning("upkeep of %s failed and is tried again: %s", name, error)
            except Exception:  # noqa: BLE001 # without it what is past its time would stay for ever
                _log.exception("upkeep of %s failed and is tried again", name)
            await asyncio.sleep(every_s)

    task = asyncio.create_task(again_and_again(), name=f"upkeep: {name}")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def in_batches(batch: Callable[[], Awaitable[int]]) -> int:
    """Repeat the batch, which says how many rows it took away, until it takes away none; how many those were."""
    total = 0
    while gone := await batch():
        total += gone
    return total
