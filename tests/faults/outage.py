"""The five processes and their servers, each of which can be killed, stopped in its tracks and let go on."""

import os
import signal
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.e2e.shapes import Platform, separate
from tests.faults.story import AI, COMPUTE, CSV, DATA, ENDS, csv

from datalab.kernel.testing.postgres import start_postgres
from datalab.kernel.testing.process import ServerProcess
from datalab.kernel.testing.redis import start_durable_redis

PATIENCE_S = 90.0
"""How long a busy machine may take to come back; and the longest that a client waits for any answer."""


@dataclass
class Lab:
    """A platform of five processes and a worker on servers of its own."""

    platform: Platform
    postgres: ServerProcess
    redis: ServerProcess
    client: httpx.Client

    def pid(self, name: str) -> int:
        """The process of a service or a server."""
        if name in {"postgres", "redis"}:
            return int(getattr(self, name).pid)
        return self.platform.processes[name].pid

    def upload(self, name: str, ids: range, mode: str = "create") -> httpx.Response:
        """An upload of these rows."""
        return self.client.put(f"{DATA}/datasets/{name}?mode={mode}", content=csv(ids), headers=CSV)

    def rows(self, name: str) -> int:
        """How many rows there are."""
        body = {"sql": f"SELECT count(*) AS n FROM {name}", "format": "json"}
        return int(self.client.post(f"{DATA}/query", json=body).json()["rows"][0][0])

    def submit(self, sql: str, **options: Any) -> httpx.Response:
        """A job."""
        return self.client.post(f"{COMPUTE}/jobs", json={"kind": "sql", "spec": {"sql": sql}, **options})

    def ended(self, job_id: str) -> dict[str, Any]:
        """The job once it has ended."""
        return dict(until(lambda: _ended(self.client.get(f"{COMPUTE}/jobs/{job_id}"))))

    def works(self) -> bool:
        """Whether every service answers what needs its store."""
        paths = (f"{DATA}/datasets", f"{AI}/models", f"{COMPUTE}/jobs", "/api/v1/viz/charts", "/api/v1/auth/me")
        return all(self.client.get(path).status_code == 200 for path in paths)


def _ended(answer: httpx.Response) -> dict[str, Any] | None:
    job = answer.json() if answer.status_code == 200 else {}
    return job if job.get("state") in ENDS else None


def until(condition: Callable[[], Any]) -> Any:
    """The first true result of ``condition``, asked again and again."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE_S:g} s")


@contextmanager
def hanging(*pids: int) -> Generator[None]:
    """The processes stand still in the block, their connections open."""
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@contextmanager
def open_lab(home: Path, **environment: str) -> Iterator[Lab]:
    """The lab, running; all of it ends with the block."""
    (postgres, database_url), (redis, redis_url) = start_postgres(), start_durable_redis()
    platform = separate(home, {"DATABASE_URL": database_url, "REDIS_URL": redis_url, **environment})
    try:
        migrated = platform.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        platform.start()
        headers = {"Authorization": f"Bearer {platform.admin_key()}"}
        with httpx.Client(base_url=platform.url, headers=headers, timeout=PATIENCE_S) as client:
            yield Lab(platform, postgres, redis, client)
    finally:
        platform.__exit__(None, None, None)
        postgres.stop()
        redis.stop()
