"""When somebody is told, how urgently, and what they can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from datalab.deploy.watching.objectives import QUEUE_LIMIT
from datalab.deploy.watching.recordings import (
    AVAILABILITY,
    BASELINE,
    ERRORS,
    OBJECTIVE_AVAILABILITY,
    OBJECTIVE_P95,
    P95,
    PROMISED_P95,
    REQUESTS,
    UP,
)

NOTICEABLE_S = 0.05
"""Answers faster than this are never slow, whatever their baseline is."""
BUSY = 0.1
"""Requests a second below which one slow answer says nothing."""
DISKS = 'fstype!~"tmpfs|ramfs|devtmpfs|overlay|squashfs|iso9660|nsfs|fuse.*"'


class Severity(StrEnum):
    """``page`` wakes somebody, ``warn`` is read in working hours."""

    PAGE = "page"
    WARN = "warn"


class Signal(StrEnum):
    """What an alert is about: a page on one silences the warning on the same."""

    DOWN = "down"
    STORES = "stores"
    ERRORS = "errors"
    LATENCY = "latency"
    SATURATION = "saturation"
    OBJECTIVE = "objective"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alarm: ``query`` holds for ``lasting`` before somebody is told.

    ``needs`` names the component without which there is nothing to ask; ``meaning`` and ``response`` are the runbook's.
    """

    name: str
    severity: Severity
    signal: Signal
    query: str
    lasting: str
    summary: str
    meaning: str
    response: str
    needs: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


def _errors(name: str, severity: Severity, share: float, lasting: str) -> Alert:
    return Alert(
        name,
        severity,
        Signal.ERRORS,
        f"{ERRORS} > {share:g}",
        lasting,
        "{{ $labels.service }} fails {{ $value | humanizePercentage }} of its requests",
        f"More than {share:.0%} of a service's requests ended with a status of 500 or more over the last five minutes.",
        "Look at the service's dashboard for the routes that fail, then at its log lines of level error: each has the "
        "request's id. `datalab doctor` in its container finds what the service needs and doesn't have.",
    )


def _slow(name: str, severity: Severity, times: float, lasting: str) -> Alert:
    return Alert(
        name,
        severity,
        Signal.LATENCY,
        f"{P95} > {times:g} * {BASELINE} and {P95} > {NOTICEABLE_S:g} and {REQUESTS} > {BUSY:g}",
        lasting,
        "{{ $labels.service }} is slow: 95 of 100 requests within {{ $value | humanizeDuration }}",
        f"The P95 is more than {times:g} times its baseline: the median of the P95 over a day that ended an hour ago. "
        f"There is no baseline before half an hour of traffic; below {NOTICEABLE_S * 1000:g} ms and below {BUSY:g} "
        "requests a second nobody is told.",
        "Compare the routes on the service's dashboard: one slow route is a query or a model, all of them are CPU, "
        "memory, or the database. Add instances when CPU is used up; look at PostgreSQL's connections when it isn't.",
    )


PAGES = (
    Alert(
        "ServiceDown",
        Severity.PAGE,
        Signal.DOWN,
        f"{UP} == 0",
        "5m",
        "No instance of {{ $labels.service }} answers",
        "Prometheus reached no instance of the service for five minutes: none runs, or none answers.",
        "`docker compose ps` and the last log lines of the service say why it ended. `datalab doctor` names what is "
        "missing. After a bad update go back to the version before.",
    ),
    _errors("ErrorRateCritical", Severity.PAGE, 0.05, "10m"),
    _slow("LatencyCritical", Severity.PAGE, 2, "15m"),
    Alert(
        "DatabaseUnreachable",
        Severity.PAGE,
        Signal.STORES,
        'min by (service) (datalab_check_ok{check="database"}) == 0',
        "2m",
        "{{ $labels.service }} can't use its database",
        "An instance's own check of the database failed for two minutes: it isn't reached, or its schema isn't at head.",
        "Is PgBouncer up, and PostgreSQL behind it? `/ready` of the service has the reason in words. After an upgrade "
        "run `datalab migrate`.",
    ),
    Alert(
        "PostgresDown",
        Severity.PAGE,
        Signal.STORES,
        "pg_up == 0",
        "1m",
        "PostgreSQL doesn't answer its exporter",
        "The exporter could not sign in to PostgreSQL for a minute.",
        "Look at PostgreSQL's log: a full disk and too many connections are the usual reasons.",
        needs="postgres-exporter",
        labels={"service": "postgres"},
    ),
    Alert(
        "RedisDown",
        Severity.PAGE,
        Signal.STORES,
        "redis_up == 0",
        "5m",
        "Redis doesn't answer its exporter",
        "The exporter could not talk to Redis for five minutes. Requests are still served; events, and limits that hold "
        "across instances, wait.",
        "Look at Redis's log; is its memory used up? Nothing that was acknowledged is lost: events wait in the database.",
        needs="redis-exporter",
        labels={"service": "redis"},
    ),
    Alert(
        "NoWorker",
        Severity.PAGE,
        Signal.DOWN,
        'sum by (worker) (label_replace(max by (queue, state) (datalab_jobs{state="queued"}), "worker", "$1-worker", '
        '"queue", "([a-z]+).*")) > 0 unless on (worker) sum by (worker) (label_replace(up{job=~".+-worker"} == 1, '
        '"worker", "$1", "job", "(.+)")) > 0',
        "5m",
        "{{ $value }} jobs wait and no {{ $labels.worker }} runs",
        "Jobs were queued for five minutes and Prometheus reached no worker that takes them.",
        "Start the worker, or scale it above zero. Its log says why it ended. No job is lost meanwhile.",
    ),
    Alert(
        "NodeDown",
        Severity.PAGE,
        Signal.DOWN,
        'up{job="node-exporter"} == 0 or absent(up{job="node-exporter"})',
        "5m",
        "The host {{ $labels.instance }} doesn't answer",
        "The exporter of a host was not reached for five minutes.",
        "Is the host up, and the network to it? Instances elsewhere go on serving.",
        needs="node-exporter",
    ),
)
WARNINGS = (
    _errors("ErrorRateHigh", Severity.WARN, 0.01, "5m"),
    _slow("LatencyHigh", Severity.WARN, 1.5, "10m"),
    Alert(
        "ServiceMemoryHigh",
        Severity.WARN,
        Signal.SATURATION,
        "max by (job, service, instance) (datalab_memory_bytes / datalab_memory_limit_bytes) > 0.8",
        "30m",
        "{{ $labels.job }} uses {{ $value | humanizePercentage }} of its memory",
        "An instance used more than 80 % of the memory that it may use for half an hour.",
        'Above its limit it is killed. Give it more (`size = "large"`), or find on its dashboard what grew.',
    ),
    Alert(
        "ServiceCpuHigh",
        Severity.WARN,
        Signal.SATURATION,
        "max by (job, service, instance) (rate(datalab_cpu_seconds_total[5m]) / datalab_cpu_limit) > 0.7",
        "20m",
        "{{ $labels.job }} uses {{ $value | humanizePercentage }} of its CPU",
        "An instance used more than 70 % of the CPU that it may use for twenty minutes.",
        "Add instances (`[replicas]` in datalab.toml).",
    ),
    Alert(
        "NodeMemoryHigh",
        Severity.WARN,
        Signal.SATURATION,
        "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 0.8",
        "30m",
        "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory",
        "More than 80 % of a host's memory was used for half an hour.",
        "Move instances to another host, or give this one more memory.",
        needs="node-exporter",
    ),
    Alert(
        "NodeCpuHigh",
        Severity.WARN,
        Signal.SATURATION,
        '1 - avg by (job, service, instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.7',
        "20m",
        "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its CPU",
        "More than 70 % of a host's CPU was used for twenty minutes.",
        "Move instances to another host, or add one.",
        needs="node-exporter",
    ),
    Alert(
        "DiskSpaceLow",
        Severity.WARN,
        Signal.SATURATION,
        f"node_filesystem_avail_bytes{{{DISKS}}} / (node_filesystem_size_bytes{{{DISKS}}} > 0) < 0.2",
        "5m",
        "{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left",
        "Less than 20 % of a host's file system is free.",
        "Deleted datasets and old versions, backups and Docker's build cache are what can go. A full disk refuses "
        "writes; nothing that was acknowledged is lost.",
        needs="node-exporter",
    ),
    Alert(
        "InstanceDown",
        Severity.WARN,
        Signal.DOWN,
        "up == 0",
        "5m",
        "{{ $labels.instance }} of {{ $labels.job }} doesn't answer",
        "One instance, of a service, a worker or an exporter, was not reached for five minutes.",
        "Look at its log. The others go on serving; with none left a page follows.",
    ),
    Alert(
        "LatencyObjectiveMissed",
        Severity.WARN,
        Signal.OBJECTIVE,
        f"{PROMISED_P95} > {OBJECTIVE_P95}",
        "15m",
        "{{ $labels.service }} misses its P95: {{ $value | humanizeDuration }}",
        "What the objective of the service is about took longer than promised for fifteen minutes.",
        "As for LatencyHigh. When it is so every day, the service needs more CPU or more instances.",
    ),
    Alert(
        "AvailabilityObjectiveMissed",
        Severity.WARN,
        Signal.OBJECTIVE,
        f"{AVAILABILITY} < {OBJECTIVE_AVAILABILITY}",
        "15m",
        "{{ $labels.service }} was available {{ $value | humanizePercentage }} of 30 days",
        "Over 30 days, or as long as Prometheus remembers, more of the requests to the service failed at the gateway "
        "than was promised.",
        "Put off risky changes until it is met again; look for what the failures have in common.",
    ),
    Alert(
        "JobQueueLong",
        Severity.WARN,
        Signal.OBJECTIVE,
        f'sum(max by (queue, state) (datalab_jobs{{queue=~"compute([.].*)?",state="queued"}})) >= {QUEUE_LIMIT}',
        "10m",
        "{{ $value }} jobs wait for compute workers",
        f"{QUEUE_LIMIT} jobs or more waited in the compute queues for ten minutes.",
        "Add workers: `compute-worker` under `[replicas]`.",
        labels={"service": "compute"},
    ),
)
ALERTS = (*PAGES, *WARNINGS)
