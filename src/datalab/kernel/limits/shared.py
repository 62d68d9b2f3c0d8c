"""Buckets in a file that all workers of one service on this host have mapped."""

import fcntl
import mmap
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from struct import Struct
from time import monotonic
from typing import Final

from datalab.kernel.limits.bucket import Decision, Policy, decide

_SLOT: Final = Struct("=Qdd")
"""The key's digest (0: free), the tokens that its bucket holds, since when."""

_NEAR: Final = 8
"""Slots in which a key may be."""


class SharedLimiter:
    """Buckets in ``path``, made by whoever comes first; a worker that dies leaves them right.

    Where too many keys meet, the one unused for longest is forgotten (and so full). ``clock`` is the same in all
    processes of a host, as the monotonic one is.
    """

    def __init__(self, path: Path, *, slots: int = 65_536, clock: Callable[[], float] = monotonic) -> None:
        self._slots = slots
        self._clock = clock
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        size = (slots + _NEAR) * _SLOT.size
        os.ftruncate(self._file, size)
        self._memory = mmap.mmap(self._file, size)

    async def take(self, key: str, policy: Policy) -> Decision:
        """See :class:`datalab.kernel.limits.bucket.RateLimiter`."""
        digest = int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) or 1
        with self._alone():
            now = self._clock()
            place, tokens, since = self._find(digest, policy, now)
            filled = min(float(policy.burst), tokens + max(0.0, now - since) * policy.rate_per_s)
            answer, left = decide(filled, policy)
            _SLOT.pack_into(self._memory, place, digest, left, now)
        return answer

    def _find(self, digest: int, policy: Policy, now: float) -> tuple[int, float, float]:
        """Where the key's bucket is or shall be, what it holds, since when."""
        first = digest % self._slots * _SLOT.size
        places = range(first, first + _NEAR * _SLOT.size, _SLOT.size)
        oldest, oldest_since = first, float("inf")
        for place in places:
            holder, tokens, since = _SLOT.unpack_from(self._memory, place)
            if holder == digest:
                return place, tokens, since
            if holder == 0:
                return place, float(policy.burst), now
            if since < oldest_since:
                oldest, oldest_since = place, since
        return oldest, float(policy.burst), now

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Hold the file for the few microseconds that a bucket takes; a process that ends lets go of it."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    async def close(self) -> None:
        """Let go of the file."""
        self._memory.close()
        os.close(self._file)
