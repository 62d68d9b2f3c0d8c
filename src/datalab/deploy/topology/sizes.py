"""What each service may use: the operators' numbers (``large``), and what fits a host of two cores (``small``)."""

from dataclasses import dataclass
from enum import StrEnum

from datalab.deploy.topology.component import GIB, MIB, Amount, Resources


class Size(StrEnum):
    """How big the instances are."""

    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Numbers:
    """One service's numbers: resources on one host and on a cluster, instances, and how it is asked for its health."""

    host: Resources
    cluster: Resources
    replicas: int
    cluster_minimum: int
    cluster_maximum: int
    processes: int
    interval_s: int
    timeout_s: int
    keep_alive: int
    """Connections that the edge keeps open to it."""


NUMBERS = {
    "gateway": Numbers(
        Resources(Amount(1, GIB), Amount(0.5, 512 * MIB)), Resources(Amount(2, 4 * GIB)), 3, 3, 20, 4, 30, 10, 32
    ),
    "data": Numbers(Resources(Amount(2, 2 * GIB)), Resources(Amount(4, 8 * GIB)), 2, 2, 15, 2, 30, 10, 16),
    "ai": Numbers(
        Resources(Amount(4, 4 * GIB), Amount(2, 2 * GIB)), Resources(Amount(8, 16 * GIB)), 2, 2, 8, 2, 60, 30, 8
    ),
    "compute": Numbers(Resources(Amount(6, 8 * GIB)), Resources(Amount(8, 16 * GIB)), 2, 2, 12, 2, 30, 15, 8),
    "viz": Numbers(Resources(Amount(1, GIB)), Resources(Amount(2, 4 * GIB)), 2, 2, 10, 2, 30, 10, 16),
}

SMALL_LIMIT = Amount(2, 2 * GIB)
SMALL_GATEWAY_POD = Resources(Amount(1, 2 * GIB), Amount(0.5, 512 * MIB))


def on_host(service: str, size: Size) -> Resources:
    """What one instance may use on a single host. ``small`` reserves no CPUs: a host of two has none to spare."""
    resources = NUMBERS[service].host
    return resources if size is Size.LARGE else _within(resources, SMALL_LIMIT)


def on_cluster(service: str, size: Size) -> Resources:
    """What one instance may use on a cluster."""
    if size is Size.LARGE:
        return NUMBERS[service].cluster
    return SMALL_GATEWAY_POD if service == "gateway" else _within(NUMBERS[service].cluster, SMALL_LIMIT)


def _within(resources: Resources, most: Amount) -> Resources:
    limit = Amount(min(resources.limit.cpus, most.cpus), min(resources.limit.memory, most.memory))
    asked = resources.request
    return Resources(limit, Amount(0, min(asked.memory, limit.memory)) if asked else None)
