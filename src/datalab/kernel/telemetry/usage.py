"""What an instance uses of the memory and CPU that it may use, as Prometheus metrics.

Where a control group limits it (a container, a systemd unit), the group is measured, with all processes in it; else the
process and its children, against what the machine has.
"""

from collections.abc import Iterator
from contextlib import suppress

import psutil
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from datalab.kernel.telemetry.control_group import Usage, group_usage


class UsageCollector(Collector):
    """Measures at every scrape; all workers of one service answer alike where a control group holds them."""

    def collect(self) -> Iterator[Metric]:
        """The four metrics."""
        usage = group_usage() or tree_usage()
        yield GaugeMetricFamily("datalab_memory_bytes", "Memory in use", value=usage.memory)
        yield GaugeMetricFamily("datalab_memory_limit_bytes", "Memory at most", value=usage.memory_limit)
        yield CounterMetricFamily("datalab_cpu_seconds", "CPU used", value=usage.cpu_s)
        yield GaugeMetricFamily("datalab_cpu_limit", "CPUs at most", value=usage.cpus)


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
