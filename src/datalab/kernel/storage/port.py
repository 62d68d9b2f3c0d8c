"""The object store port."""

from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path
from typing import Protocol

from datalab.contracts.errors import NotFound


class ObjectNotFound(NotFound):
    """No object under that key."""

    code, title = "object_not_found", "Object not found"


class ObjectStore(Protocol):
    """Immutable objects under keys such as ``models/<id>/model.onnx``. A key is never half written."""

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
        """The keys below ``prefix``, sorted."""
        ...

    def path(self, key: str) -> Path:
        """A local path of the object or folder, for engines that read files themselves."""
        ...
