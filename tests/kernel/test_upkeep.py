"""What is done again and again beside requests."""

import asyncio

import pytest

from datalab.contracts.errors import Unavailable
from datalab.kernel.upkeep import in_batches, upkeep


@pytest.mark.parametrize("error", [Unavailable("away"), OSError("full"), RuntimeError("nobody foresaw this")], ids=repr)
async def test_a_step_that_fails_is_taken_again(error: Exception):
    again = asyncio.Event()
    failures = [error]

    async def step() -> None:
        if failures:
            raise failures.pop()
        again.set()

    async with upkeep("a test", step, every_s=0.01):
        await asyncio.wait_for(again.wait(), 30)


async def test_leaving_the_block_ends_a_step_under_way():
    begun, ended = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with upkeep("a test", step, every_s=0.01):
        await asyncio.wait_for(begun.wait(), 30)
    assert ended.is_set()


async def test_batches_go_on_until_one_finds_nothing():
    sizes = [3, 3, 1, 0]

    async def batch() -> int:
        return sizes.pop(0)

    assert await in_batches(batch) == 7
    assert sizes == []
