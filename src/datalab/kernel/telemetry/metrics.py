"""Prometheus metrics, shared by all workers of a service."""

import os
from collections.abc import Callable
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from datalab.kernel.telemetry.usage import UsageCollector

SHARED = "PROMETHEUS_MULTIPROC_DIR"
Looked = Callable[[bool], None]
"""Told at each look into a cache whether something was found."""
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
        self.checks = Gauge(
            "datalab_check_ok",
            "Whether a readiness check went well when the metrics were asked for: 1 or 0",
            ("service", "check"),
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self.cached = Counter(
            "datalab_cache_requests_total",
            "Looks into a cache, by outcome: hit or miss",
            ("service", "cache", "outcome"),
            registry=self.registry,
        )
        self.registry.register(UsageCollector())

    def cache(self, service: str, cache: str) -> Looked:
        """What to call at each look into one of a service's caches; from the start both outcomes show zero."""
        found, missed = (self.cached.labels(service, cache, outcome) for outcome in ("hit", "miss"))

        def looked(hit: bool) -> None:
            (found if hit else missed).inc()

        return looked

    def text(self) -> bytes:
        """The exposition in Prometheus's text format."""
        if workers_folder() is None:
            return generate_latest(self.registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)
        shared.register(UsageCollector())
        return generate_latest(shared)
