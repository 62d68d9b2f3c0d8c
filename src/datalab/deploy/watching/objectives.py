"""What is promised of each service, and the series by which the promise is judged."""

from collections.abc import Mapping
from dataclasses import dataclass

HTTP = "datalab_http_request_duration_seconds"
ATTEMPTS = "datalab_job_attempt_duration_seconds"
PROBES = "/health.*|/ready|/metrics"
"""Routes that machines ask again and again; they are nobody's work."""


@dataclass(frozen=True, slots=True)
class Objective:
    """The promise: 95 of 100 ``timed`` within ``p95_s`` seconds, and the share of requests that don't fail.

    ``histogram`` and ``selector`` name the series that are timed; ``throughput`` is in the operators' words.
    """

    p95_s: float
    availability: float
    throughput: str
    timed: str
    histogram: str
    selector: str


OBJECTIVES: Mapping[str, Objective] = {
    "gateway": Objective(
        0.2,
        0.999,
        "10,000 requests a second",
        "requests, with the time that the service behind takes",
        HTTP,
        f'service="gateway",route!~"{PROBES}"',
    ),
    "data": Objective(
        0.5,
        0.998,
        "5,000 requests a second",
        "queries",
        HTTP,
        'service="data",route="/api/v1/data/query"',
    ),
    "ai": Objective(
        10,
        0.995,
        "100 requests a second",
        "inferences",
        HTTP,
        'service="ai",route="/api/v1/ai/models/{name}/predict"',
    ),
    "compute": Objective(
        60,
        0.995,
        "fewer than 100 jobs waiting",
        "attempts at jobs of the compute queues",
        ATTEMPTS,
        'queue=~"compute([.].*)?"',
    ),
    "viz": Objective(
        2,
        0.998,
        "1,000 requests a second",
        "drawn charts and dashboards",
        HTTP,
        'service="viz",route=~"/api/v1/viz/(render|charts/.+[.].+|dashboards/.+[.]html)"',
    ),
}
QUEUE_LIMIT = 100
"""Jobs that may wait in the compute queues."""
