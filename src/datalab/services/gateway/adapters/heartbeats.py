"""Whether an instance that keeps its caller waiting is at work or hangs."""

import asyncio
import errno
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import aiohttp

QUIET_S = 5.0
"""How long a request waits before its instance is asked whether it lives, and then between two such questions."""
PATIENCE_S = 20.0
"""How long a busy instance may take to answer that."""
LEAVING_S = 600.0
"""How long an instance that accepts nothing any more may take to finish what it began."""

_NONE: Mapping[str, str] = {}


class Heartbeats:
    """Asks ``/health`` of instances that keep somebody waiting, once at a time for all who wait.

    Work may take as long as it likes: only a process that doesn't answer even that is given up. One that refuses the
    question drains: it has closed its door and finishes what it began. Had it gone, its connections would be cut.
    """

    def __init__(
        self, *, quiet_s: float = QUIET_S, patience_s: float = PATIENCE_S, leaving_s: float = LEAVING_S
    ) -> None:
        self._quiet_s = quiet_s
        self._patience_s = patience_s
        self._leaving_s = leaving_s
        self._leaving: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[bool]] = {}

    @asynccontextmanager
    async def watched(self, url: str, headers: Mapping[str, str] = _NONE) -> AsyncGenerator[None]:
        """Raise TimeoutError in the block when the instance at ``url``, asked with ``headers``, hangs."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:

            def look() -> None:
                self._ask(url, headers).add_done_callback(judge)

            def judge(asked: asyncio.Task[bool]) -> None:
                nonlocal timer
                if ended:
                    return
                if not asked.cancelled() and asked.result():
                    timer = loop.call_later(self._quiet_s, look)
                else:
                    limit.reschedule(loop.time())

            ended = False
            timer = loop.call_later(self._quiet_s, look)
            try:
                yield
            finally:
                ended = True
                timer.cancel()

    async def close(self) -> None:
        """Ask no more."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _ask(self, url: str, headers: Mapping[str, str]) -> asyncio.Task[bool]:
        if url not in self._asking:
            self._asking[url] = asyncio.create_task(self._beats(url, headers), name="heartbeat")
            self._asking[url].add_done_callback(lambda _: self._asking.pop(url))
        return self._asking[url]

    async def _beats(self, url: str, headers: Mapping[str, str]) -> bool:
        try:
            async with asyncio.timeout(self._patience_s):
                # A connection of its own: whether one can still be made is part of the question.
                async with aiohttp.ClientSession() as session, session.get(url + "/health", headers=headers):
                    self._leaving.pop(url, None)
                    return True
        except aiohttp.ClientConnectorError as error:
            return error.errno == errno.ECONNREFUSED and self._may_leave(url)
        except (aiohttp.ClientError, OSError):
            return False

    def _may_leave(self, url: str) -> bool:
        now = time.monotonic()
        return now - self._leaving.setdefault(url, now) < self._leaving_s
