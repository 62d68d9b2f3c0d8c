"""A deployment decided in all its parts: the topology with a profile and the operator's choices applied."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.metadata import version

from datalab.contracts.errors import InvalidInput
from datalab.deploy.choices import Choices, Edge, InvalidChoices, Monitoring
from datalab.deploy.storing import storing
from datalab.deploy.topology.component import Component, File, Network, Port, Replicas, Role
from datalab.deploy.topology.edge import TLS
from datalab.deploy.topology.monitoring import LOG_SHIPPER_NAME
from datalab.deploy.topology.object_store import NAME as OBJECT_STORE
from datalab.deploy.topology.platform import check_whole, topology


class Profile(StrEnum):
    """What a deployment is for."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a renderer turns into files."""

    profile: Profile
    choices: Choices
    version: str
    components: tuple[Component, ...]

    @property
    def project(self) -> str:
        """The name under which an engine knows the deployment."""
        return self.choices.name + ("" if self.profile is Profile.PRODUCTION else f"-{self.profile}")

    def component(self, name: str) -> Component:
        """One of them.

        Raises:
            KeyError: It isn't part of this deployment.
        """
        return {each.name: each for each in self.components}[name]

    def has(self, name: str) -> bool:
        """Whether it is part of this deployment."""
        return any(component.name == name for component in self.components)

    def check_number(self, name: str, number: int) -> None:
        """See that a component may run so many times. Raises InvalidInput."""
        if not self.has(name) or self.component(name).replicas.maximum < number:
            raise InvalidInput(f"{name} can't run {number} times in this plan")

    def with_role(self, *roles: Role) -> tuple[Component, ...]:
        """The components of some roles."""
        return tuple(component for component in self.components if component.role in roles)


def plan(profile: Profile, choices: Choices | None = None) -> Plan:
    """Decide a deployment.

    Raises:
        InvalidChoices: The choices name a component that isn't there, or more instances than it may have.
    """
    chosen = choices or Choices()
    components = tuple(_decided(topology(chosen.size), profile, chosen))
    check_whole(components)
    _check_replicas(components, chosen)
    _check_ports(components, chosen)
    return Plan(profile, chosen, chosen.version or version("datalab-stack"), components)


def _decided(components: Iterable[Component], profile: Profile, choices: Choices) -> Iterable[Component]:
    left_out = set(_left_out(profile, choices))
    for component in components:
        if not component.switched_on or component.role in left_out or component.name in left_out:
            continue
        needs = tuple(need for need in component.needs if need.component not in left_out)
        yield _chosen(replace(component, needs=needs), profile, choices)


def _left_out(profile: Profile, choices: Choices) -> Iterable[str]:
    if profile in {Profile.DEVELOPMENT, Profile.TEST}:
        yield from (Role.EDGE, Role.MONITORING, "certificates")
    if not choices.monitoring.enabled:
        yield Role.MONITORING
    if choices.database.host:
        yield from ("postgres", "postgres-exporter")
    if choices.edge.certificate_folder:
        yield "certificates"
    if not choices.object_store.own:
        yield OBJECT_STORE
    if choices.logs.loki is None:
        yield LOG_SHIPPER_NAME


def _chosen(component: Component, profile: Profile, choices: Choices) -> Component:
    changed = replace(component, replicas=_replicas(component, profile, choices))
    if component.role in {Role.SERVICE, Role.WORKER}:
        changed = replace(changed, environment={**component.environment, **_environment(profile, choices)})
    if component.name in {"pgbouncer", "migrate"} and choices.database.host:
        changed = replace(changed, environment={**component.environment, **_elsewhere(choices)})
    if TLS in component.mounts and choices.edge.certificate_folder:
        given = File(choices.edge.certificate_folder, TLS.path)
        changed = replace(changed, mounts=(), files=(*component.files, given))
    if component.name in choices.ports and component.role is not Role.EDGE:
        at = choices.ports[component.name] or None
        changed = replace(changed, ports=(replace(component.ports[0], published=at), *component.ports[1:]))
    if component.role is Role.EDGE:
        changed = replace(changed, ports=_published(component, choices.edge))
    if component.name == "pgbouncer":
        changed = replace(
            changed, environment={**changed.environment, "PGBOUNCER_POOL_SIZE": str(choices.database.pool_size)}
        )
    return _watching(storing(changed, choices.object_store), choices.monitoring)


def _published(component: Component, chosen: Edge) -> tuple[Port, ...]:
    ports = {"http": chosen.http_port, "https": chosen.https_port}
    return tuple(
        replace(port, published=ports.get(port.name, port.published), address=chosen.address)
        for port in component.ports
    )


def _watching(component: Component, chosen: Monitoring) -> Component:
    if component.name == "prometheus":
        kept = f"--storage.tsdb.retention.time={chosen.retention_days}d"
        return replace(component, command=(*component.command, kept))
    if component.name == "alertmanager":
        secrets = (path for path in (chosen.pagerduty_key_file, chosen.slack_url_file) if path)
        return replace(component, files=(*component.files, *(File(path, path) for path in secrets)))
    return component


def _replicas(component: Component, profile: Profile, choices: Choices) -> Replicas:
    usual = component.replicas.start if profile is Profile.PRODUCTION else min(component.replicas.start, 1)
    start = choices.replicas.get(component.name, usual)
    return Replicas(start, min(start, component.replicas.minimum), max(start, component.replicas.maximum))


def _environment(profile: Profile, choices: Choices) -> dict[str, str]:
    return {"ENVIRONMENT": profile.value, "FORWARDED_ALLOW_IPS": subnet(choices, Network.EDGE), **choices.environment}


def _elsewhere(choices: Choices) -> dict[str, str]:
    return {"POSTGRES_HOST": choices.database.host or "", "POSTGRES_PORT": str(choices.database.port)}


def subnet(choices: Choices, network: Network) -> str:
    """The addresses of one of the networks."""
    first = choices.subnet.split(".0.0/")[0]
    return f"{first}.{list(Network).index(network)}.0/24"


def _check_ports(components: Iterable[Component], choices: Choices) -> None:
    known = {component.name for component in components if component.ports and component.role is not Role.EDGE}
    for name in choices.ports:
        if name not in known:
            raise InvalidChoices(f"ports.{name}: no such component with a port; there are {', '.join(sorted(known))}")


def _check_replicas(components: Iterable[Component], choices: Choices) -> None:
    known = {component.name: component for component in components}
    for name, number in choices.replicas.items():
        if name not in known:
            raise InvalidChoices(f"replicas.{name}: no such component; there are {', '.join(sorted(known))}")
        if number > 1 and known[name].role in {Role.STORE, Role.TASK, Role.MONITORING} and name != "pgbouncer":
            raise InvalidChoices(f"replicas.{name}: it runs once; two would write the same files")
