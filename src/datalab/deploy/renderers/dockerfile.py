"""The Dockerfiles: one with a target for every image of ours, and one apart for each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version as installed_version

from datalab.catalog import SERVICES, Service
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.images import DEBIAN_BASE, PYTHON_BASE
from datalab.deploy.topology.sizes import NUMBERS

PLACE = "infrastructure/docker"
PGBOUNCER = "pgbouncer"
_SCRIPTS = ("pgbouncer-health", "pgbouncer-start")
UID = 10001
"""The account of every image: a number, so that a cluster can tell it from root."""
UV = "0.13.9"

COMMON = ("traces",)
"""Extras of every image: where traces go is the operator's choice, not the image's."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is a service's own: extras, the folder of its volume, environment."""

    what: str
    extras: tuple[str, ...]
    folder: str | None
    environment: Mapping[str, str]


_PARTS = {
    "gateway": _Part("the gateway with the console", (), None, {"DATALAB_HOME": "/app/state"}),
    "data": _Part(
        "datasets and queries",
        ("data", "s3"),
        "/app/uploads",
        {
            "DATALAB_HOME": "/app/uploads/state",
            "DATALAB_DATA_TABLES": "/app/uploads/tables",
            "DATALAB_DATA_SPOOL": "/app/uploads/spool",
        },
    ),
    "ai": _Part(
        "models",
        ("ai", "s3"),
        "/app/models",
        {
            "DATALAB_HOME": "/app/models/state",
            "MODEL_CACHE_PATH": "/app/models/versions",
            "DATALAB_AI_STAGING_PATH": "/app/models/staging",
        },
    ),
    "compute": _Part("jobs", (), "/tmp/compute", {"DATALAB_HOME": "/tmp/compute"}),  # noqa: S108
    "viz": _Part(
        "charts and dashboards",
        ("viz",),
        "/app/cache",
        {"DATALAB_HOME": "/app/cache/state", "DATALAB_VIZ_CACHE_PATH": "/app/cache/images"},
    ),
}


def render_dockerfiles(version: str | None = None) -> dict[str, str]:
    """Every file that the images are built by; ``version`` is their label, the installed one unless given."""
    label = version or installed_version("datalab-stack")
    whole = {f"{PLACE}/Dockerfile": _dockerfile("Dockerfile", tuple(SERVICES.values()), label, pgbouncer=True)}
    apart = {_apart(each.deployed_name): _dockerfile(_name(each), (each,), label) for each in SERVICES.values()}
    pooler = {_apart(PGBOUNCER): _dockerfile(f"Dockerfile.{PGBOUNCER}", (), label, pgbouncer=True)}
    scripts = {f"{PLACE}/{PGBOUNCER}/{name}": filled(f"{PGBOUNCER}/{name}") for name in _SCRIPTS}
    return {**whole, **apart, **pooler, **scripts, ".dockerignore": filled("dockerignore.j2")}


def _apart(deployed_name: str) -> str:
    return f"{PLACE}/Dockerfile.{deployed_name}"


def _name(service: Service) -> str:
    return f"Dockerfile.{service.deployed_name}"


def _dockerfile(name: str, services: Sequence[Service], version: str, *, pgbouncer: bool = False) -> str:
    return filled(
        "Dockerfile.j2",
        path=f"{PLACE}/{name}",
        services=[_described(service) for service in services],
        console=any(service.name == "gateway" for service in services),
        pgbouncer=pgbouncer,
        python_base=PYTHON_BASE,
        debian_base=DEBIAN_BASE,
        uv=UV,
        uid=UID,
        common=list(COMMON),
        version=version,
    )


def _described(service: Service) -> Mapping[str, object]:
    part, numbers = _PARTS[service.name], NUMBERS[service.name]
    return {
        "name": service.name,
        "deployed_name": service.deployed_name,
        "port": service.port,
        "console": service.name == "gateway",
        "what": part.what,
        "extras": list(part.extras),
        "folder": part.folder,
        "environment": part.environment,
        "interval_s": numbers.interval_s,
        "timeout_s": numbers.timeout_s,
    }
