"""A worker's sign of life, and the probe that looks at it."""

import os
import time
from pathlib import Path

import pytest
from tests.e2e.shapes import embedded

from datalab.contracts.errors import InvalidInput, Unavailable
from datalab.host.heartbeat import SILENT_S, check_heartbeat
from datalab.kernel.config.worker import WorkerSettings
from datalab.kernel.testing.processes import PlatformProcess

pytestmark = [pytest.mark.xdist_group("heartbeat"), pytest.mark.timeout(180)]
WAIT_S = 60


def test_a_worker_gives_signs_of_life_that_the_probe_sees(tmp_path: Path):
    made, heartbeat = embedded(tmp_path / "home"), tmp_path / "heartbeat"
    assert made.run("migrate").returncode == 0
    process = PlatformProcess(
        ("worker", "--queues", "compute"),
        environment={**made.environment, "DATALAB_WORKER_HEARTBEAT": str(heartbeat)},
        log=tmp_path / "worker.log",
    )
    with process:
        until = time.monotonic() + WAIT_S
        while not heartbeat.exists():
            assert time.monotonic() < until, process.last_log()
            time.sleep(0.05)
        os.utime(heartbeat, (0, 0))
        while heartbeat.stat().st_mtime == 0:
            assert time.monotonic() < until, process.last_log()
            time.sleep(0.05)
        probed = made.run("worker-health", DATALAB_WORKER_HEARTBEAT=str(heartbeat), JWT_SECRET_FILE="/nowhere")
        assert (probed.returncode, probed.stdout.startswith("alive")) == (0, True)
        assert process.stop() == 0, process.last_log()


def test_a_worker_that_gives_none_is_not_alive(tmp_path: Path):
    file = tmp_path / "heartbeat"
    with pytest.raises(Unavailable, match="no sign of life"):
        check_heartbeat(WorkerSettings(heartbeat=file))
    file.touch()
    assert check_heartbeat(WorkerSettings(heartbeat=file)).startswith("alive")
    long_ago = time.time() - SILENT_S - 100
    os.utime(file, (long_ago, long_ago))
    with pytest.raises(Unavailable, match=r"is 1[56]\d s old"):
        check_heartbeat(WorkerSettings(heartbeat=file))


def test_without_a_file_there_is_nothing_to_look_at(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DATALAB_WORKER_HEARTBEAT", raising=False)
    with pytest.raises(InvalidInput, match="DATALAB_WORKER_HEARTBEAT"):
        check_heartbeat(WorkerSettings())
