"""Rate limits by identity and, for signing in, by address."""

from dataclasses import dataclass
from math import ceil

from starlette.types import Message, Send

from datalab.contracts.errors import RateLimited
from datalab.kernel.limits.bucket import Decision, Policy, RateLimiter


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a limit said of one request."""

    name: str
    policy: Policy
    decision: Decision

    def check(self) -> None:
        """Let the request pass. Raises RateLimited."""
        if self.decision.allowed:
            return
        raise RateLimited(
            f"more than {self.policy.rate_per_s:g} requests a second ({self.policy.burst} at once) by one {self.name}; "
            f"try again in {ceil(self.decision.retry_after_s)} s",
            retry_after_s=ceil(self.decision.retry_after_s),
        )

    def headers(self) -> list[tuple[bytes, bytes]]:
        """``RateLimit`` and ``RateLimit-Policy``."""
        left = f'"{self.name}";r={self.decision.remaining};t={ceil(self.decision.reset_s)}'
        policy = f'"{self.name}";q={self.policy.burst};w={ceil(self.policy.full_after_s)}'
        return [(b"ratelimit", left.encode()), (b"ratelimit-policy", policy.encode())]

    def shown(self, send: Send) -> Send:
        """Add the headers to the answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *self.headers()]}
            await send(message)

        return with_headers


class RateLimits:
    """The gateway's two limits."""

    def __init__(self, limiter: RateLimiter, *, identity: Policy, sign_in: Policy) -> None:
        self._limiter = limiter
        self._identity = identity
        self._sign_in = sign_in

    async def of_identity(self, subject: str) -> Allowance:
        """One request more of this identity."""
        return Allowance("identity", self._identity, await self._limiter.take(f"identity:{subject}", self._identity))

    async def of_sign_in(self, address: str) -> Allowance:
        """One attempt more to sign in from this address."""
        return Allowance("address", self._sign_in, await self._limiter.take(f"sign-in:{address}", self._sign_in))
