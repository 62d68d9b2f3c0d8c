"""A load on several instances, as their users and a load balancer make it, that counts what is lost."""

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Self

import aiohttp

JOBS = "/api/v1/compute/jobs"
LATER = {"kind": "sql", "spec": {"sql": "SELECT 1"}, "run_at": "2099-01-01T00:00:00Z"}
IDLE_S = 1.0
PIECES, BETWEEN_S = 10, 0.2


class Balancer:
    """Asks each instance whether it is ready and sends requests to those that are, the next one when nobody is there."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._ready = dict.fromkeys(urls, True)
        self._turn = 0

    async def watch(self) -> None:
        """Look again and again."""
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                for url in self._ready:
                    try:
                        async with session.get(f"{url}/ready") as answer:
                            self._ready[url] = answer.status == 200
                    except (aiohttp.ClientError, TimeoutError):
                        self._ready[url] = False
                await asyncio.sleep(0.1)

    def in_turn(self) -> list[str]:
        self._turn += 1
        urls = list(self._ready)
        turned = urls[self._turn % len(urls) :] + urls[: self._turn % len(urls)]
        return sorted(turned, key=lambda url: not self._ready[url])


class Load:
    """Requests of every sort, all the time. ``lost``: those that got another answer than the right one, or none."""

    def __init__(self, urls: Sequence[str], key: str) -> None:
        self.lost: list[str] = []
        self.done: Counter[str] = Counter()
        self.jobs: list[str] = []
        self._balancer = Balancer(urls)
        self._headers = {"Authorization": f"Bearer {key}"}
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._watch = asyncio.create_task(self._balancer.watch())
        kept = self._session(aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_S))
        fresh = self._session(aiohttp.TCPConnector(limit=0, force_close=True))
        self._sessions = (kept, fresh)
        for number in range(3):
            self._tasks += [
                asyncio.create_task(self._post(f"kept {number}", kept, pause_s=0.05 + 0.3 * number)),
                asyncio.create_task(self._post(f"fresh {number}", fresh, pause_s=0.2)),
                asyncio.create_task(self._upload(f"upload {number}", kept)),
            ]
        self._tasks.append(asyncio.create_task(self._follow("events", fresh)))
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self.end()
        finally:
            self._watch.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(self._watch, *self._tasks, return_exceptions=True)
            for session in self._sessions:
                await session.close()

    async def end(self) -> None:
        """Ask nothing more, and return when the last answers have come."""
        self._stop.set()
        await asyncio.wait_for(asyncio.gather(*self._tasks), 90)

    async def goes_on(self, times: int = 3) -> None:
        """Return when each sort of request was answered so many times more."""
        wanted = Counter({task: self.done[task] + times for task in self._names})
        while any(self.done[task] < count for task, count in wanted.items()):
            assert not self.lost, self.lost
            await asyncio.sleep(0.05)

    async def listed(self) -> list[str]:
        """Every job that there is."""
        found, cursor = list[str](), ""
        while True:
            target = f"{JOBS}?limit=500" + (f"&cursor={cursor}" if cursor else "")
            async with self._sent(self._sessions[1], "GET", target) as answer:
                page = await answer.json()
            found += [job["id"] for job in page["items"]]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return found

    @property
    def _names(self) -> list[str]:
        return [f"{sort} {number}" for sort in ("kept", "fresh", "upload") for number in range(3)] + ["events"]

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=90)
        session = aiohttp.ClientSession(connector=connector, headers=self._headers, timeout=timeout)
        session._retry_connection = False
        return session

    @contextlib.asynccontextmanager
    async def _sent(
        self, session: aiohttp.ClientSession, method: str, target: str, data: object = None, accept: str = "*/*"
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Content-Type": "application/json", "Accept": accept}
        for url in self._balancer.in_turn():
            body = data() if callable(data) else data
            try:
                answering = await session.request(method, url + target, data=body, headers=headers)
            except aiohttp.ClientConnectorError:
                continue
            async with answering as answer:
                yield answer
            return
        raise ConnectionRefusedError("no instance accepts connections")

    async def _submit(self, name: str, session: aiohttp.ClientSession, data: object) -> None:
        try:
            async with self._sent(session, "POST", JOBS, data) as answer:
                told = await answer.text()
                if answer.status != 202:
                    self.lost.append(f"{name}: {answer.status} {told}")
                    return
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.lost.append(f"{name}: {error!r}")
            return
        self.jobs.append(json.loads(told)["id"])
        self.done[name] += 1

    async def _post(self, name: str, session: aiohttp.ClientSession, pause_s: float) -> None:
        while not self._stop.is_set():
            await self._submit(name, session, json.dumps(LATER).encode())
            await asyncio.sleep(pause_s)

    async def _upload(self, name: str, session: aiohttp.ClientSession) -> None:
        body = json.dumps(LATER).encode().ljust(PIECES * 100)

        async def pieces() -> AsyncIterator[bytes]:
            for number in range(PIECES):
                yield body[number * 100 : (number + 1) * 100]
                await asyncio.sleep(BETWEEN_S)

        while not self._stop.is_set():
            await self._submit(name, session, pieces)

    async def _follow(self, name: str, session: aiohttp.ClientSession) -> None:
        await self._submit("followed", session, json.dumps(LATER).encode())
        target = f"{JOBS}/{self.jobs[0]}/events"
        while not self._stop.is_set():
            try:
                async with self._sent(session, "GET", target, accept="text/event-stream") as answer:
                    if answer.status != 200:
                        self.lost.append(f"{name}: {answer.status} {await answer.text()}")
                        return
                    await self._read(answer, name)
            except (aiohttp.ClientError, OSError) as error:
                self.lost.append(f"{name}: {error!r}")

    async def _read(self, answer: aiohttp.ClientResponse, name: str) -> None:
        """Read for some seconds, then come again, as readers do; ends sooner when the server ends the stream."""
        try:
            async with asyncio.timeout(3):
                async for _ in answer.content:
                    pass
        except TimeoutError:
            answer.close()
        self.done[name] += 1
