"""Buckets in this process."""

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from datalab.kernel.limits.bucket import Decision, Policy, decide


class MemoryLimiter:
    """Buckets of one process, at most ``most_keys``: beyond, the one unused for longest is forgotten (and so full)."""

    def __init__(self, *, most_keys: int = 100_000, clock: Callable[[], float] = monotonic) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._most_keys = most_keys
        self._clock = clock

    async def take(self, key: str, policy: Policy) -> Decision:
        """See :class:`datalab.kernel.limits.bucket.RateLimiter`."""
        return self.take_now(key, policy)

    def take_now(self, key: str, policy: Policy) -> Decision:
        """The same without waiting for anything."""
        now = self._clock()
        tokens, since = self._buckets.pop(key, (float(policy.burst), now))
        filled = min(float(policy.burst), tokens + max(0.0, now - since) * policy.rate_per_s)
        answer, left = decide(filled, policy)
        self._buckets[key] = (left, now)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return answer

    async def close(self) -> None:
        """Nothing is held."""
