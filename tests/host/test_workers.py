"""Several workers of one service are one service: one limit, one set of metrics, and no request lost when they change."""

import contextlib
import os
import random
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import httpx
import pytest
from tests.e2e.shapes import Platform, embedded

from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.processes import PlatformProcess

pytestmark = [pytest.mark.xdist_group("workers"), pytest.mark.timeout(300)]

BURST = 20
WHO = "/api/v1/auth/me"
COUNT = re.compile(
    rf'^datalab_http_request_duration_seconds_count\{{[^}}]*"{WHO}"[^}}]*status="200"[^}}]*\}} (\d+)', re.MULTILINE
)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A gateway of two workers, which the last test stops."""
    folder = tmp_path_factory.mktemp("workers")
    made = embedded(folder / "home")
    assert made.run("migrate").returncode == 0
    port = free_port()
    made.urls["gateway"] = f"http://127.0.0.1:{port}"
    made.processes = {
        "gateway": PlatformProcess(
            ("serve", "gateway", "--workers", "2", "--port", str(port)),
            environment={
                **made.environment,
                "DATALAB_HOME": str(made.home),
                "DATALAB_RATE_LIMIT": "0.001",
                "DATALAB_RATE_LIMIT_BURST": str(BURST),
                "DATALAB_DRAIN_S": "30",
            },
            log=folder / "gateway.log",
            ready_url=f"{made.url}/ready",
        )
    }
    process = made.processes["gateway"]
    try:
        process.start()
        yield made
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()


def workers_of(pid: int) -> set[int]:
    """The server processes that the supervisor has running."""
    named = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(one) for one in named if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()}


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once it is so; nothing is asserted about how long it takes."""
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def ask(platform: Platform, path: str, **headers: str) -> httpx.Response:
    """A request over a connection of its own, which any worker may take."""
    return httpx.get(platform.url + path, headers=headers, timeout=60)


def test_two_workers_limit_and_count_as_one(platform: Platform):
    bearer = {"Authorization": f"Bearer {platform.admin_key()}"}
    statuses = [ask(platform, WHO, **bearer).status_code for _ in range(2 * BURST)]
    assert (statuses.count(200), statuses.count(429)) == (BURST, BURST)
    assert sum(int(number) for number in COUNT.findall(ask(platform, "/metrics").text)) == BURST


class Asking:
    """Threads that ask all the time, some over connections that they keep, some over a new one for each question."""

    def __init__(self, url: str) -> None:
        self.failed, self.statuses = list[Exception](), list[int]()
        self._url = url
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number % 2 == 0,)) for number in range(6)]

    def _ask(self, keeps: bool) -> None:
        limits = httpx.Limits(keepalive_expiry=1.0 if keeps else 0.0)
        with httpx.Client(base_url=self._url, limits=limits, timeout=60) as client:
            while not self._stop.wait(random.uniform(0.0, 0.7)):
                try:
                    self.statuses.append(client.get("/health").status_code)
                except httpx.HTTPError as error:
                    self.failed.append(error)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
def test_a_reload_drops_no_request(platform: Platform):
    process = platform.processes["gateway"]
    with Asking(platform.url) as asking:
        workers = workers_of(process.pid)
        assert len(workers) == 2
        os.kill(process.pid, signal.SIGHUP)
        wait_until(lambda: not workers & (now := workers_of(process.pid)) and len(now) == 2)
        seen = len(asking.statuses)
        wait_until(lambda: len(asking.statuses) > seen + 20)
    assert asking.failed == []
    assert set(asking.statuses) == {200}


def test_told_to_stop_all_workers_go(platform: Platform):
    process = platform.processes["gateway"]
    assert ask(platform, "/health").status_code == 200
    assert process.stop() == 0, process.last_log()
    with pytest.raises(httpx.ConnectError):
        ask(platform, "/health")
