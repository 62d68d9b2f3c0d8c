"""Rows of one turn of the event loop are run together, and everybody gets their own."""

import asyncio
from array import array

import pytest

from datalab.services.ai.adapters.serving.batch import MOST_ROWS, Batcher


class Doubling:
    """A model of one number a row, which remembers how many rows it was given at once."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, numbers: array, rows: int) -> list[list[float]]:
        self.batches.append(rows)
        if -1.0 in numbers:
            raise ValueError("no negative numbers")
        return [[2 * one] for one in numbers]


async def test_everybody_gets_their_own_rows_of_one_batch() -> None:
    model = Doubling()
    batcher = Batcher(model)
    asked = [array("f", range(first, first + count)) for first, count in ((0, 1), (10, 3), (20, 1))]
    answers = await asyncio.gather(*(batcher.outcomes(one, len(one)) for one in asked))
    assert [outcomes for outcomes, _ in answers] == [[[2 * one] for one in numbers] for numbers in asked]
    assert model.batches == [5]
    assert all(waited >= 0 for _, waited in answers)


async def test_the_next_turn_is_the_next_batch() -> None:
    model = Doubling()
    batcher = Batcher(model)
    for _ in range(2):
        await batcher.outcomes(array("f", [1]), 1)
    assert model.batches == [1, 1]


async def test_more_rows_than_fit_become_several_batches() -> None:
    model = Doubling()
    batcher = Batcher(model)
    part = array("f", [1.0] * 400)
    await asyncio.gather(*(batcher.outcomes(part, 400) for _ in range(5)))
    assert model.batches == [800, 800, 400]
    assert max(model.batches) <= MOST_ROWS


async def test_an_error_reaches_everybody_and_the_next_batch_is_well() -> None:
    batcher = Batcher(Doubling())
    answers = await asyncio.gather(*(batcher.outcomes(array("f", [one]), 1) for one in (1, -1)), return_exceptions=True)
    assert all(isinstance(answer, ValueError) for answer in answers)
    assert (await batcher.outcomes(array("f", [4]), 1))[0] == [[8.0]]


async def test_a_caller_who_left_does_not_disturb_the_others() -> None:
    batcher = Batcher(Doubling())
    leaving = asyncio.create_task(batcher.outcomes(array("f", [1]), 1))
    staying = asyncio.create_task(batcher.outcomes(array("f", [2]), 1))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying)[0] == [[4.0]]
    with pytest.raises(asyncio.CancelledError):
        await leaving
