"""Whether an object store can be used."""

from datalab.contracts.errors import Unavailable
from datalab.kernel.storage.s3 import S3ObjectStore

_PROBE = "probe/conditional"


class StorageCheck:
    """A check of the readiness: the store answers, and lets only one of two writers begin an object."""

    def __init__(self, store: S3ObjectStore) -> None:
        self._store = store
        self._refuses_a_second = False

    async def __call__(self) -> str:
        """Which store it is. Raises StorageUnavailable."""
        if not self._refuses_a_second:
            await self._try_twice()
        await self._store.folders("probe/")
        return self._store.name

    async def _try_twice(self) -> None:
        await self._store.create(_PROBE, b"")
        if await self._store.create(_PROBE, b""):
            raise Unavailable(
                f"the object store {self._store.name} ignores If-None-Match, so that two writers of a table could "
                "overwrite each other's versions; use one with conditional writes"
            )
        self._refuses_a_second = True
