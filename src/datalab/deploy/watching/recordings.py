"""Series that Prometheus works out in advance: alerts and dashboards read these, so that both mean the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from datalab.catalog import SERVICES
from datalab.deploy.watching.objectives import HTTP, OBJECTIVES, PROBES

REQUESTS = "service:requests:rate5m"
ERRORS = "service:errors:ratio5m"
P95 = "service:latency_seconds:p95_5m"
BASELINE = "service:latency_seconds:p95_baseline"
PROMISED_P95 = "service:objective_latency_seconds:p95_5m"
UP = "service:instances_up:sum"
OFFERED = "service:offered_requests:rate5m"
FAILED = "service:failed_requests:rate5m"
AVAILABILITY = "service:availability:ratio30d"
OBJECTIVE_P95 = "service:objective_p95_seconds"
OBJECTIVE_AVAILABILITY = "service:objective_availability"

SETTLED_SAMPLES = 120
"""Samples, one each 15 s under traffic, before a baseline is one: half an hour."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A query whose answer is kept under a name."""

    name: str
    query: str
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Group:
    """Recordings that are worked out together, each ``interval``."""

    name: str
    interval: str
    recordings: tuple[Recording, ...]


def groups() -> tuple[Group, ...]:
    """All of them, in the order in which they read each other."""
    return (
        Group("datalab-services", "15s", tuple(_services())),
        Group("datalab-objectives", "15s", tuple(_objectives())),
        Group("datalab-long", "1m", tuple(_long())),
    )


def _services() -> Iterator[Recording]:
    watched = f'route!~"{PROBES}"'
    yield Recording(REQUESTS, f"sum by (service) (rate({HTTP}_count{{{watched}}}[5m]))")
    failed = f'sum by (service) (rate({HTTP}_count{{{watched},status=~"5.."}}[5m]))'
    yield Recording(ERRORS, f"({failed} or {REQUESTS} * 0) / ({REQUESTS} > 0)")
    # An empty window has no quantile: NaN, which no comparison lets through.
    yield Recording(P95, f"histogram_quantile(0.95, sum by (service, le) (rate({HTTP}_bucket{{{watched}}}[5m]))) > 0")
    for name in SERVICES:
        yield Recording(UP, f'sum(up{{service="{name}"}}) or vector(0)', {"service": name})


def _objectives() -> Iterator[Recording]:
    for name, objective in OBJECTIVES.items():
        own = {"service": name}
        buckets = f"sum by (le) (rate({objective.histogram}_bucket{{{objective.selector}}}[5m]))"
        yield Recording(OBJECTIVE_P95, f"vector({objective.p95_s:g})", own)
        yield Recording(OBJECTIVE_AVAILABILITY, f"vector({objective.availability:g})", own)
        yield Recording(PROMISED_P95, f"histogram_quantile(0.95, {buckets}) > 0", own)
        # Judged at the gateway: a service that is down counts nothing itself.
        way = f'service="gateway",{_way(name)}'
        yield Recording(OFFERED, f"sum(rate({HTTP}_count{{{way}}}[5m]))", own)
        failed = f'sum(rate({HTTP}_count{{{way},status=~"5.."}}[5m]))'
        yield Recording(FAILED, f"{failed} or sum(rate({HTTP}_count{{{way}}}[5m])) * 0", own)


def _way(service: str) -> str:
    prefix = SERVICES[service].prefix
    return f'route=~"{prefix}/.*"' if prefix else f'route!~"{PROBES}"'


def _long() -> Iterator[Recording]:
    day = f"{P95}[1d] offset 1h"
    yield Recording(BASELINE, f"quantile_over_time(0.5, {day}) and count_over_time({day}) >= {SETTLED_SAMPLES}")
    failed, offered = (f"sum by (service) (sum_over_time({name}[30d]))" for name in (FAILED, OFFERED))
    yield Recording(AVAILABILITY, f"1 - {failed} / ({offered} > 0)")
