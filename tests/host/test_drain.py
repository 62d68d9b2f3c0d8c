"""Told to stop, the platform finishes what it began, ends event streams and goes with exit code 0."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.shapes import Platform, embedded

pytestmark = [pytest.mark.xdist_group("drain"), pytest.mark.timeout(180)]

ROWS = 60_000
QUERY = {
    "sql": f"SELECT range AS n, repeat('x', 500) AS filling FROM range({ROWS})",
    "format": "csv",
    "max_rows": ROWS,
    "timeout_s": 120,
}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """A platform of the test's own, to be stopped."""
    with embedded(tmp_path / "home") as running:
        yield running


class Following:
    """A thread that follows a job's events until the stream ends."""

    def __init__(self, client: httpx.Client, job_id: str) -> None:
        self.begun = threading.Event()
        self.ended_cleanly = False
        self._client, self._job_id = client, job_id
        self.thread = threading.Thread(target=self._follow)
        self.thread.start()

    def _follow(self) -> None:
        path = f"/api/v1/compute/jobs/{self._job_id}/events"
        with self._client.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
            for _ in answer.iter_lines():
                self.begun.set()
        self.ended_cleanly = True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_in_flight_is_finished_and_streams_end(platform: Platform, number: signal.Signals):
    process = platform.processes["up"]
    headers = {"Authorization": f"Bearer {platform.admin_key()}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=100) as client:
        later = {"kind": "sql", "spec": {"sql": "SELECT 1"}, "run_at": "2099-01-01T00:00:00Z"}
        job = client.post("/api/v1/compute/jobs", json=later).raise_for_status().json()
        following = Following(client, job["id"])
        assert following.begun.wait(60)
        with client.stream("POST", "/api/v1/data/query", json=QUERY) as answer:
            pieces = answer.iter_raw()
            content = next(pieces)
            os.kill(process.pid, number)
            content += b"".join(pieces)
        assert content.count(b"\n") == ROWS + 1
        following.thread.join(60)
        assert following.ended_cleanly
    assert process.wait() == 0, process.last_log()


def test_an_idle_platform_stops_at_once_and_starts_again(platform: Platform):
    process = platform.processes["up"]
    assert process.stop() == 0, process.last_log()
    process.start()
    assert httpx.get(f"{platform.url}/health").json() == {"status": "healthy"}
