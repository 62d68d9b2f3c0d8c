"""The dashboards: one a service, and one over all."""

from collections.abc import Mapping
from dataclasses import dataclass

from datalab.catalog import SERVICES
from datalab.deploy.watching.alerts import DISKS
from datalab.deploy.watching.objectives import ATTEMPTS, OBJECTIVES
from datalab.deploy.watching.panels import (
    BYTES,
    COUNT,
    RATE,
    SECONDS,
    SHARE,
    Line,
    Panel,
    Row,
    quantiles,
    service_rows,
)
from datalab.deploy.watching.recordings import AVAILABILITY, ERRORS, P95, REQUESTS, UP

_NODE_CPU = '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))'
_FULL = f"1 - node_filesystem_avail_bytes{{{DISKS}}} / (node_filesystem_size_bytes{{{DISKS}}} > 0)"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What somebody looks at; ``uid`` never changes, since links name it."""

    uid: str
    title: str
    rows: tuple[Row, ...]


def dashboards() -> tuple[Dashboard, ...]:
    """All of them, the overview first."""
    apart = (
        Dashboard(f"datalab-{name}", f"DataLab: {service.deployed_name}", (*service_rows(name), *_OWN[name]))
        for name, service in SERVICES.items()
    )
    return (Dashboard("datalab-overview", "DataLab: overview", _overview()), *apart)


def _overview() -> tuple[Row, ...]:
    by_service = "{{service}}"
    return (
        Row(
            "Now",
            (
                Panel("Instances that answer", COUNT, (Line(UP, by_service),), now=True),
                Panel("Availability, 30 days", SHARE, (Line(AVAILABILITY, by_service),), now=True),
                Panel(
                    "Alarms",
                    COUNT,
                    (
                        Line(
                            'count by (alertname, severity) (ALERTS{alertstate="firing"})', "{{severity}} {{alertname}}"
                        ),
                    ),
                    now=True,
                ),
            ),
        ),
        Row(
            "Services",
            (
                Panel("P95", SECONDS, (Line(P95, by_service),)),
                Panel("Share of requests that fail", SHARE, (Line(ERRORS, by_service),)),
                Panel("Requests", RATE, (Line(REQUESTS, by_service),)),
                Panel("Jobs that wait", COUNT, (_waiting(".+"),)),
            ),
        ),
        Row("Hosts", _hosts()),
        Row("Stores", (*_postgres(), *_redis())),
    )


def _hosts() -> tuple[Panel, ...]:
    memory = "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes"
    return (
        Panel("CPU in use", SHARE, (Line(_NODE_CPU, "{{instance}}"),)),
        Panel("Memory in use", SHARE, (Line(memory, "{{instance}}"),)),
        Panel("Disks in use", SHARE, (Line(_FULL, "{{instance}} {{mountpoint}}"),)),
    )


def _postgres() -> tuple[Panel, ...]:
    return (
        Panel(
            "PostgreSQL: connections",
            COUNT,
            (
                Line("sum by (state) (pg_stat_activity_count)", "{{state}}"),
                Line("max(pg_settings_max_connections)", "at most"),
            ),
        ),
        Panel(
            "PostgreSQL: transactions",
            RATE,
            (Line("sum by (datname) (rate(pg_stat_database_xact_commit[5m]))", "{{datname}}"),),
        ),
    )


def _redis() -> tuple[Panel, ...]:
    return (
        Panel("Redis: memory", BYTES, (Line("redis_memory_used_bytes", "in use"),)),
        Panel("Redis: connections", COUNT, (Line("redis_connected_clients", "clients"),)),
    )


def _waiting(queues: str) -> Line:
    query = f'sum by (queue) (max by (queue, state) (datalab_jobs{{queue=~"{queues}",state="queued"}}))'
    return Line(query, "{{queue}}")


def _cache(service: str, cache: str) -> Panel:
    looks = f'datalab_cache_requests_total{{service="{service}",cache="{cache}"}}'
    hits = f'sum(rate(datalab_cache_requests_total{{service="{service}",cache="{cache}",outcome="hit"}}[5m]))'
    return Panel("Found in the cache", SHARE, (Line(f"{hits} / (sum(rate({looks}[5m])) > 0)", "hits"),))


def _jobs(service: str) -> Row:
    queues = f"{service}([.].*)?"
    ends = f'sum by (kind, outcome) (rate({ATTEMPTS}_count{{queue=~"{queues}"}}[5m]))'
    running = f'sum by (queue) (max by (queue, state) (datalab_jobs{{queue=~"{queues}",state="running"}}))'
    return Row(
        "Jobs",
        (
            Panel("Jobs that wait", COUNT, (_waiting(queues),)),
            Panel("Jobs that run", COUNT, (Line(running, "{{queue}}"),)),
            Panel("How long attempts take", SECONDS, quantiles(ATTEMPTS, f'queue=~"{queues}"', "kind")),
            Panel("How attempts end", RATE, (Line(ends, "{{kind}} {{outcome}}"),)),
            Panel("Workers that answer", COUNT, (Line(f'sum(up{{job="{service}-worker"}})', "workers"),)),
            Panel(
                "Workers: memory of what they may use",
                SHARE,
                (
                    Line(
                        f'datalab_memory_bytes{{job="{service}-worker"}} '
                        f'/ datalab_memory_limit_bytes{{job="{service}-worker"}}',
                        "{{instance}}",
                    ),
                ),
            ),
        ),
    )


def _timed(title: str, service: str) -> Row:
    objective = OBJECTIVES[service]
    return Row(title, (Panel(title, SECONDS, quantiles(objective.histogram, objective.selector)),))


def _with(row: Row, *panels: Panel) -> Row:
    return Row(row.title, (*row.panels, *panels))


_REFUSED = Panel(
    "Refused credentials",
    RATE,
    (
        Line("sum by (service) (rate(datalab_authentication_failures_total[5m]))", "{{service}}: answered with 401"),
        Line("sum(rate(datalab_sign_in_failures_total[5m]))", "passwords, keys and sessions that were wrong"),
    ),
)
_OWN: Mapping[str, tuple[Row, ...]] = {
    "gateway": (Row("Who is turned away", (_REFUSED,)),),
    "data": (
        _with(_timed("Query time", "data"), _cache("data", "answers")),
        Row("Database", _postgres()),
        _jobs("data"),
    ),
    "ai": (_timed("Inference time", "ai"), _jobs("ai")),
    "compute": (_jobs("compute"),),
    "viz": (_with(_timed("Drawing time", "viz"), _cache("viz", "images")), _jobs("viz")),
}
