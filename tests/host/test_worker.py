"""A worker for one queue alone knows that queue's kinds of job and no others, and goes when it is told to."""

import json
import time
from pathlib import Path

import httpx
import pytest
from tests.e2e.shapes import embedded
from tests.forking.forked import ForkedPlatform

from datalab.host.worker import QUEUES
from datalab.kernel.testing.ports import free_port

pytestmark = [pytest.mark.xdist_group("worker"), pytest.mark.timeout(180)]

KINDS = {"data": ["sql"], "ai": ["train"], "compute": ["python"], "viz": ["render"]}
WAIT_S = 60


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose databases are at head."""
    folder = tmp_path_factory.mktemp("worker") / "home"
    done = embedded(folder).run("migrate")
    assert done.returncode == 0, done.stderr
    return folder


def said(log: Path, event: str) -> dict[str, object]:
    """The log line of that event, once it is there."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        for line in log.read_text().splitlines() if log.exists() else ():
            if line.startswith("{") and json.loads(line).get("event") == event:
                return json.loads(line)
        time.sleep(0.05)
    raise AssertionError(log.read_text())


def worker(home: Path, queues: str, log: Path, **more: str) -> ForkedPlatform:
    environment = {"DATALAB_HOME": str(home), "LOG_LEVEL": "info", "DATALAB_LOG_FORMAT": "json", **more}
    return ForkedPlatform(("worker", "--queues", queues), environment=environment, log=log)


@pytest.mark.parametrize("queue", QUEUES)
def test_a_worker_of_one_queue_knows_its_kinds_and_stops_when_told(home: Path, queue: str, tmp_path: Path):
    log = tmp_path / "worker.log"
    with worker(home, queue, log) as process:
        started = said(log, "worker runs")
        assert (started["queues"], started["kinds"]) == ([queue], KINDS[queue])
        assert process.stop() == 0, process.last_log()


def test_a_worker_shows_its_metrics_where_it_is_told(home: Path, tmp_path: Path):
    log, address = tmp_path / "worker.log", f"127.0.0.1:{free_port()}"
    with worker(home, "viz", log, DATALAB_METRICS_ADDRESS=address) as process:
        said(log, "worker runs")
        assert "# TYPE datalab_job_attempt_duration_seconds histogram" in httpx.get(f"http://{address}/metrics").text
        assert process.stop() == 0, process.last_log()


def test_a_queue_that_nobody_knows_is_refused(home: Path, tmp_path: Path):
    process = worker(home, "data,cellar", tmp_path / "worker.log")
    process.launch()
    assert process.wait(WAIT_S) == 2
    assert "cellar" in process.last_log()
