"""What the platform tells Prometheus of any instance."""

import socket
import urllib.request
from pathlib import Path

import httpx
import pytest

from datalab.catalog import DATA
from datalab.kernel.http.app import create_app
from datalab.kernel.telemetry.control_group import Usage, group_usage
from datalab.kernel.telemetry.exposition import shown
from datalab.kernel.telemetry.metrics import SHARED, Metrics
from datalab.kernel.telemetry.usage import tree_usage
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.ports import free_port

SECOND = {
    "memory.max": "1048576\n",
    "memory.current": "500000\n",
    "memory.stat": "anon 300000\ninactive_file 200000\n",
    "cpu.stat": "usage_usec 2500000\nuser_usec 2000000\n",
    "cpu.max": "150000 100000\n",
}
FIRST = {
    "memory/memory.limit_in_bytes": "1048576\n",
    "memory/memory.usage_in_bytes": "500000\n",
    "memory/memory.stat": "inactive_file 1\ntotal_inactive_file 200000\n",
    "cpu/cpu.cfs_quota_us": "150000\n",
    "cpu/cpu.cfs_period_us": "100000\n",
    "cpuacct/cpuacct.usage": "2500000000\n",
}
UNIT = "/system.slice/datalab-api-gateway.service"
EXPECTED = Usage(300_000, 1_048_576, 2.5, 1.5)


def host(root: Path, files: dict[str, str], told: str, at: str = "/") -> Path:
    """A root folder whose process is told that its group is ``told``; the group's files lie at ``at``."""
    (root / "proc/self").mkdir(parents=True)
    first = "".join(f"{number}:{name}:{told}\n" for number, name in enumerate(("cpu", "cpuacct", "memory"), 1))
    (root / "proc/self/cgroup").write_text(f"{first if files is not SECOND else ''}0::{told}\n")
    for name, text in files.items():
        controller, _, file = name.rpartition("/")
        folder = root / "sys/fs/cgroup" / controller / at.strip("/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)
    return root


@pytest.mark.parametrize("files", [SECOND, FIRST], ids=["second version", "first version"])
@pytest.mark.parametrize(("told", "at"), [("/", "/"), (UNIT, UNIT), ("/docker/5f", "/")])
def test_a_limited_control_group_is_measured_without_what_can_be_dropped(
    tmp_path: Path, files: dict[str, str], told: str, at: str
):
    assert group_usage(host(tmp_path, files, told, at)) == EXPECTED


@pytest.mark.parametrize(
    "files",
    [{**SECOND, "cpu.max": "max 100000\n"}, {**FIRST, "cpu/cpu.cfs_quota_us": "-1\n"}],
    ids=["second version", "first version"],
)
def test_a_group_may_use_all_cpus(tmp_path: Path, files: dict[str, str]):
    usage = group_usage(host(tmp_path, files, "/"))
    assert usage is not None
    assert usage.cpus == tree_usage().cpus


@pytest.mark.parametrize(
    "files",
    [{**SECOND, "memory.max": "max\n"}, {**FIRST, "memory/memory.limit_in_bytes": "9223372036854771712\n"}],
    ids=["second version", "first version"],
)
def test_a_group_without_a_limit_is_not_the_instance(tmp_path: Path, files: dict[str, str]):
    assert group_usage(host(tmp_path, files, "/")) is None


def test_a_host_without_control_groups_has_none(tmp_path: Path):
    assert group_usage(tmp_path) is None


def test_a_process_is_measured_against_its_machine():
    usage = tree_usage()
    assert 0 < usage.memory < usage.memory_limit
    assert usage.cpu_s > 0
    assert usage.cpus >= 1


@pytest.mark.parametrize("workers", [False, True])
def test_every_instance_shows_what_it_uses(workers: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    metrics = Metrics()
    if workers:
        monkeypatch.setenv(SHARED, str(tmp_path))
    text = metrics.text().decode()
    for name in (
        "datalab_memory_bytes",
        "datalab_memory_limit_bytes",
        "datalab_cpu_seconds_total",
        "datalab_cpu_limit",
    ):
        assert f"\n{name} " in text


def test_looks_into_a_cache_are_counted_by_outcome():
    metrics = Metrics()
    looked = metrics.cache("viz", "images")
    assert 'datalab_cache_requests_total{cache="images",outcome="hit",service="viz"} 0.0' in metrics.text().decode()
    looked(True)
    looked(False)
    looked(False)
    text = metrics.text().decode()
    assert 'datalab_cache_requests_total{cache="images",outcome="hit",service="viz"} 1.0' in text
    assert 'datalab_cache_requests_total{cache="images",outcome="miss",service="viz"} 2.0' in text


async def test_checks_are_made_when_metrics_are_asked_for():
    parts = app_parts()
    broken = [ConnectionError("gone")]

    async def check() -> None:
        if broken:
            raise broken[0]

    parts.readiness.add("database", check, required=True)
    transport = httpx.ASGITransport(app=create_app(DATA, parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        assert 'datalab_check_ok{check="database",service="data"} 0.0' in (await client.get("/metrics")).text
        broken.clear()
        assert 'datalab_check_ok{check="database",service="data"} 1.0' in (await client.get("/metrics")).text


def test_a_worker_shows_its_metrics_until_it_ends():
    address = f"127.0.0.1:{free_port()}"
    with shown(Metrics(), address), urllib.request.urlopen(f"http://{address}/metrics", timeout=60) as answer:
        assert b"datalab_memory_bytes " in answer.read()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=60)


def test_a_taken_address_costs_only_the_metrics():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        with shown(Metrics(), f"127.0.0.1:{holder.getsockname()[1]}"):
            pass
