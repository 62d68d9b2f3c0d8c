"""Objects as files in a folder."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from datalab.contracts.errors import InvalidInput
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import wrote
from datalab.kernel.full_disk import full_as_storage_full
from datalab.kernel.storage.drafts import DRAFT, sync_folder, write_draft
from datalab.kernel.storage.port import ObjectNotFound

_CHUNK = 1 << 18


class FolderStore:
    """An object store on a local folder. A put is a file written aside, synced and renamed."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def path(self, key: str) -> Path:
        """Where the object is. Raises InvalidInput for a key that would leave the folder."""
        path = self._root if "\0" in key else self._root.joinpath(key).resolve()
        if not path.is_relative_to(self._root) or path == self._root:
            raise InvalidInput(f"{key!r} is no key inside the store")
        return path

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> int:
        """Keep the bytes under ``key``; gives their number."""
        path = self.path(key)
        draft = path.with_name(f"{DRAFT}{new_id()}")
        try:
            with full_as_storage_full("the disk of the object store"):
                size = await write_draft(draft, chunks)
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

    @asynccontextmanager
    async def local(self, key: str) -> AsyncGenerator[Path]:
        """The object's own file. Raises ObjectNotFound."""
        path = self.path(key)
        if not await asyncio.to_thread(path.is_file):
            raise ObjectNotFound(f"there is no object {key!r}")
        yield path

    async def delete(self, key: str) -> None:
        """Take the object away, with the folders that are empty then; nothing happens when there is none."""
        await asyncio.to_thread(self._delete, self.path(key))
        wrote(f"file gone {key}")

    def _delete(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        with suppress(OSError):
            # The first folder that holds something, or is gone already, ends it.
            for folder in path.relative_to(self._root).parents[:-1]:
                (self._root / folder).rmdir()

    async def list(self, prefix: str) -> tuple[str, ...]:
        """The keys below ``prefix``, sorted."""
        return await asyncio.to_thread(self._list, prefix)

    def _list(self, prefix: str) -> tuple[str, ...]:
        found = (path for path in self._root.rglob("*") if path.is_file() and not path.name.startswith(DRAFT))
        keys = (path.relative_to(self._root).as_posix() for path in found)
        return tuple(sorted(key for key in keys if key.startswith(prefix)))


def _publish(draft: Path, path: Path) -> None:
    draft.replace(path)
    sync_folder(path.parent)
