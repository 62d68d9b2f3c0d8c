"""Prometheus metrics, shared by all workers of a service."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)


def workers_folder() -> Path | None:
    """The folder through which the workers of one service share what is theirs together; ``None`` for a lone one."""
    named = os.environ.get(SHARED)
    return Path(named) if named else None


class Metrics:
    """One process's metrics. With ``PROMETHEUS_MULTIPROC_DIR`` set, the text covers all workers that share the folder."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "datalab_http_request_duration_seconds",
            "Time to answer, by service, route and status",
            ("service", "method", "route", "status"),
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "datalab_http_requests_in_flight",
            "Requests being answered",
            ("service",),
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.refusals = Counter(
            "datalab_authentication_failures_total",
            "Requests without a valid credential",
            ("service",),
            registry=self.registry,
        )

    def text(self) -> bytes:
        """The exposition in Prometheus's text format."""
        if workers_folder() is None:
            return generate_latest(self.registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)
        return generate_latest(shared)
