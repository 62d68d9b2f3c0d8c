"""Drawn images as files, the longest unused removed when they are too many. Several processes may share the folder."""

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from threading import Lock

from datalab.contracts.ids import new_id

_log = logging.getLogger(__name__)
_KEPT_AFTER_EVICTION = 0.8
_LOOK_EVERY = 0.05
_DRAFT = ".draft-"


class FolderCache:
    """:class:`~datalab.services.viz.ports.ImageCache` in a folder of about ``max_bytes`` at most.

    The folder is measured anew each time a twentieth of that was written, so other writers are noticed.
    """

    def __init__(self, root: Path, max_bytes: int) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._written: int | None = None
        self._evicting = Lock()

    async def get(self, key: str) -> bytes | None:
        """The bytes, if they are kept."""
        return await asyncio.to_thread(self._read, key)

    async def put(self, key: str, content: bytes) -> None:
        """Keep the bytes; a full disk only means that they are not kept."""
        try:
            await asyncio.to_thread(self._write, key, content)
        except OSError as error:
            _log.warning("an image can't be kept: %s", error)

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / key

    def _read(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return content

    def _write(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{_DRAFT}{new_id()}")
        try:
            draft.write_bytes(content)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self._written = len(content) + (self._max_bytes if self._written is None else self._written)
        if self._written > self._max_bytes * _LOOK_EVERY:
            self._evict()

    def _evict(self) -> None:
        with self._evicting:
            self._written = 0
            files = sorted(self._files())
            size = sum(bytes_ for _, bytes_, _ in files)
            if size <= self._max_bytes:
                return
            for _, bytes_, path in files:
                path.unlink(missing_ok=True)
                size -= bytes_
                if size <= self._max_bytes * _KEPT_AFTER_EVICTION:
                    return

    def _files(self) -> list[tuple[float, int, Path]]:
        """When each was last used, its size and path."""
        found: list[tuple[float, int, Path]] = []
        for path in self._root.glob("*/*"):
            with contextlib.suppress(OSError):
                state = path.stat()
                found.append((state.st_mtime, state.st_size, path))
        return found
