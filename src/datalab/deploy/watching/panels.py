"""A panel: one question, the queries that answer it, and the unit of the answer."""

from dataclasses import dataclass

from datalab.deploy.watching.objectives import HTTP, PROBES
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

SECONDS, SHARE, RATE, COUNT, BYTES = "s", "percentunit", "reqps", "short", "bytes"


@dataclass(frozen=True, slots=True)
class Line:
    """One query, and how its answers are called; ``{{label}}`` stands for a label's value."""

    query: str
    called: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One question. ``now`` shows only the newest answer, as a number; else all over time, as lines."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    told: str = ""
    now: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Panels that belong together."""

    title: str
    panels: tuple[Panel, ...]


def service_rows(service: str) -> tuple[Row, ...]:
    """What every service is asked: is it there, is it slow, does it fail, how much does it do, how full is it."""
    own = f'service="{service}"'
    return (
        Row("Now", _now(own)),
        Row("Latency", _latency(own)),
        Row("Errors", _errors(own)),
        Row("Traffic", _traffic(own)),
        Row("Saturation", _saturation(own)),
    )


def quantiles(histogram: str, selector: str, by: str = "") -> tuple[Line, ...]:
    """The median and the P95 of a histogram, for each value of a label when one is named."""
    labels, called = (f"{by}, le", f"{{{{{by}}}}} ") if by else ("le", "")
    buckets = f"sum by ({labels}) (rate({histogram}_bucket{{{selector}}}[5m]))"
    return tuple(
        Line(f"histogram_quantile({share}, {buckets})", f"{called}{name}")
        for share, name in ((0.5, "median"), (0.95, "P95"))
    )


def _now(own: str) -> tuple[Panel, ...]:
    return (
        Panel("Instances that answer", COUNT, (Line(f"{UP}{{{own}}}", "instances"),), now=True),
        Panel(
            "Availability, 30 days",
            SHARE,
            (Line(f"{AVAILABILITY}{{{own}}}", "now"), Line(f"{OBJECTIVE_AVAILABILITY}{{{own}}}", "promised")),
            "Judged at the gateway.",
            now=True,
        ),
        Panel(
            "P95 of what is promised",
            SECONDS,
            (Line(f"{PROMISED_P95}{{{own}}}", "now"), Line(f"{OBJECTIVE_P95}{{{own}}}", "promised")),
            "Of which requests: docs/reference/alerts.md.",
            now=True,
        ),
    )


def _latency(own: str) -> tuple[Panel, ...]:
    return (
        Panel(
            "P95 and its baseline",
            SECONDS,
            (Line(f"{P95}{{{own}}}", "P95"), Line(f"{BASELINE}{{{own}}}", "baseline")),
            "Streams of events count until they begin.",
        ),
        Panel(
            "Slowest routes, P95",
            SECONDS,
            (
                Line(
                    "topk(10, histogram_quantile(0.95, sum by (method, route, le) "
                    f'(rate({HTTP}_bucket{{{own},route!~"{PROBES}"}}[5m]))))',
                    "{{method}} {{route}}",
                ),
            ),
        ),
    )


def _errors(own: str) -> tuple[Panel, ...]:
    failed = f'sum by (method, route, status) (rate({HTTP}_count{{{own},status=~"5.."}}[5m]))'
    return (
        Panel("Share of requests that fail", SHARE, (Line(f"{ERRORS}{{{own}}}", "status 500 or more"),)),
        Panel("What fails", RATE, (Line(f"topk(10, {failed})", "{{status}} {{method}} {{route}}"),)),
    )


def _traffic(own: str) -> tuple[Panel, ...]:
    by_status = f'sum by (status) (rate({HTTP}_count{{{own},route!~"{PROBES}"}}[5m]))'
    return (
        Panel("Requests", RATE, (Line(f"{REQUESTS}{{{own}}}", "all"),)),
        Panel("Requests by status", RATE, (Line(by_status, "{{status}}"),)),
    )


def _saturation(own: str) -> tuple[Panel, ...]:
    share = f"datalab_memory_bytes{{{own}}} / datalab_memory_limit_bytes{{{own}}}"
    cpu = f"rate(datalab_cpu_seconds_total{{{own}}}[5m]) / datalab_cpu_limit{{{own}}}"
    in_flight = f"sum by (instance) (datalab_http_requests_in_flight{{{own}}})"
    return (
        Panel("Memory of what it may use", SHARE, (Line(share, "{{job}} {{instance}}"),)),
        Panel("CPU of what it may use", SHARE, (Line(cpu, "{{job}} {{instance}}"),)),
        Panel("Requests being answered", COUNT, (Line(in_flight, "{{instance}}"),)),
    )
