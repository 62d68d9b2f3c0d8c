"""How connections to Redis are opened."""

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

CONNECT_TIMEOUT_S = 2.0
ANSWER_TIMEOUT_S = 5.0
"""Longer than any blocking command here waits."""


def connect(url: str, *, answer_s: float = ANSWER_TIMEOUT_S) -> Any:
    """A client with its own pool that fails quickly: a command is tried twice, since an idle connection may be dead.

    A Redis that hangs is given up when it has been silent for ``answer_s``.
    """
    return Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
        url,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_timeout=answer_s,
        retry=Retry(NoBackoff(), 1),
        client_name="datalab",
        protocol=2,
    )
