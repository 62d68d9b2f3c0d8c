"""Bytes from a child: order, back-pressure, errors before and amid them."""

import asyncio
from pathlib import Path

import psutil
import pytest

from datalab.contracts.errors import DeadlineExceeded, NotFound
from datalab.kernel.pool.pool import Pool

FOREVER = 60.0


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


async def test_header_chunks_and_result_come_in_order(pool: Pool):
    async with pool.stream("test", "pool_tasks:count", {"chunks": 1000}, timeout_s=FOREVER) as stream:
        assert await stream.header() == {"columns": ["n"]}
        numbers = [int.from_bytes(chunk, "big") async for chunk in stream]
        assert numbers == list(range(1000))
        assert await stream.result() == 1000


async def test_a_long_chunk_arrives_whole_in_pieces(pool: Pool):
    arguments = {"chunks": 2, "repeat": 250_000}
    async with pool.stream("test", "pool_tasks:count", arguments, timeout_s=FOREVER) as stream:
        pieces = [chunk async for chunk in stream]
    assert b"".join(pieces) == bytes(1_000_000) + b"\0\0\0\1" * 250_000
    assert len(pieces) > 2


async def test_a_stream_without_header_has_none(pool: Pool):
    async with pool.stream("test", "pool_tasks:echo", 5, timeout_s=FOREVER) as stream:
        assert await stream.header() is None
        assert [chunk async for chunk in stream] == []
        assert await stream.result() == 5


async def test_a_child_waits_for_a_slow_reader(open_pool, tmp_path: Path):
    marks = tmp_path / "marks"
    pool = open_pool(writes=(marks,))
    arguments = {"marks": marks / "sent", "chunks": 500}
    async with pool.stream("test", "pool_tasks:mark_each_chunk", arguments, timeout_s=FOREVER) as stream:
        await anext(stream)
        sent, before = size(marks / "sent"), -1
        while sent != before:
            await asyncio.sleep(0.3)
            sent, before = size(marks / "sent"), sent
        assert sent < 40
        assert sum([len(chunk) async for chunk in stream]) == 499 * 65536


async def test_an_error_before_the_first_byte_is_raised_by_the_header(pool: Pool):
    async with pool.stream("test", "pool_tasks:not_found", {}, timeout_s=FOREVER) as stream:
        with pytest.raises(NotFound):
            await stream.header()
        with pytest.raises(NotFound):
            await stream.result()


async def test_an_error_amid_the_stream_follows_what_was_sent(pool: Pool):
    async with pool.stream("test", "pool_tasks:break_midway", {}, timeout_s=FOREVER) as stream:
        assert await anext(stream) == b"before"
        with pytest.raises(NotFound, match="row 7"):
            await anext(stream)


async def test_leaving_early_kills_the_child(pool: Pool, until):
    pid = await pool.call("test", "pool_tasks:process_id", {}, timeout_s=FOREVER)
    async with pool.stream("test", "pool_tasks:count", {"chunks": 10**9}, timeout_s=FOREVER) as stream:
        await anext(stream)
    await until(lambda: not psutil.pid_exists(pid))
    assert pool.snapshot()["test"].running == 0


async def test_a_reader_who_never_comes_back_loses_the_child(pool: Pool):
    arguments = {"chunks": 10**9, "repeat": 1000}
    async with pool.stream("test", "pool_tasks:count", arguments, timeout_s=FOREVER, unread_s=0.2) as stream:
        await anext(stream)
        await asyncio.sleep(0.5)
        with pytest.raises(DeadlineExceeded, match="not read"):
            async for _ in stream:
                pass


async def test_time_with_the_reader_is_not_the_childs(pool: Pool):
    async with pool.stream("test", "pool_tasks:count", {"chunks": 3}, timeout_s=5) as stream:
        await stream.header()
        pool_time_left = stream._deadline._left
        await asyncio.sleep(0.5)
        assert [chunk async for chunk in stream]
        assert pool_time_left - stream._deadline._left < 0.5
