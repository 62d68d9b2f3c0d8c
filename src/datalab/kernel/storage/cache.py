"""Local files of a store's objects, which never change; the longest unused go when they are too many.

Several processes may share the folder. A file that somebody claims stays, even when the folder is too large for it.
"""

import os
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from threading import Lock
from typing import Final

from datalab.contracts.ids import new_id
from datalab.kernel.storage.claims import Claims
from datalab.kernel.storage.drafts import DRAFT

_KEPT_AFTER_EVICTION: Final = 0.8
_LOOK_EVERY: Final = 0.05
_DRAFT_S: Final = 86_400
"""How old a draft is that nobody is writing any more."""


class LocalCache:
    """A folder of about ``max_bytes`` at most.

    It is measured anew each time a twentieth of that was written, so other writers are noticed.
    """

    def __init__(self, root: Path, max_bytes: int) -> None:
        self._root: Final = root.absolute()
        self._max_bytes = max_bytes
        self._claims = Claims(self._root / ".claims")
        self._drafts = self._root / ".drafts"
        self._written: int | None = None
        self._measuring = Lock()

    def path(self, key: str) -> Path:
        """Where the object's file is, or would be."""
        return self._root / key

    @contextmanager
    def claimed(self, keys: Collection[str]) -> Generator[Sequence[str]]:
        """Files of these keys stay as long as the block; gives the keys that have none yet."""
        claim = self._claims.share(keys)
        try:
            yield [key for key in keys if not self._used(key)]
        finally:
            os.close(claim)

    @contextmanager
    def draft(self) -> Generator[Path]:
        """The path of a new file; gone after the block unless it was taken."""
        self._drafts.mkdir(parents=True, exist_ok=True)
        path = self._drafts / f"{DRAFT}{new_id()}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def take(self, file: Path, key: str) -> None:
        """Make the file the key's. Raises OSError when it is on another file system, or there is no room."""
        size = file.stat().st_size
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        file.replace(path)
        self._written = size + (self._max_bytes if self._written is None else self._written)
        if self._written > self._max_bytes * _LOOK_EVERY:
            self._measure()

    def forget(self, key: str) -> None:
        """Delete the key's file, if there is one."""
        self.path(key).unlink(missing_ok=True)

    def forget_below(self, prefix: str) -> None:
        """Delete all files below the prefix."""
        rmtree(self.path(prefix), ignore_errors=True)

    def _used(self, key: str) -> bool:
        try:
            os.utime(self.path(key))
        except FileNotFoundError:
            return False
        return True

    def _measure(self) -> None:
        with self._measuring:
            self._written = 0
            self._clear_drafts()
            files = sorted(self._files())
            size = sum(bytes_ for _, bytes_, _ in files)
            if size > self._max_bytes:
                self._evict({path: bytes_ for _, bytes_, path in files}, size)

    def _evict(self, oldest_first: dict[Path, int], size: int) -> None:
        named = ((path.relative_to(self._root).as_posix(), path) for path in oldest_first)
        for path in self._claims.remove_unclaimed(named):
            size -= oldest_first[path]
            if size <= self._max_bytes * _KEPT_AFTER_EVICTION:
                return

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each was last used, its size and path."""
        for folder, _, names in os.walk(self._root):
            for name in names:
                path = Path(folder, name)
                if path.parent not in {self._drafts, self._root}:
                    with suppress(OSError):
                        state = path.stat()
                        yield state.st_mtime, state.st_size, path

    def _clear_drafts(self) -> None:
        for path in self._drafts.glob("*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _DRAFT_S:
                    path.unlink()
