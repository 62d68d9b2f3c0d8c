"""What systemd and supervisor write alike: our own processes on a host without containers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from datalab.catalog import SERVICES, Service
from datalab.deploy.plan import Plan
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.services import MIGRATE
from datalab.deploy.topology.sizes import NUMBERS

STRIDE = 10
"""From the port of one instance to the next one's: 8000, 8010."""
LOOPBACK = "127.0.0.1"
STARTER = "infrastructure/scripts/run-datalab.sh"
"""What starts a process with its own variables and secrets."""
SCALING = "scaled"
"""By this name a unit's drop-in says how many processes it has until the next release."""
PREVIOUS_SECRET = "JWT_SECRET_PREVIOUS"  # noqa: S105 - its name
_REFERENCE = re.compile(r"^\$\{(\w+):-(.*)\}$")
_IN_PAIRS = 2


@dataclass(frozen=True, slots=True)
class Host:
    """Where things lie, and as whom they run."""

    root: str = "/opt/datalab"
    state: str = "/var/lib/datalab"
    logs: str = "/var/log/datalab"
    user: str = "datalab"
    programs: str = "/etc/supervisor/conf.d"
    """Where supervisor looks for programs."""
    units: str = "/etc/systemd/system"
    """Where systemd looks for units."""

    @property
    def variables(self) -> str:
        """The file with the operator's variables and secrets."""
        return f"{self.root}/.env"

    @property
    def certificates(self) -> str:
        """The folder with ``fullchain.pem`` and ``privkey.pem``, unless the operator has one."""
        return f"{self.root}/tls"

    @property
    def program(self) -> str:
        """The command of the release that is current."""
        return f"{self.root}/current/venv/bin/datalab"


HOST = Host()


def processes(plan: Plan) -> tuple[Component, ...]:
    """What goes on running: services, then workers."""
    return (*plan.with_role(Role.SERVICE), *plan.with_role(Role.WORKER))


def service_of(component: Component) -> Service:
    """The service that it is, or works for."""
    return next(each for each in SERVICES.values() if component.name in (each.deployed_name, each.worker))


def instances(plan: Plan, component: Component) -> int:
    """How many run where nothing holds a service's socket.

    Two, unless chosen otherwise: one answers while the other is restarted.
    """
    return plan.choices.replicas.get(component.name, min(component.replicas.start, _IN_PAIRS))


def ports(component: Component, number: int) -> tuple[int, ...]:
    """Where ``number`` instances listen."""
    return tuple(component.ports[0].number + STRIDE * each for each in range(number))


def urls(component: Component, number: int) -> str:
    """How others reach ``number`` instances."""
    return ",".join(f"http://{LOOPBACK}:{port}" for port in ports(component, number))


def arguments(component: Component) -> tuple[str, ...]:
    """What the command is told, but for the address to listen on."""
    words = component.command[1:]
    return words[: words.index("--host")] if "--host" in words else words


def state_folder(component: Component, host: Host) -> str:
    """The one folder that it may write; a worker shares its service's."""
    mounted = component.mounts[0].volume if component.mounts else service_of(component).name
    return f"{host.state}/{mounted}"


def environment(plan: Plan, component: Component, host: Host, counts: Mapping[str, int]) -> dict[str, str]:
    """Its variables, none of them secret. ``counts``: instances of each service that others shall call."""
    values = {name: _settled(name, value) for name, value in component.environment.items()}
    values |= {
        "POSTGRES_HOST": plan.choices.database.host or LOOPBACK,
        "POSTGRES_PORT": str(plan.choices.database.port),
    }
    if component.name == MIGRATE:
        return values
    inside = component.mounts[0].path if component.mounts else "/app/state"
    folder = state_folder(component, host)
    values = {
        name: value.replace(inside, folder) if value.startswith(inside) else value for name, value in values.items()
    }
    for other in plan.with_role(Role.SERVICE):
        values[f"{service_of(other).name.upper()}_SERVICE_URL"] = urls(other, counts[other.name])
    values |= {"REDIS_URL": f"redis://{LOOPBACK}:6379/0", "FORWARDED_ALLOW_IPS": LOOPBACK}
    if component.role is Role.WORKER:
        values["DATALAB_METRICS_ADDRESS"] = f"{LOOPBACK}:{component.ports[0].number}"
    else:
        # A process with a single worker ends at SIGHUP instead of reloading.
        values["WORKER_PROCESSES"] = str(NUMBERS[service_of(component).name].processes)
    return values


def renamed(component: Component) -> Mapping[str, str]:
    """Secrets that it knows by another name than the operator: the operator's by its own."""
    return {secret.variable: secret.source for secret in component.secrets if secret.variable != secret.source}


def kept_from(plan: Plan, component: Component) -> tuple[str, ...]:
    """The operator's secrets that are others', sorted: none of them reaches its environment."""
    every = {secret.source for each in plan.components for secret in each.secrets} | {PREVIOUS_SECRET}
    own = {secret.source for secret in component.secrets}
    if "JWT_SECRET" in own:
        own.add(PREVIOUS_SECRET)
    return tuple(sorted(every - own))


def _settled(name: str, value: str) -> str:
    """A reference's default: what the operator's file says of the same name comes after it and wins.

    Raises:
        ValueError: It refers to a variable of another name, which no process would be given.
    """
    reference = _REFERENCE.match(value)
    if reference is None:
        return value
    if reference[1] != name:
        raise ValueError(f"{name} refers to {reference[1]}, which a process on a bare host isn't given")
    return reference[2]
