"""A bounded load on a platform at a loopback address: reads and writes, fresh and kept connections, uploads, streams."""

import asyncio
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle

import aiohttp

PER_SECOND = 50.0
"""What two cores carry while they also start one instance after the other."""
ANSWERED_WITHIN_S = 60
TABLE, STILL = "under_load", "still"
"""One that rows are added to, and one that is only read and described."""
_HEAD = b"who,number\n"


@dataclass(slots=True)
class Told:
    """What came of it."""

    answers: Counter[str] = field(default_factory=Counter[str])
    failures: list[str] = field(default_factory=list[str])
    rows: int = 0
    """Rows that were acknowledged."""
    streams: int = 0
    slowest_s: float = 0


class Load:
    """Sends so many requests a second until told to stop, by several identities in turn."""

    def __init__(self, url: str, tokens: list[str], authority: str, per_second: float = PER_SECOND) -> None:
        self.told = Told()
        self._url = url
        self._trust = ssl.create_default_context(cafile=authority)
        self._tokens = cycle(tokens)
        self._stop = asyncio.Event()
        self._number = 0
        self._per_second = per_second

    def stop(self) -> None:
        """Send no more; what is under way is waited for."""
        self._stop.set()

    async def run(self) -> Told:
        """Make the table, then send until stopped."""
        async with self._session(kept=True) as kept, self._session(kept=False) as fresh:
            await self._upload(kept, "replace", _HEAD + b"first,0\n")
            self.told = Told(rows=1)
            await self._upload(kept, "replace", _HEAD + b"still,1\n", STILL)
            cheap, asking = (self._who, self._page, self._jobs, self._charts), (self._query, self._rows)
            kinds = cycle((*cheap * 10, *asking * 4, self._describe, self._append))
            tasks = [asyncio.create_task(self._uploading(fresh)), asyncio.create_task(self._following(kept))]
            due = time.monotonic()
            for session in cycle((kept, fresh)):
                if self._stop.is_set():
                    break
                tasks = [task for task in tasks if not task.done()]
                tasks.append(asyncio.create_task(self._timed(next(kinds), session)))
                # What a slow machine didn't send in time isn't made up for: it would come at once.
                due = max(due + 1 / self._per_second, time.monotonic())
                await asyncio.sleep(due - time.monotonic())
            await asyncio.gather(*tasks)
        return self.told

    async def count(self) -> int:
        """The rows that are there."""
        async with self._session(kept=False) as session:
            body = {"sql": f"SELECT count(*) AS n FROM {TABLE}", "format": "json"}
            answer = await self._sent(session, "POST", "/api/v1/data/query", json=body)
            assert answer is not None, self.told.failures
            return int(answer["rows"][0][0])

    async def unfinished_jobs(self) -> int:
        """How many of the newest jobs came to no end yet. Raises what a connection raises that isn't made."""
        async with self._session(kept=False) as session:
            answer = await self._sent(session, "GET", "/api/v1/compute/jobs?limit=100")
            if answer is None:
                raise TimeoutError("it does not answer yet")
            return sum(job["state"] in {"queued", "running"} for job in answer["items"])

    async def _timed(self, kind, session: aiohttp.ClientSession) -> None:
        begun = time.monotonic()
        try:
            await kind(session)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._fail(f"{kind.__name__} after {time.monotonic() - begun:.1f} s: {error!r}")
        self.told.slowest_s = max(self.told.slowest_s, time.monotonic() - begun)

    async def _describe(self, session: aiohttp.ClientSession) -> None:
        path = f"/api/v1/data/datasets/{STILL}"
        await self._sent(session, "PATCH", path, json={"description": f"the {self._number}th"})

    async def _jobs(self, session: aiohttp.ClientSession) -> None:
        await self._sent(session, "GET", "/api/v1/compute/jobs?limit=5")

    async def _who(self, session: aiohttp.ClientSession) -> None:
        await self._sent(session, "GET", "/api/v1/auth/me")

    async def _rows(self, session: aiohttp.ClientSession) -> None:
        await self._sent(session, "GET", f"/api/v1/data/datasets/{STILL}/rows?limit=5")

    async def _page(self, session: aiohttp.ClientSession) -> None:
        await self._sent(session, "GET", "/api/v1/data/datasets")

    async def _charts(self, session: aiohttp.ClientSession) -> None:
        await self._sent(session, "GET", "/api/v1/viz/charts")

    async def _query(self, session: aiohttp.ClientSession) -> None:
        body = {"sql": f"SELECT count(*) AS n FROM {STILL}", "format": "json"}
        await self._sent(session, "POST", "/api/v1/data/query", json=body)

    async def _append(self, session: aiohttp.ClientSession) -> None:
        self._number += 1
        if await self._upload(session, "append", _HEAD + f"steady,{self._number}\n".encode()):
            self.told.rows += 1

    async def _uploading(self, session: aiohttp.ClientSession) -> None:
        while not self._stop.is_set():
            await self._timed(self._trickle, session)
            await asyncio.sleep(1)

    async def _trickle(self, session: aiohttp.ClientSession) -> None:
        """An upload that takes some ten seconds."""
        self._number += 1
        if await self._upload(session, "append", _slowly(self._number)):
            self.told.rows += 10

    async def _following(self, session: aiohttp.ClientSession) -> None:
        while not self._stop.is_set():
            await self._timed(self._follow, session)
            await asyncio.sleep(1)

    async def _follow(self, session: aiohttp.ClientSession) -> None:
        """The stream of a job's events, resumed where it ends; it must come to the job's end."""
        body = {"kind": "sql", "spec": {"sql": f"SELECT max(number) FROM {TABLE}"}}
        job = await self._sent(session, "POST", "/api/v1/compute/jobs", json=body)
        if job is None or not await self._ended(session, str(job["id"])):
            self._fail("a job's events did not come to its end")
        self.told.streams += 1

    async def _ended(self, session: aiohttp.ClientSession, job: str) -> bool:
        last, end = "", time.monotonic() + 120
        while time.monotonic() < end:
            headers = {**self._bearer(), "Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
            async with session.get(f"{self._url}/api/v1/compute/jobs/{job}/events", headers=headers) as answer:
                if answer.status >= 400:
                    self._fail(f"events: {answer.status} {(await answer.text())[:200]}")
                    return False
                async for line in answer.content:
                    last = line[3:].decode().strip() if line.startswith(b"id:") else last
                    if b'"succeeded"' in line:
                        return True
        return False

    async def _upload(self, session: aiohttp.ClientSession, mode: str, content, table: str = TABLE) -> bool:
        path = f"/api/v1/data/datasets/{table}?mode={mode}"
        return await self._sent(session, "PUT", path, data=content, headers={"Content-Type": "text/csv"}) is not None

    async def _sent(self, session: aiohttp.ClientSession, method: str, path: str, **more):
        headers = {**more.pop("headers", {}), **self._bearer()}
        async with session.request(method, self._url + path, headers=headers, **more) as answer:
            self.told.answers[f"{method} {answer.status}"] += 1
            if answer.status >= 400:
                self._fail(f"{method} {path}: {answer.status} {(await answer.text())[:300]}")
                return None
            return await answer.json()

    def _fail(self, text: str) -> None:
        self.told.failures.append(f"{datetime.now(UTC):%H:%M:%S} {text}")

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {next(self._tokens)}"}

    def _session(self, *, kept: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(ssl=self._trust, limit=0, force_close=not kept, enable_cleanup_closed=True)
        timeout = aiohttp.ClientTimeout(total=ANSWERED_WITHIN_S)
        return aiohttp.ClientSession(connector=connector, timeout=timeout)


async def _slowly(number: int):
    yield _HEAD
    for part in range(10):
        yield f"slow,{number * 1000 + part}\n".encode()
        await asyncio.sleep(1)


async def refused_for_its_rate(url: str, token: str, authority: str, at_most: int = 4000) -> bool:
    """Whether one identity that sends as fast as it can, ``at_most`` requests, is told that it is too fast."""
    trust = ssl.create_default_context(cafile=authority)
    headers, left, refused = {"Authorization": f"Bearer {token}"}, iter(range(at_most)), False

    async def send_on(session: aiohttp.ClientSession) -> None:
        nonlocal refused
        for _ in left:
            if refused:
                return
            async with session.get(f"{url}/api/v1/auth/me", headers=headers) as answer:
                assert answer.status in {200, 429}, await answer.text()
                refused = refused or answer.status == 429

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust, limit=50)) as session:
        await asyncio.gather(*(send_on(session) for _ in range(50)))
    return refused
