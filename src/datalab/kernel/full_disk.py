"""Telling a full disk from other trouble, whoever reports it."""

import errno
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from datalab.contracts.errors import PlatformError, StorageFull

RETRY_AFTER_S: Final = 10.0
_LITTLE_BYTES: Final = 2**20
_NUMBERS: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_WORDS: Final = ("no space left on device", "disk quota exceeded", "database or disk is full")
"""What libraries that speak for themselves say of it."""


def is_full(error: BaseException) -> bool:
    """Whether the error, or one that it came from, says that a disk is full."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in _NUMBERS:
            return True
        if any(word in str(seen).lower() for word in _WORDS):
            return True
        seen = seen.__cause__
    return False


def has_no_room(folder: Path) -> bool:
    """Whether nothing worth writing fits on the folder's disk any more."""
    return shutil.disk_usage(folder).free < _LITTLE_BYTES


def storage_full(what: str) -> StorageFull:
    """The error for ``what`` finds no room, such as "the disk of uploads"."""
    return StorageFull(f"{what} is full; free some space, then repeat this", retry_after_s=RETRY_AFTER_S)


@contextmanager
def full_as_storage_full(what: str) -> Generator[None]:
    """Raise :class:`StorageFull` about ``what`` when the block fails for want of space; let other errors pass."""
    try:
        yield
    except PlatformError:
        raise
    except Exception as error:
        if not is_full(error):
            raise
        raise storage_full(what) from error
