"""Requests that go on while something is restarted; what isn't answered as it should be is kept."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

RATE = 20
"""Requests a second, of all callers together."""
CALLERS = 4
LONGEST_S = 60
SLOWEST_S = 60.0


class Load:
    """What was sent, and what went wrong."""

    def __init__(self) -> None:
        self.answered = 0
        self.lost: list[str] = []
        self.stop = asyncio.Event()


@asynccontextmanager
async def load(url: str, key: str) -> AsyncGenerator[Load]:
    """Send reads and writes until the block ends, a minute at most."""
    told = Load()
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, verify=False, timeout=SLOWEST_S) as client:
        callers = [asyncio.create_task(_call(client, told, number)) for number in range(CALLERS)]
        try:
            yield told
        finally:
            told.stop.set()
            await asyncio.gather(*callers)


async def _call(client: httpx.AsyncClient, told: Load, number: int) -> None:
    until = time.monotonic() + LONGEST_S
    # A read that may be asked twice, and a write that may not.
    requests = (("GET", "/api/v1/auth/me", None), ("POST", "/api/v1/data/query", {"sql": "SELECT 1", "format": "json"}))
    while not told.stop.is_set() and time.monotonic() < until:
        method, path, body = requests[number % len(requests)]
        try:
            answer = await client.request(method, path, json=body)
            if answer.status_code == httpx.codes.OK:
                told.answered += 1
            else:
                told.lost.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        except httpx.HTTPError as error:
            told.lost.append(f"{method} {path}: {error!r}")
        await asyncio.sleep(CALLERS / RATE)
