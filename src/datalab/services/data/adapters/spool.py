"""Uploads on their way: a folder each, held by a file lock that the kernel lets go of when the process dies."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO

from datalab.contracts.errors import TooLarge, Unavailable
from datalab.contracts.ids import new_id
from datalab.kernel.failpoint import wrote
from datalab.kernel.full_disk import full_as_storage_full, is_full, storage_full
from datalab.services.data.ports import Abandoned

_INTENT = "intent"
_BUFFER = 2**20
_DISK = "the disk of uploads"


class FolderSpool:
    """:class:`~datalab.services.data.ports.Spool` under ``root``, uploads of at most ``max_bytes``."""

    def __init__(self, root: Path, max_bytes: int) -> None:
        self._root = root
        self._max_bytes = max_bytes

    @asynccontextmanager
    async def open(self) -> AsyncGenerator["SpooledUpload"]:
        """A new folder; gone after the block, but for its intent when that was neither fulfilled nor dropped."""
        upload_id = new_id()
        with full_as_storage_full(_DISK):
            lock = await asyncio.to_thread(self._begin, upload_id)
        folder = SpooledUpload(self._root / upload_id, self._max_bytes)
        try:
            yield folder
        finally:
            await asyncio.shield(asyncio.to_thread(self._end, folder, lock))

    async def abandoned(self) -> list[Abandoned]:
        """Folders that no living process holds."""
        return await asyncio.to_thread(self._abandoned)

    async def discard(self, folder_id: str) -> None:
        """Delete an abandoned folder."""
        await asyncio.to_thread(self._discard, folder_id)

    def _begin(self, upload_id: str) -> IO[bytes]:
        self._root.mkdir(parents=True, exist_ok=True)
        while True:
            lock = self._lock_file(upload_id).open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.fstat(lock.fileno()).st_nlink:
                break
            lock.close()  # taken for a left one and cleared away before it was locked
        (self._root / upload_id).mkdir()
        return lock

    def _end(self, folder: "SpooledUpload", lock: IO[bytes]) -> None:
        if folder.settled:
            shutil.rmtree(folder.path, ignore_errors=True)
            self._lock_file(folder.id).unlink(missing_ok=True)
        else:
            folder.body.unlink(missing_ok=True)
        lock.close()

    def _abandoned(self) -> list[Abandoned]:
        if not self._root.is_dir():
            return []
        self._clear_lone_locks()
        return [
            Abandoned(path.name, _intent(path))
            for path in sorted(self._root.iterdir())
            if path.is_dir() and self._is_free(path.name)
        ]

    def _clear_lone_locks(self) -> None:
        """Delete the locks of processes that died before they made a folder, or after they deleted it."""
        for path in self._root.glob("*.lock"):
            with suppress(BlockingIOError, FileNotFoundError), path.open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not path.with_suffix("").exists():
                    path.unlink()

    def _is_free(self, folder_id: str) -> bool:
        try:
            with self._lock_file(folder_id).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except FileNotFoundError:
            return True
        return True

    def _discard(self, folder_id: str) -> None:
        shutil.rmtree(self._root / folder_id, ignore_errors=True)
        self._lock_file(folder_id).unlink(missing_ok=True)

    def _lock_file(self, folder_id: str) -> Path:
        return self._root / f"{folder_id}.lock"


class SpooledUpload:
    """One upload's folder."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self.path = path
        self.settled = True
        self._max_bytes = max_bytes

    @property
    def id(self) -> str:
        """The upload's id."""
        return self.path.name

    @property
    def body(self) -> Path:
        """The uploaded bytes."""
        return self.path / "body"

    @property
    def result(self) -> Path:
        """The Parquet file made of them."""
        return self.path / "result.parquet"

    async def receive(self, chunks: AsyncIterator[bytes]) -> None:
        """Write the bytes to disk as they come, many small ones at once."""
        size = 0
        try:
            with self.body.open("wb", buffering=0) as file:
                held = bytearray()
                async for chunk in chunks:
                    size += len(chunk)
                    if size > self._max_bytes:
                        raise TooLarge(f"the upload has more than the {self._max_bytes:,} bytes that are accepted")
                    held += chunk
                    if len(held) >= _BUFFER:
                        await asyncio.to_thread(file.write, held)
                        held = bytearray()
                await asyncio.to_thread(file.write, held)
            wrote(f"upload {self.id}")
        except OSError as error:
            if is_full(error):
                raise storage_full(_DISK) from error
            raise Unavailable(f"the upload can't be kept: {error.strerror}", retry_after_s=60) from error

    async def intend(self, dataset_id: str) -> None:
        """Note which table is about to be changed."""
        self.settled = False
        with full_as_storage_full(_DISK):
            await asyncio.to_thread(_write_durably, self.path / _INTENT, dataset_id)
        wrote(f"intent {self.id}")

    def settle(self) -> None:
        """The change is indexed, or surely never happened."""
        self.settled = True


def _intent(path: Path) -> str | None:
    try:
        return (path / _INTENT).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None


def _write_durably(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    with part.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
