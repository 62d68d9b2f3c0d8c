"""Private folders of children, which vanish with them, and with a pool that was killed when the next one begins."""

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import Final, TextIO

LOCK: Final = ".lock"


class Scratch:
    """One pool's folder of folders. A lock in it, held while the pool lives, tells it from those of dead ones."""

    def __init__(self, root: Path) -> None:
        self._root: Final = root
        self._home: Path | None = None
        self._lock: TextIO | None = None

    def make(self, name: str) -> Path:
        """A new empty folder that only this user may enter."""
        home = self._home or self._open()
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=home))

    def close(self) -> None:
        """Remove all of it."""
        if self._home is not None:
            discard(self._home)
        if self._lock is not None:
            self._lock.close()
        self._home = self._lock = None

    def _open(self) -> Path:
        self._root.mkdir(parents=True, exist_ok=True)
        for stale in self._root.glob("pool-*"):
            _discard_unless_held(stale)
        home = Path(tempfile.mkdtemp(prefix="pool-", dir=self._root)).resolve()
        lock = (home / LOCK).open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._home, self._lock = home, lock
        return home


def discard(folder: Path) -> None:
    """Remove a folder whatever is in it; what can't be removed now is removed by the next pool."""
    shutil.rmtree(folder, ignore_errors=True)


def _discard_unless_held(folder: Path) -> None:
    try:
        with (folder / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            discard(folder)
    except OSError:
        return
