"""The five services and their workers."""

from collections.abc import Mapping

from datalab.catalog import SERVICES, Service
from datalab.deploy.topology.component import (
    Component,
    Condition,
    HttpProbe,
    Mount,
    Need,
    Network,
    Port,
    Probe,
    Replicas,
    Role,
    Scaling,
    Secret,
    Update,
    secret,
)
from datalab.deploy.topology.images import own
from datalab.deploy.topology.sizes import NUMBERS, Size, on_host

MIGRATE = "migrate"
LINGER_S = 8
"""How long a service goes on answering once it is told to stop, so that whoever sends to it can turn away."""
DRAIN_S = 40
"""How long what it then still answers may take: longer than the longest request, which is 30 s."""
STARTS_WITHIN_S = 180
"""How long a start may take where a small host starts everything at once."""
STOP_S = LINGER_S + DRAIN_S + 10

_MOUNTS = {
    "gateway": (),
    "data": (Mount("data_uploads", "/app/uploads"),),
    "ai": (Mount("ai_models", "/app/models"),),
    "compute": (Mount("compute_temp", "/tmp/compute"),),  # noqa: S108 - inside the container, a volume of its own
    "viz": (Mount("viz_cache", "/app/cache"),),
}
# Where a service spills to is on its volume: what is in memory counts against its limit.
_OWN_ENVIRONMENT: Mapping[str, Mapping[str, str]] = {
    "gateway": {"DATALAB_HOME": "/app/state"},
    "data": {
        "DATALAB_HOME": "/app/uploads/state",
        "DATALAB_DATA_TABLES": "/app/uploads/tables",
        "DATALAB_DATA_SPOOL": "/app/uploads/spool",
    },
    "ai": {
        "DATALAB_HOME": "/app/models/state",
        "MODEL_CACHE_PATH": "/app/models/versions",
        "DATALAB_AI_STAGING_PATH": "/app/models/staging",
    },
    "compute": {"DATALAB_HOME": "/tmp/compute"},  # noqa: S108 - likewise
    "viz": {"DATALAB_HOME": "/app/cache/state", "DATALAB_VIZ_CACHE_PATH": "/app/cache/images"},
}
_SCRATCH = ("/tmp", "/app/state")  # noqa: S108 - inside the container, in memory


def services(size: Size) -> tuple[Component, ...]:
    """The five services."""
    return tuple(_service(service, size) for service in SERVICES.values())


def workers(size: Size) -> tuple[Component, ...]:
    """A worker for every queue, made from its service's image."""
    return tuple(_worker(service, service.worker, size) for service in SERVICES.values() if service.worker)


def migration(size: Size) -> Component:
    """The task that brings the schemas to head; services wait for its end."""
    return Component(
        name=MIGRATE,
        role=Role.TASK,
        image=own(SERVICES["gateway"].deployed_name),
        command=("datalab", "migrate"),
        resources=on_host("gateway", size),
        networks=frozenset({Network.DATABASE}),
        needs=(Need("postgres"),),
        scratch=_SCRATCH,
        environment={**_database("postgres"), "LOG_LEVEL": "${LOG_LEVEL:-info}"},
        secrets=(secret("POSTGRES_PASSWORD"),),
    )


def metrics_port(service: Service) -> int:
    """Where the service's worker shows its metrics: a port of its own, since on a bare host all share one address."""
    return service.port + 1000


def _service(service: Service, size: Size) -> Component:
    numbers = NUMBERS[service.name]
    return Component(
        name=service.deployed_name,
        role=Role.SERVICE,
        image=own(service.deployed_name),
        command=("datalab", "serve", service.name, "--host", "0.0.0.0"),  # noqa: S104 - inside its container
        ports=(Port(service.port, published=service.port),),
        replicas=Replicas(numbers.replicas, 1, numbers.cluster_maximum),
        resources=on_host(service.name, size),
        networks=frozenset({Network.PLATFORM, Network.EDGE, Network.MONITORING}),
        health=Probe(
            HttpProbe("/health", service.port), numbers.interval_s, numbers.timeout_s, start_s=STARTS_WITHIN_S
        ),
        ready=HttpProbe("/ready", service.port),
        needs=_needs(),
        mounts=_MOUNTS[service.name],
        scratch=_SCRATCH,
        environment={**_environment(service), "DATALAB_LINGER_S": str(LINGER_S), "DATALAB_DRAIN_S": str(DRAIN_S)},
        secrets=_secrets(service.name),
        update=Update(drain_s=STOP_S),
        scaling=Scaling(),
        callers=_callers(service),
    )


def _worker(service: Service, name: str, size: Size) -> Component:
    return Component(
        name=name,
        role=Role.WORKER,
        image=own(service.deployed_name),
        command=("datalab", "worker", "--queues", service.name),
        ports=(Port(metrics_port(service), "metrics"),),
        replicas=Replicas(1, 0, NUMBERS[service.name].cluster_maximum),
        resources=on_host(service.name, size),
        networks=frozenset({Network.PLATFORM, Network.MONITORING}),
        health=Probe(HttpProbe("/metrics", metrics_port(service)), start_s=STARTS_WITHIN_S),
        needs=_needs(),
        mounts=_MOUNTS[service.name],
        scratch=_SCRATCH,
        environment={
            **_environment(service),
            "DATALAB_COMPUTE_DRAIN_S": str(DRAIN_S),
            "DATALAB_METRICS_ADDRESS": f"0.0.0.0:{metrics_port(service)}",
        },
        secrets=_secrets("compute"),
        update=Update(drain_s=DRAIN_S + 10),
        scaling=Scaling(),
        callers=("prometheus",),
    )


def _needs() -> tuple[Need, ...]:
    return (Need("pgbouncer"), Need("redis"), Need(MIGRATE, Condition.COMPLETED))


def _environment(service: Service) -> dict[str, str]:
    return {
        "ENVIRONMENT": "${ENVIRONMENT:-production}",
        "LOG_LEVEL": "${LOG_LEVEL:-info}",
        "SERVICE_NAME": service.deployed_name,
        "PORT": str(service.port),
        **_database("pgbouncer"),
        "REDIS_URL": "redis://redis:6379/0",
        **{
            f"{each.name.upper()}_SERVICE_URL": f"http://{each.deployed_name}:{each.port}" for each in SERVICES.values()
        },
        **_OWN_ENVIRONMENT[service.name],
    }


def _database(host: str) -> dict[str, str]:
    port = {"pgbouncer": "6432", "postgres": "5432"}[host]
    return {
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": port,
        "POSTGRES_DB": "${POSTGRES_DB:-datalab}",
        "POSTGRES_USER": "${POSTGRES_USER:-datalab}",
    }


def _secrets(service: str) -> tuple[Secret, ...]:
    credential = secret("DATALAB_SERVICE_SECRET", f"{service.upper()}_SERVICE_SECRET")
    return (
        secret("JWT_SECRET") if service == "gateway" else credential,
        secret("POSTGRES_PASSWORD"),
        secret("REDIS_PASSWORD"),
    )


def _callers(service: Service) -> tuple[str, ...]:
    asking = [each for each in SERVICES.values() if service.name in each.requires]
    named = [each.deployed_name for each in asking] + [each.worker for each in asking if each.worker]
    own_worker = [service.worker] if service.worker else []
    gateway = [] if service.name == "gateway" else ["api-gateway"]
    return tuple(dict.fromkeys([*gateway, *named, *own_worker, "nginx", "prometheus"]))
