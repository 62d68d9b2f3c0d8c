"""The object store port."""

from collections.abc import AsyncIterable, AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from datalab.contracts.errors import NotFound, Unavailable


class ObjectNotFound(NotFound):
    """No object under that key."""

    code, title = "object_not_found", "Object not found"


class StorageUnavailable(Unavailable):
    """The store of tables and files can't be reached, or refuses; trying again later may help."""

    code, title = "storage_unavailable", "Storage unavailable"


class ObjectStore(Protocol):
    """Immutable objects under keys such as ``models/<id>/model.onnx``. A key is never half written.

    Every method raises StorageUnavailable when the store can't be reached.
    """

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> int:
        """Keep the bytes under ``key``, in place of what was there; gives their number."""
        ...

    async def read(self, key: str) -> bytes:
        """All bytes. Raises ObjectNotFound."""
        ...

    def open(self, key: str) -> AsyncIterator[bytes]:
        """The bytes in pieces. Raises ObjectNotFound."""
        ...

    async def exists(self, key: str) -> bool:
        """Whether there is an object under ``key``."""
        ...

    async def delete(self, key: str) -> None:
        """Take the object away; nothing happens when there is none."""
        ...

    async def list(self, prefix: str) -> tuple[str, ...]:
        """The keys below ``prefix``, which is empty or ends in ``/``, sorted."""
        ...

    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """A local file of an object that never changes, there for as long as the block lasts.

        For engines that read files themselves. Raises ObjectNotFound.
        """
        ...


class TableStore(ObjectStore, Protocol):
    """What tables need of a store besides."""

    async def adopt(self, key: str, file: Path) -> None:
        """Keep a local file under ``key``; it is gone then."""
        ...

    async def create(self, key: str, content: bytes) -> bool:
        """Keep the bytes unless there is an object under ``key``, whoever else tries; whether they are kept."""
        ...

    async def clear(self, prefix: str) -> None:
        """Take away every object below ``prefix``."""
        ...

    async def folders(self, prefix: str) -> tuple[str, ...]:
        """The names right below ``prefix`` under which there are objects, sorted."""
        ...

    async def written_at(self, prefix: str) -> datetime | None:
        """When anything below ``prefix`` was written last, ``None`` when there is nothing."""
        ...

    def held(self, keys: Collection[str]) -> AbstractAsyncContextManager[None]:
        """Local files of objects that never change, under :meth:`place`, for as long as the block lasts.

        Raises ObjectNotFound.
        """
        ...

    def place(self, key: str) -> Path:
        """Where the local file of an object is while it is held."""
        ...
