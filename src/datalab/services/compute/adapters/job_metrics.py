"""Jobs as Prometheus metrics."""

from collections.abc import Mapping

from prometheus_client import Gauge, Histogram

from datalab.contracts.jobs import Job
from datalab.kernel.telemetry.metrics import Metrics

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400)


class JobMetrics:
    """Implements the port ``Observer``, and shows how long the queues are."""

    def __init__(self, metrics: Metrics) -> None:
        self._attempts = Histogram(
            "datalab_job_attempt_duration_seconds",
            "How long attempts at jobs took, by queue, kind and outcome",
            ("queue", "kind", "outcome"),
            buckets=BUCKETS,
            registry=metrics.registry,
        )
        self._lengths = Gauge(
            "datalab_jobs",
            "Jobs that are queued or running, by queue and state",
            ("queue", "state"),
            registry=metrics.registry,
            multiprocess_mode="mostrecent",
        )
        self._shown: set[tuple[str, str]] = set()

    def attempt_ended(self, job: Job, outcome: str, seconds: float) -> None:
        """See the port."""
        self._attempts.labels(job.queue, job.kind, outcome).observe(seconds)

    def show_lengths(self, lengths: Mapping[tuple[str, str], int]) -> None:
        """Set the gauge; a queue that has become empty shows zero."""
        for queue, state in self._shown - lengths.keys():
            self._lengths.labels(queue, state).set(0)
        for (queue, state), count in lengths.items():
            self._lengths.labels(queue, state).set(count)
        self._shown |= lengths.keys()
