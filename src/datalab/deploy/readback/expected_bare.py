"""What the topology says that our processes must be on a host without containers, whoever runs them."""

from collections.abc import Mapping

from datalab.catalog import SERVICES, Service
from datalab.deploy.plan import Plan
from datalab.deploy.readback.references import resolved
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.sizes import NUMBERS

ROOT, STATE, LOGS, ACCOUNT = "/opt/datalab", "/var/lib/datalab", "/var/log/datalab", "datalab"
LOOPBACK = "127.0.0.1"
BESIDE = 10
"""From an instance's port to the next one's."""
MOST_FILES = 65536
"""Files that a process may open."""


def lasting(plan: Plan) -> tuple[Component, ...]:
    """The services and workers."""
    return plan.with_role(Role.SERVICE, Role.WORKER)


def beside_each_other(plan: Plan, component: Component) -> int:
    """How many instances there are where none keeps the socket: two where it may be more, unless chosen."""
    return plan.choices.replicas.get(component.name, min(component.replicas.start, 2))


def ports(component: Component, number: int) -> list[int]:
    """Where its instances listen."""
    return [component.ports[0].number + BESIDE * each for each in range(number)]


def state(component: Component) -> str:
    """The one folder that it may write."""
    volume = component.mounts[0].volume if component.mounts else _service(component).name
    return f"{STATE}/{volume}"


def variables_of(plan: Plan, component: Component, counts: Mapping[str, int]) -> dict[str, str]:
    """Its variables, none of them secret; ``counts``: instances of each service."""
    values = {name: resolved(value, {}) for name, value in component.environment.items()}
    values["POSTGRES_HOST"] = plan.choices.database.host or LOOPBACK
    values["POSTGRES_PORT"] = str(plan.choices.database.port)
    if component.role is Role.TASK:
        return values
    values = {name: _outside(component, value) for name, value in values.items()}
    for other in plan.with_role(Role.SERVICE):
        places = (f"http://{LOOPBACK}:{port}" for port in ports(other, counts[other.name]))
        values[f"{_service(other).name.upper()}_SERVICE_URL"] = ",".join(places)
    values["REDIS_URL"] = f"redis://{LOOPBACK}:6379/0"
    values["FORWARDED_ALLOW_IPS"] = LOOPBACK
    if component.role is Role.SERVICE:
        return values | {"WORKER_PROCESSES": str(NUMBERS[_service(component).name].processes)}
    return values | {"DATALAB_METRICS_ADDRESS": f"{LOOPBACK}:{component.ports[0].number}"}


def called_otherwise(component: Component) -> dict[str, str]:
    """The secrets that it knows by another name than the operator: the operator's by its own."""
    return {each.variable: each.source for each in component.secrets if each.variable != each.source}


def others_secrets(plan: Plan, component: Component) -> list[str]:
    """The operator's secrets that it must not see, by the operator's names."""
    every = {each.source for one in plan.components for each in one.secrets}
    own = {each.source for each in component.secrets}
    rotating = set[str]() if "JWT_SECRET" in own else {"JWT_SECRET_PREVIOUS"}
    return sorted((every - own) | rotating)


def arguments(component: Component) -> list[str]:
    """What ``datalab`` is told, but for where to listen."""
    words = list(component.command[1:])
    return words[:-2] if component.role is Role.SERVICE else words


def log_limits(component: Component) -> dict[str, int]:
    """How much is kept of its log: of models and jobs, which say more, more."""
    talks = component.role is not Role.TASK and _service(component).name in {"ai", "compute"}
    return {"bytes": 20 * 2**20, "older": 3} if talks else {"bytes": 10 * 2**20, "older": 5}


def draws_charts(component: Component) -> bool:
    """Whether an engine works in it that compiles as it runs."""
    return component.role is not Role.TASK and _service(component).name == "viz"


def _service(component: Component) -> Service:
    return next(each for each in SERVICES.values() if component.name in {each.deployed_name, each.worker})


def _outside(component: Component, value: str) -> str:
    inside = component.mounts[0].path if component.mounts else "/app/state"
    return state(component) + value.removeprefix(inside) if value.startswith(inside) else value
