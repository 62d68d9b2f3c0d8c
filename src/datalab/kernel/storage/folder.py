"""Objects as files in a folder."""

import asyncio
import os
from collections.abc import AsyncIterable, AsyncIterator
from io import BufferedWriter
from pathlib import Path

from datalab.contracts.errors import InvalidInput
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import wrote
from datalab.kernel.storage.port import ObjectNotFound

_CHUNK = 1 << 18
_DRAFT = ".draft-"


class FolderStore:
    """An object store on a local folder. A put is a file written aside, synced and renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def path(self, key: str) -> Path:
        """Where the object is. Raises InvalidInput for a key that would leave the folder."""
        path = self._root.joinpath(key).resolve()
        if "\0" in key or not path.is_relative_to(self._root) or path == self._root:
            raise InvalidInput(f"{key!r} is no key inside the store")
        return path

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> int:
        """Keep the bytes under ``key``; gives their number."""
        path = self.path(key)
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        draft = path.with_name(f"{_DRAFT}{new_id()}")
        try:
            size = await _write(draft, chunks)
            await asyncio.to_thread(_publish, draft, path)
            wrote(f"file {key}")
        finally:
            draft.unlink(missing_ok=True)
        return size

    async def read(self, key: str) -> bytes:
        """All bytes. Raises ObjectNotFound."""
        try:
            return await asyncio.to_thread(self.path(key).read_bytes)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise ObjectNotFound(f"there is no object {key!r}") from error

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """The bytes in pieces. Raises ObjectNotFound."""
        try:
            file = await asyncio.to_thread(self.path(key).open, "rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise ObjectNotFound(f"there is no object {key!r}") from error
        with file:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk

    async def exists(self, key: str) -> bool:
        """Whether there is an object under ``key``."""
        return await asyncio.to_thread(self.path(key).is_file)

    async def delete(self, key: str) -> None:
        """Take the object away; nothing happens when there is none."""
        await asyncio.to_thread(self.path(key).unlink, missing_ok=True)
        wrote(f"file gone {key}")

    async def list(self, prefix: str) -> tuple[str, ...]:
        """The keys below ``prefix``, sorted."""
        return await asyncio.to_thread(self._list, prefix)

    def _list(self, prefix: str) -> tuple[str, ...]:
        found = (path for path in self._root.rglob("*") if path.is_file() and not path.name.startswith(_DRAFT))
        keys = (path.relative_to(self._root).as_posix() for path in found)
        return tuple(sorted(key for key in keys if key.startswith(prefix)))


async def _write(draft: Path, chunks: AsyncIterable[bytes]) -> int:
    size = 0
    with draft.open("xb") as file:
        async for chunk in chunks:
            size += len(chunk)
            await asyncio.to_thread(file.write, chunk)
        await asyncio.to_thread(_sync, file)
    return size


def _sync(file: BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())


def _publish(draft: Path, path: Path) -> None:
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
