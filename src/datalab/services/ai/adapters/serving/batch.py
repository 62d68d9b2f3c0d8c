"""Gathering rows into batches without a timer: a batch is what one turn of the event loop delivered."""

import asyncio
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from datalab.services.ai.model.inputs import Numbers

MOST_ROWS = 1024

Outcomes = list[list[float]]
Run = Callable[[Numbers, int], Outcomes]
"""Runs the model on so many rows of numbers; gives each row's outcome."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    numbers: Numbers
    rows: int
    since: float
    answer: asyncio.Future[tuple[Outcomes, float]]


class Batcher:
    """Runs what is waiting at the end of the turn; everybody gets their own rows."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._waiting: list[_Waiting] = []

    async def outcomes(self, numbers: Numbers, rows: int) -> tuple[Outcomes, float]:
        """Each row's outcome, and for how many milliseconds the rows waited for company."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._flush)
        waiting = _Waiting(numbers, rows, time.perf_counter(), loop.create_future())
        self._waiting.append(waiting)
        return await waiting.answer

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        while waiting:
            count = _how_many(waiting)
            self._answer(waiting[:count])
            waiting = waiting[count:]

    def _answer(self, batch: list[_Waiting]) -> None:
        begun = time.perf_counter()
        together = batch[0].numbers if len(batch) == 1 else _joined(batch)
        try:
            outcomes = self._run(together, sum(one.rows for one in batch))
        except Exception as error:  # noqa: BLE001 - every caller hears of it
            for one in batch:
                if not one.answer.done():
                    one.answer.set_exception(error)
            return
        start = 0
        for one in batch:
            if not one.answer.done():
                waited_ms = (begun - one.since) * 1000
                one.answer.set_result((outcomes[start : start + one.rows], waited_ms))
            start += one.rows


def _how_many(waiting: list[_Waiting]) -> int:
    """How many of the first fit into one run; one at least."""
    rows = 0
    for count, one in enumerate(waiting):
        rows += one.rows
        if count and rows > MOST_ROWS:
            return count
    return len(waiting)


def _joined(batch: list[_Waiting]) -> Numbers:
    together: Numbers = array("f")
    for one in batch:
        together.extend(one.numbers)
    return together
