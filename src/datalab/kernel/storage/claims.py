"""Saying that a file is in use, so that no process on this machine removes it. The kernel lets go for one that dies."""

import fcntl
import hashlib
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from datalab.contracts.errors import InvalidInput

_LOCK: Final = "hhqqi4x"
"""The kernel's ``struct flock``: type, whence, start, length, process."""


class Claims:
    """Locks on single bytes of one file, a byte a name: any number of them costs one open file."""

    def __init__(self, path: Path) -> None:
        if sys.platform != "linux":
            raise InvalidInput("DATALAB_STORAGE_URL: an object store needs Linux, whose kernel keeps its cache's locks")
        self._path = path

    def share(self, names: Iterable[str]) -> int:
        """Claim the names together with whoever else does; gives what :func:`os.close` ends it with."""
        descriptor = self._open()
        try:
            for name in names:
                _lock(descriptor, fcntl.F_RDLCK, name, wait=True)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def remove_unclaimed(self, files: Iterable[tuple[str, Path]]) -> Iterable[Path]:
        """Delete those files whose names nobody claims, one by one as they are asked for."""
        descriptor = self._open()
        try:
            for name, path in files:
                with suppress(BlockingIOError):
                    _lock(descriptor, fcntl.F_WRLCK, name, wait=False)
                    path.unlink(missing_ok=True)
                    _lock(descriptor, fcntl.F_UNLCK, name, wait=False)
                    yield path
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _lock(descriptor: int, kind: int, name: str, *, wait: bool) -> None:
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 2
    command = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
    fcntl.fcntl(descriptor, command, struct.pack(_LOCK, kind, os.SEEK_SET, place, 1, 0))
