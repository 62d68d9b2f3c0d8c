"""The index is brought up to date for all who wait for it at once."""

import asyncio
from typing import Any, cast

from datalab.services.data.actions.indexing import Indexing
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.ports import Catalogue, Tables


class Record:
    def __init__(self, version: int) -> None:
        self.version = version


class Books:
    """A log and its index; indexing takes a moment, and is counted."""

    def __init__(self) -> None:
        self.log, self.indexed, self.rounds = 0, 0, 0
        self.fails = False
        self.begun = asyncio.Event()

    async def get(self, _: str) -> Record:
        return Record(self.indexed)

    async def entries(self, _: str, after: int) -> list[int]:
        return list(range(after + 1, self.log + 1))

    async def advance(self, _: str, entries: list[int]) -> Record:
        self.rounds += 1
        self.begun.set()
        await asyncio.sleep(0.01)
        if self.fails:
            raise RuntimeError("the database is gone")
        self.indexed = entries[-1]
        return Record(self.indexed)


def over(books: Books) -> Indexing:
    return Indexing(cast("Catalogue", books), cast("Tables", books))


async def test_each_sees_its_own_commit_and_few_rounds_are_made():
    books = Books()
    indexing = over(books)

    async def commit() -> None:
        books.log += 1
        mine = books.log
        record = cast("DatasetRecord", await indexing.caught_up("one"))
        assert record.version >= mine

    await asyncio.gather(*(commit() for _ in range(20)))
    assert (books.indexed, books.rounds) == (20, 1)


async def test_who_commits_during_a_round_waits_for_the_next():
    books = Books()
    indexing = over(books)
    books.log = 1
    first = asyncio.create_task(indexing.caught_up("one"))
    await books.begun.wait()
    books.log = 2
    later = await asyncio.gather(*(indexing.caught_up("one") for _ in range(5)))
    assert cast("DatasetRecord", await first).version == 1
    assert {cast("DatasetRecord", one).version for one in later} == {2}
    assert books.rounds == 2


async def test_a_round_that_fails_is_told_to_those_it_was_for_and_the_next_is_tried():
    books = Books()
    indexing = over(books)
    books.log, books.fails = 1, True
    told: list[Any] = await asyncio.gather(*(indexing.caught_up("one") for _ in range(3)), return_exceptions=True)
    assert {str(one) for one in told} == {"the database is gone"}
    books.fails = False
    assert cast("DatasetRecord", await indexing.caught_up("one")).version == 1


async def test_who_gives_up_takes_nothing_from_the_others():
    books = Books()
    indexing = over(books)
    books.log = 1
    leaving, staying = (asyncio.create_task(indexing.caught_up("one")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert cast("DatasetRecord", await staying).version == 1
