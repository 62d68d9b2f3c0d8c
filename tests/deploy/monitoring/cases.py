"""What Prometheus sees, minute by minute, and which alarms it must raise of it: these and no others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from datalab.catalog import SERVICES

HOUR, DAY = 60, 1440
Firing = frozenset[tuple[str, str]]
"""Alarms with the service, worker or host that they are about."""
QUIET: Firing = frozenset()


def firing(**names: str) -> Firing:
    """Alarms by name; several of one name are separated by commas."""
    return frozenset((name, about) for name, text in names.items() for about in text.split(","))


@dataclass(frozen=True)
class Case:
    """Series in promtool's notation, one value a minute, over those of a platform that is well; ``None`` takes one away."""

    name: str
    series: Mapping[str, str | None]
    at: Mapping[int, Firing] = field(default_factory=dict[int, Firing])


def up(job: str, service: str, instance: str = "a") -> str:
    return f'up{{job="{job}",service="{service}",instance="{instance}"}}'


WELL: dict[str, str] = {
    **{up(each.deployed_name, each.name): "1x4000" for each in SERVICES.values()},
    up("node-exporter", "node"): "1x4000",
    up("postgres-exporter", "postgres"): "1x4000",
    up("redis-exporter", "redis"): "1x4000",
    "pg_up": "1x4000",
    "redis_up": "1x4000",
}
GATEWAY, DATA = up("api-gateway", "gateway"), up("data-service", "data")
JOB = '{queue="compute",state="queued",instance="a"}'
WORKER = up("compute-worker", "compute-worker")
HOST = 'job="node-exporter",service="node",instance="a"'
DISK = f'{{{HOST},fstype="ext4",mountpoint="/"}}'
MEMORY = f"{{{HOST}}}"
IDLE = f'node_cpu_seconds_total{{{HOST},cpu="0",mode="idle"}}'
OWN = '{job="data-service",service="data",instance="a"}'


def counted(service: str, route: str, status: str) -> str:
    labels = f'service="{service}",method="GET",route="{route}",status="{status}",instance="a"'
    return f"datalab_http_request_duration_seconds_count{{{labels}}}"


def errors(service: str, share: float) -> dict[str, str | None]:
    """A thousand requests a minute, of which a share fails."""
    failed = round(share * 1000)
    return {
        counted(service, "/r", "200"): f"0+{1000 - failed}x4000",
        counted(service, "/r", "503"): f"0+{failed}x4000",
    }


def timed(service: str, usual: str, later: str, *, a_minute: float = 60, route: str = "/r") -> dict[str, str | None]:
    """Answers within ``usual`` seconds for a day and two hours, then within ``later`` but slower than before."""
    labels = f'service="{service}",method="POST",route="{route}",status="200",instance="a"'
    long, total = DAY + 2 * HOUR, f"0+{a_minute:g}x4000"
    end = f"{a_minute * long:g}"
    fast = f"0+{a_minute:g}x{long} {end}x2000"
    return {
        f'datalab_http_request_duration_seconds_bucket{{{labels},le="{usual}"}}': fast,
        f'datalab_http_request_duration_seconds_bucket{{{labels},le="{later}"}}': total,
        f'datalab_http_request_duration_seconds_bucket{{{labels},le="+Inf"}}': total,
        f"datalab_http_request_duration_seconds_count{{{labels}}}": total,
    }


SLOW_FROM = DAY + 2 * HOUR
QUERY = "/api/v1/data/query"
DOWN = firing(ServiceDown="data")

CASES = (
    Case("all is well", {}, {30: QUIET}),
    Case("a service is gone", {DATA: "1x10 _x60"}, {14: QUIET, 25: DOWN}),
    Case("a service doesn't answer", {DATA: "1x10 0x60"}, {14: QUIET, 20: DOWN | firing(InstanceDown="data")}),
    Case("a service is away for three minutes", {DATA: "1x10 0x2 1x60"}, dict.fromkeys(range(10, 25), QUIET)),
    Case(
        "one of two instances is down",
        {up("data-service", "data", "b"): "0x60"},
        {4: QUIET, 8: firing(InstanceDown="data")},
    ),
    Case(
        "a tenth fails",
        errors("data", 0.1),
        {4: QUIET, 8: firing(ErrorRateHigh="data"), 20: firing(ErrorRateHigh="data", ErrorRateCritical="data")},
    ),
    Case("two in a hundred fail", errors("data", 0.02), {60: firing(ErrorRateHigh="data")}),
    Case("five in a thousand fail", errors("data", 0.005), {60: QUIET}),
    Case(
        "one request fails at night",
        {counted("data", "/r", "500"): "0x10 1x60", counted("data", "/r", "200"): "0x60"},
        dict.fromkeys(range(8, 30), QUIET),
    ),
    Case(
        "probes that fail are no errors",
        {counted("data", "/ready", "503"): "0+10x60", counted("data", "/r", "200"): "0+10x60"},
        {40: QUIET},
    ),
    Case(
        "answers take four times as long as usual",
        timed("data", "0.1", "0.5"),
        {
            SLOW_FROM: QUIET,
            SLOW_FROM + 14: firing(LatencyHigh="data"),
            SLOW_FROM + 25: firing(LatencyHigh="data", LatencyCritical="data"),
        },
    ),
    Case(
        "answers take two thirds longer than usual",
        timed("ai", "0.1", "0.16"),
        {SLOW_FROM + 40: firing(LatencyHigh="ai")},
    ),
    Case("answers take a little longer than usual", timed("viz", "0.1", "0.12"), {SLOW_FROM + 40: QUIET}),
    Case("answers are four times as slow, but still fast", timed("data", "0.01", "0.04"), {SLOW_FROM + 40: QUIET}),
    Case("a slow answer now and then", timed("data", "0.1", "0.5", a_minute=4), {SLOW_FROM + 40: QUIET}),
    Case("a service that is slow from its first day has no baseline", timed("ai", "9", "9.5"), {60: QUIET}),
    Case(
        "a database can't be used",
        {'datalab_check_ok{check="database",service="data",instance="a"}': "1x10 0x60"},
        {11: QUIET, 14: firing(DatabaseUnreachable="data")},
    ),
    Case(
        "another check fails",
        {'datalab_check_ok{check="kind:python",service="compute",instance="a"}': "0x60"},
        {30: QUIET},
    ),
    Case("PostgreSQL is down", {"pg_up": "1x10 0x60"}, {11: QUIET, 13: firing(PostgresDown="postgres")}),
    Case("Redis is down", {"redis_up": "1x10 0x60"}, {14: QUIET, 17: firing(RedisDown="redis")}),
    Case(
        "jobs wait and no worker runs", {f"datalab_jobs{JOB}": "3x60"}, {4: QUIET, 6: firing(NoWorker="compute-worker")}
    ),
    Case("jobs wait and a worker runs", {f"datalab_jobs{JOB}": "3x60", WORKER: "1x60"}, {30: QUIET}),
    Case("no jobs wait and no worker runs", {f"datalab_jobs{JOB}": "0x60"}, {30: QUIET}),
    Case(
        "a host doesn't answer",
        {up("node-exporter", "node"): "1x10 0x60"},
        {14: QUIET, 17: firing(NodeDown="node", InstanceDown="node")},
    ),
    Case("no host is known any more", {up("node-exporter", "node"): "1x10 _x60"}, {14: QUIET, 25: firing(NodeDown="")}),
    Case(
        "a service's memory is nearly used up",
        {f"datalab_memory_bytes{OWN}": "85x60", f"datalab_memory_limit_bytes{OWN}": "100x60"},
        {29: QUIET, 31: firing(ServiceMemoryHigh="data")},
    ),
    Case(
        "a service has memory left",
        {f"datalab_memory_bytes{OWN}": "75x60", f"datalab_memory_limit_bytes{OWN}": "100x60"},
        {50: QUIET},
    ),
    Case(
        "a service's CPU is nearly used up",
        {f"datalab_cpu_seconds_total{OWN}": "0+90x60", f"datalab_cpu_limit{OWN}": "2x60"},
        {20: QUIET, 30: firing(ServiceCpuHigh="data")},
    ),
    Case(
        "a service has CPU left",
        {f"datalab_cpu_seconds_total{OWN}": "0+72x60", f"datalab_cpu_limit{OWN}": "2x60"},
        {50: QUIET},
    ),
    Case(
        "a host's memory is nearly used up",
        {f"node_memory_MemAvailable_bytes{MEMORY}": "15x60", f"node_memory_MemTotal_bytes{MEMORY}": "100x60"},
        {29: QUIET, 31: firing(NodeMemoryHigh="node")},
    ),
    Case(
        "a host has memory left",
        {f"node_memory_MemAvailable_bytes{MEMORY}": "25x60", f"node_memory_MemTotal_bytes{MEMORY}": "100x60"},
        {50: QUIET},
    ),
    Case("a host's CPU is nearly used up", {IDLE: "0+15x60"}, {20: QUIET, 23: firing(NodeCpuHigh="node")}),
    Case("a host has CPU left", {IDLE: "0+20x60"}, {50: QUIET}),
    Case(
        "a disk is nearly full",
        {f"node_filesystem_avail_bytes{DISK}": "19x60", f"node_filesystem_size_bytes{DISK}": "100x60"},
        {4: QUIET, 6: firing(DiskSpaceLow="node")},
    ),
    Case(
        "a disk has space left",
        {f"node_filesystem_avail_bytes{DISK}": "21x60", f"node_filesystem_size_bytes{DISK}": "100x60"},
        {50: QUIET},
    ),
    Case(
        "memory that looks like a full disk",
        {
            f"node_filesystem_avail_bytes{DISK}".replace("ext4", "tmpfs"): "1x60",
            f"node_filesystem_size_bytes{DISK}".replace("ext4", "tmpfs"): "100x60",
        },
        {50: QUIET},
    ),
    Case(
        "queries miss their objective",
        timed("data", "0.5", "2", route=QUERY),
        {
            SLOW_FROM: QUIET,
            SLOW_FROM + 30: firing(LatencyObjectiveMissed="data", LatencyHigh="data", LatencyCritical="data"),
        },
    ),
    Case("other requests have no objective", timed("data", "1", "1.1", route="/r"), {HOUR: QUIET}),
    Case(
        "more fails at the gateway than was promised for a service",
        {
            counted("gateway", "/api/v1/data/{path}", "200"): "0+9960x4000",
            counted("gateway", "/api/v1/data/{path}", "502"): "0+40x4000",
        },
        {10: QUIET, HOUR: firing(AvailabilityObjectiveMissed="data,gateway")},
    ),
    Case(
        "less fails than was promised",
        {
            counted("gateway", "/api/v1/data/{path}", "200"): "0+9995x4000",
            counted("gateway", "/api/v1/data/{path}", "502"): "0+5x4000",
        },
        {HOUR: QUIET},
    ),
    Case(
        "a hundred jobs wait",
        {f"datalab_jobs{JOB}": "100x60", WORKER: "1x60"},
        {9: QUIET, 11: firing(JobQueueLong="compute")},
    ),
    Case("ninety-nine jobs wait", {f"datalab_jobs{JOB}": "99x60", WORKER: "1x60"}, {50: QUIET}),
    Case(
        "two instances tell of the same jobs",
        {f"datalab_jobs{JOB}": "60x60", f"datalab_jobs{JOB}".replace('"a"', '"b"'): "60x60", WORKER: "1x60"},
        {50: QUIET},
    ),
)
