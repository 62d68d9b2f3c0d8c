"""Bringing the index of a dataset up to its log, at once for all who wait for it."""

import asyncio

from datalab.kernel.turns import Turns
from datalab.services.data.model.dataset import DatasetRecord
from datalab.services.data.ports import Catalogue, Tables


class Indexing:
    """Indexes what is in a dataset's log; who comes while that is being done shares the next round with all others."""

    def __init__(self, catalogue: Catalogue, tables: Tables) -> None:
        self._catalogue = catalogue
        self._tables = tables
        self._next: dict[str, asyncio.Task[DatasetRecord | None]] = {}
        self._rounds = Turns()

    async def caught_up(self, dataset_id: str) -> DatasetRecord | None:
        """The live dataset with everything indexed that was committed before this call."""
        if dataset_id not in self._next:
            self._next[dataset_id] = asyncio.create_task(self._round(dataset_id), name="index")
        return await asyncio.shield(self._next[dataset_id])

    async def _round(self, dataset_id: str) -> DatasetRecord | None:
        async with self._rounds.of(dataset_id):
            del self._next[dataset_id]
            record = await self._catalogue.get(dataset_id)
            if record is None:
                return None
            entries = await self._tables.entries(dataset_id, record.version)
            return await self._catalogue.advance(dataset_id, entries) if entries else record
