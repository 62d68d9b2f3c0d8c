"""The arithmetic of a token bucket and the port of those who keep buckets."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Policy:
    """``burst`` calls at once, then ``rate_per_s`` calls a second. Both are positive."""

    rate_per_s: float
    burst: int

    def __post_init__(self) -> None:
        if self.rate_per_s <= 0 or self.burst < 1:
            raise ValueError(f"a policy needs a rate above 0 and a burst of 1 or more, not {self}")

    @property
    def full_after_s(self) -> float:
        """How long an empty bucket takes to fill; after it, forgetting a bucket changes nothing."""
        return self.burst / self.rate_per_s


@dataclass(frozen=True)
class Decision:
    """Whether the call may go on; ``remaining`` calls may follow at once.

    ``reset_s``: until the whole burst is there again. ``retry_after_s``: until the next call is allowed, 0 if now.
    """

    allowed: bool
    remaining: int
    reset_s: float
    retry_after_s: float


class RateLimiter(Protocol):
    """Keeps one bucket a key."""

    async def take(self, key: str, policy: Policy) -> Decision:
        """Take one token from the bucket of ``key``; a refused call takes none. Never raises for an outage."""
        ...

    async def close(self) -> None:
        """Give back what is held."""
        ...


def decide(tokens: float, policy: Policy) -> tuple[Decision, float]:
    """What a bucket that holds ``tokens`` answers, and what it holds afterwards."""
    allowed = tokens >= 1
    left = tokens - 1 if allowed else tokens
    return decision(allowed=allowed, left=left, policy=policy), left


def decision(*, allowed: bool, left: float, policy: Policy) -> Decision:
    """The answer of a bucket that holds ``left`` tokens after it."""
    return Decision(
        allowed=allowed,
        remaining=int(left),
        reset_s=(policy.burst - left) / policy.rate_per_s,
        retry_after_s=max(0.0, (1 - left) / policy.rate_per_s),
    )
