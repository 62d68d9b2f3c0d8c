"""Those who come for the same key take turns."""

import asyncio

import pytest

from datalab.kernel.turns import Turns

HERE, THERE = "here", "there"


async def test_those_who_come_for_the_same_key_wait_for_each_other_in_order():
    turns, heard = Turns(), list[str]()

    async def change(name: str):
        async with turns.of(HERE):
            heard.append(f"{name} begins")
            await asyncio.sleep(0)
            heard.append(f"{name} ends")

    await asyncio.gather(*(change(name) for name in "abc"))
    assert heard == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]


async def test_another_key_waits_for_nobody():
    turns = Turns()
    async with turns.of(HERE), asyncio.timeout(10), turns.of(THERE):
        pass


async def test_after_a_failure_the_next_has_its_turn():
    turns = Turns()
    with pytest.raises(ValueError, match="failed"):
        async with turns.of(HERE):
            raise ValueError("failed")
    async with asyncio.timeout(10), turns.of(HERE):
        pass
