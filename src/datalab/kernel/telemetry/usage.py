"""What an instance uses of the memory and CPU that it may use, as Prometheus metrics.

Where a control group limits it (a container, a systemd unit), the group is measured, with all processes in it; else the
process and its children, against what the machine has.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of memory in use and at most; seconds of CPU used since the start, and how many CPUs at most."""

    memory: int
    memory_limit: int
    cpu_s: float
    cpus: float


class UsageCollector(Collector):
    """Measures at every scrape; all workers of one service answer alike where a control group holds them."""

    def collect(self) -> Iterator[Metric]:
        """The four metrics."""
        usage = group_usage() or tree_usage()
        yield GaugeMetricFamily("datalab_memory_bytes", "Memory in use", value=usage.memory)
        yield GaugeMetricFamily("datalab_memory_limit_bytes", "Memory at most", value=usage.memory_limit)
        yield CounterMetricFamily("datalab_cpu_seconds", "CPU used", value=usage.cpu_s)
        yield GaugeMetricFamily("datalab_cpu_limit", "CPUs at most", value=usage.cpus)


def group_usage(root: Path = Path("/")) -> Usage | None:
    """The use of our control group (version 2), page cache that can be dropped left out; ``None`` unless it is limited.

    ``root`` is the folder with ``proc`` and ``sys``.
    """
    try:
        folder = root / "sys/fs/cgroup" / _own_group((root / "proc/self/cgroup").read_text())
        limit = (folder / "memory.max").read_text().strip()
        if limit == "max":
            return None
        droppable = _fields(folder / "memory.stat")["inactive_file"]
        return Usage(
            memory=max(0, int((folder / "memory.current").read_text()) - droppable),
            memory_limit=int(limit),
            cpu_s=_fields(folder / "cpu.stat")["usage_usec"] / 1_000_000,
            cpus=_cpus((folder / "cpu.max").read_text()),
        )
    except (OSError, LookupError, ValueError):
        return None


def tree_usage() -> Usage:
    """The use of this process and all its children."""
    own = psutil.Process()
    memory, cpu_s = 0, 0.0
    for process in (own, *own.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            times = process.cpu_times()
            memory += process.memory_info().rss
            cpu_s += times.user + times.system + times.children_user + times.children_system
    return Usage(memory, psutil.virtual_memory().total, cpu_s, float(psutil.cpu_count() or 1))


def _own_group(text: str) -> str:
    named = [line for line in text.splitlines() if line.startswith("0::")]
    return named[0].removeprefix("0::").strip("/")


def _fields(path: Path) -> dict[str, int]:
    return {name: int(value) for name, value in (line.split() for line in path.read_text().splitlines())}


def _cpus(text: str) -> float:
    quota, period = text.split()
    return float(psutil.cpu_count() or 1) if quota == "max" else int(quota) / int(period)
