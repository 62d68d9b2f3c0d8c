"""One suite for both keepers of buckets; whatever depends on time passing uses slow or very fast policies."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datalab.kernel.limits.bucket import Policy, RateLimiter
from datalab.kernel.limits.memory import MemoryLimiter
from datalab.kernel.limits.redis import RedisLimiter
from datalab.kernel.limits.shared import SharedLimiter
from datalab.kernel.redis_connection import connect
from datalab.kernel.testing.eventually import eventually
from datalab.kernel.testing.process import ServerProcess

SLOW = Policy(rate_per_s=0.001, burst=3)


@pytest.fixture(params=["memory", "shared", "redis"])
async def limiter(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RateLimiter]:
    limiter: RateLimiter = MemoryLimiter() if request.param == "memory" else SharedLimiter(tmp_path / "limits")
    if request.param == "redis":
        await limiter.close()
        limiter = RedisLimiter(request.getfixturevalue("redis_url"))
    yield limiter
    await limiter.close()


async def test_a_burst_is_allowed_and_no_more(limiter: RateLimiter):
    decisions = [await limiter.take("ann", SLOW) for _ in range(5)]
    assert [d.allowed for d in decisions] == [True, True, True, False, False]
    assert [d.remaining for d in decisions] == [2, 1, 0, 0, 0]


async def test_a_refusal_says_when_to_come_back(limiter: RateLimiter):
    for _ in range(3):
        await limiter.take("ann", SLOW)
    refused = await limiter.take("ann", SLOW)
    assert 900 < refused.retry_after_s <= 1000
    assert 2900 < refused.reset_s <= 3000


async def test_an_allowed_call_need_not_wait_while_calls_remain(limiter: RateLimiter):
    first = await limiter.take("ann", SLOW)
    assert first.retry_after_s == 0
    assert 900 < first.reset_s <= 1000


async def test_keys_do_not_share_a_bucket(limiter: RateLimiter):
    for _ in range(4):
        await limiter.take("ann", SLOW)
    assert (await limiter.take("bob", SLOW)).allowed


async def test_tokens_come_back_with_time(limiter: RateLimiter):
    quick = Policy(rate_per_s=50, burst=1)
    assert (await limiter.take("ann", quick)).allowed

    async def allowed() -> bool:
        return (await limiter.take("ann", quick)).allowed

    await eventually(allowed)


async def test_refused_calls_cost_nothing(limiter: RateLimiter):
    for _ in range(3):
        await limiter.take("ann", SLOW)
    refusals = [await limiter.take("ann", SLOW) for _ in range(20)]
    assert max(d.retry_after_s for d in refusals) <= 1000


async def test_calls_at_the_same_time_get_no_more_than_the_burst(limiter: RateLimiter):
    decisions = await asyncio.gather(*(limiter.take("ann", SLOW) for _ in range(30)))
    assert sum(d.allowed for d in decisions) == 3


async def test_instances_share_a_limit_on_redis(redis_url: str):
    first, second = RedisLimiter(redis_url), RedisLimiter(redis_url)
    decisions = [await limiter.take("ann", SLOW) for limiter in (first, second, first, second)]
    assert [d.allowed for d in decisions] == [True, True, True, False]
    await first.close()
    await second.close()


async def test_a_bucket_on_redis_goes_away_when_it_is_full_again(redis_url: str):
    limiter, client = RedisLimiter(redis_url), connect(redis_url)
    await limiter.take("ann", Policy(rate_per_s=1, burst=5))
    assert 0 < await client.pttl("datalab:limits:ann") <= 6000
    await client.aclose()
    await limiter.close()


async def shares_again(limiter: RedisLimiter, url: str) -> None:
    """Return once Redis keeps the buckets."""
    shared, client = Policy(rate_per_s=0.001, burst=1000), connect(url)

    async def redis_keeps_buckets() -> bool:
        await limiter.take("bob", shared)
        return bool(await client.exists("datalab:limits:bob"))

    await eventually(redis_keeps_buckets)
    await client.aclose()


async def test_with_redis_away_the_process_limits_alone(own_redis: tuple[ServerProcess, str]):
    server, url = own_redis
    limiter = RedisLimiter(url)
    server.kill()
    decisions = [await limiter.take("ann", SLOW) for _ in range(4)]
    assert [d.allowed for d in decisions] == [True, True, True, False]
    server.start()
    await shares_again(limiter, url)
    await limiter.close()


async def test_with_a_redis_that_hangs_the_process_limits_alone_and_shares_again_after_it(
    own_redis: tuple[ServerProcess, str],
):
    server, url = own_redis
    limiter = RedisLimiter(url)
    os.kill(server.pid, signal.SIGSTOP)
    try:
        decisions = [await limiter.take("ann", SLOW) for _ in range(4)]
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert [d.allowed for d in decisions] == [True, True, True, False]
    await shares_again(limiter, url)
    await limiter.close()


async def test_memory_holds_no_more_keys_than_it_may():
    limiter = MemoryLimiter(most_keys=2)
    for key in ("a", "b", "a", "c"):
        await limiter.take(key, SLOW)
    assert (await limiter.take("a", SLOW)).remaining == 0
    assert (await limiter.take("b", SLOW)).remaining == 2


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_policy_that_allows_nothing_is_refused(rate: float, burst: int):
    with pytest.raises(ValueError, match="policy"):
        Policy(rate, burst)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rate=st.floats(0.1, 100),
    burst=st.integers(1, 50),
    steps=st.lists(st.floats(0, 2), max_size=200),
)
def test_no_more_pass_than_burst_and_rate_allow(rate: float, burst: int, steps: list[float]):
    now = 0.0
    limiter, policy = MemoryLimiter(clock=lambda: now), Policy(rate, burst)
    allowed = 0
    for step in steps:
        now += step
        answer = limiter.take_now("ann", policy)
        allowed += answer.allowed
        assert 0 <= answer.remaining < burst
        assert 0 <= answer.retry_after_s <= 1 / rate + 1e-9
    assert allowed <= burst + rate * now + 1e-6


async def test_workers_that_share_a_file_share_each_bucket(tmp_path: Path):
    one, other = SharedLimiter(tmp_path / "limits"), SharedLimiter(tmp_path / "limits")
    decisions = [await limiter.take("ann", SLOW) for limiter in (one, other, one, other)]
    assert [d.allowed for d in decisions] == [True, True, True, False]
    await one.close()
    assert not (await other.take("ann", SLOW)).allowed
    await other.close()


async def test_more_keys_than_slots_forget_the_one_unused_for_longest(tmp_path: Path):
    now = 0.0
    limiter = SharedLimiter(tmp_path / "limits", slots=1, clock=lambda: now)
    for number in range(8):
        now += 1
        await limiter.take(f"key {number}", Policy(rate_per_s=0.001, burst=1))
    now += 1
    assert (await limiter.take("one more", Policy(rate_per_s=0.001, burst=1))).allowed
    assert not (await limiter.take("key 1", Policy(rate_per_s=0.001, burst=1))).allowed
    assert (await limiter.take("key 0", Policy(rate_per_s=0.001, burst=1))).allowed
    await limiter.close()
