"""Buckets on Redis, shared by all instances."""

import logging
from time import monotonic
from typing import Any, Final

from redis.exceptions import RedisError

from datalab.kernel.limits.bucket import Decision, Policy, decision
from datalab.kernel.limits.memory import MemoryLimiter
from datalab.kernel.redis_connection import connect

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
"""After an outage Redis is left alone for so long, and then asked by one request at a time, so that few wait for it."""

ANSWER_S: Final = 0.5
"""A Redis that is slower than this is passed over: a request waits longer for nothing than it is worth."""

# Redis's own clock, or instances whose clocks differ would fill each other's buckets.
TAKE: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local held = redis.call('HMGET', KEYS[1], 'tokens', 'since')
local tokens = burst
if held[1] then
  tokens = math.min(burst, tonumber(held[1]) + math.max(0, now - tonumber(held[2])) * rate)
end
local allowed = 0
if tokens >= 1 then
  allowed = 1
  tokens = tokens - 1
end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', tokens), 'since', string.format('%.17g', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
return {allowed, string.format('%.17g', tokens)}
"""


class RedisLimiter:
    """One atomic script a call.

    With Redis away each instance limits by buckets of its own, so that a caller may get as many times its limit as
    there are instances, rather than no answer.
    """

    def __init__(self, url: str) -> None:
        self._client: Any = connect(url, answer_s=ANSWER_S)
        self._take: Any = self._client.register_script(TAKE)
        self._alone = MemoryLimiter()
        self._is_away = False
        self._again_at = 0.0

    async def take(self, key: str, policy: Policy) -> Decision:
        """See :class:`datalab.kernel.limits.bucket.RateLimiter`."""
        if self._is_away and not self._is_my_turn_to_ask():
            return self._alone.take_now(key, policy)
        try:
            allowed, left = await self._take(keys=[f"datalab:limits:{key}"], args=[policy.rate_per_s, policy.burst])
        except (RedisError, OSError) as error:
            self._is_away, self._again_at = True, monotonic() + PAUSE_S
            log.warning("rate limits are kept in this process while Redis is away: %s", error)
            return self._alone.take_now(key, policy)
        self._is_away = False
        return decision(allowed=bool(allowed), left=float(left), policy=policy)

    def _is_my_turn_to_ask(self) -> bool:
        now = monotonic()
        if now < self._again_at:
            return False
        self._again_at = now + PAUSE_S
        return True

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
