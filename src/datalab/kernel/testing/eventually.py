"""Waiting in tests for what other tasks and processes bring about."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(condition: Callable[[], Awaitable[object]], *, within_s: float = 30.0) -> None:
    """Return once ``condition`` gives something true. Raises :class:`TimeoutError` after ``within_s``."""
    async with asyncio.timeout(within_s):
        while not await condition():  # noqa: ASYNC110 # other processes set no event of ours
            await asyncio.sleep(0.02)
