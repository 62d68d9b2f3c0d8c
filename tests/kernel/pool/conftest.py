"""Pools of real children that run the tasks in pool_tasks.py."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile

OpenPool = Callable[..., Pool]
TASKS = Path(__file__).parent


@pytest.fixture
async def open_pool(tmp_path: Path) -> AsyncIterator[OpenPool]:
    """Opens pools of one profile, "test", and closes them when the test ends."""
    async with AsyncExitStack() as stack:

        def opened(**settings: object) -> Pool:
            pool = Pool([Profile("test", **settings)], scratch=tmp_path / "scratch", import_path=[TASKS])
            stack.push_async_callback(pool.close)
            return pool

        yield opened


@pytest.fixture
def pool(open_pool: OpenPool) -> Pool:
    return open_pool()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Waits for what the kernel does in its own time, such as the end of a process."""

    async def wait(condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - nobody else announces it
                await asyncio.sleep(0.01)

    return wait
