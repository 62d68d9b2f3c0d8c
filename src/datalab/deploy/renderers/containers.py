"""What Compose and Swarm write alike of a component: both speak Compose's own language."""

from collections.abc import Mapping
from typing import Any

from datalab.deploy.plan import Plan, Profile, subnet
from datalab.deploy.quantity import cpus, memory
from datalab.deploy.topology.component import Amount, Component, File, HttpProbe, Network, Probe, Role

JsonObject = dict[str, Any]
OWN_USER = "10001:10001"
STORE_USER = "999:999"
"""The account of the servers in PostgreSQL's and Redis' own images."""
LOGGING: JsonObject = {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}


def container(plan: Plan, component: Component) -> JsonObject:
    """The parts that don't depend on who starts it."""
    written: JsonObject = {"image": image(plan, component)}
    if component.command:
        written["command"] = [escaped(part) for part in component.command]
    written |= {
        "user": user(component),
        "init": True,
        "read_only": True,
        "cap_drop": ["ALL"],
        "environment": dict(component.environment),
        "stop_grace_period": f"{component.update.drain_s}s",
        "logging": LOGGING,
    }
    if component.scratch:
        written["tmpfs"] = [in_memory(component, folder) for folder in component.scratch]
    if component.mounts or component.files:
        written["volumes"] = [
            *(f"{mount.volume}:{mount.path}" for mount in component.mounts),
            *(f"{source(file)}:{file.path}:ro" for file in component.files),
        ]
    if component.health:
        written["healthcheck"] = healthcheck(component.health)
    elif component.image.target:
        # A task ends: the check that its image carries is of the service.
        written["healthcheck"] = {"disable": True}
    if component.networks:
        written["networks"] = sorted(network.value for network in component.networks)
    else:
        written["network_mode"] = "none"
    return written


def source(file: File) -> str:
    """A file of the clone, or of the host when its path is whole."""
    return file.source if file.source.startswith("/") else f"./{file.source}"


def image(plan: Plan, component: Component) -> str:
    """The image's name; of our own, registry and tag are the operator's to change."""
    if not component.image.target:
        return component.image.name
    version = component.image.version or f"${{DATALAB_VERSION:-{plan.version}}}"
    return f"${{DATALAB_REGISTRY:-{plan.choices.registry}}}{component.image.name}:{version}"


def user(component: Component) -> str:
    """The account that it runs as; nothing runs as root."""
    if component.user:
        return component.user
    return OWN_USER if component.image.target else STORE_USER


def in_memory(component: Component, folder: str) -> str:
    """A folder in memory that is the component's own: the image's may be root's."""
    number, group = user(component).split(":")
    return f"{folder}:mode=1777,uid={number},gid={group}"


def healthcheck(probe: Probe) -> JsonObject:
    """The engine's own check. HTTP is asked by the images' own Python, since they hold no curl."""
    check = probe.check
    if isinstance(check, HttpProbe):
        command = ["python", "-m", "datalab.host.probe", str(check.port), *_asked(check)]
    else:
        command = [escaped(part) for part in check.command]
    return {
        "test": ["CMD", *command],
        "interval": f"{probe.interval_s}s",
        "timeout": f"{probe.timeout_s}s",
        "retries": probe.retries,
        "start_period": f"{probe.start_s}s",
        "start_interval": "5s",
    }


def _asked(check: HttpProbe) -> list[str]:
    """A path of its own; a service's health is asked without one, until it was ready once as its readiness."""
    return [] if check.path == "/health" else [check.path]


def resources(component: Component) -> JsonObject:
    """Limits and reservations."""
    written: JsonObject = {"limits": {**_amount(component.resources.limit), "pids": 1024}}
    if component.resources.request:
        written["reservations"] = _amount(component.resources.request)
    return written


def networks(plan: Plan) -> JsonObject:
    """The networks that the components use, each with addresses of its own."""
    used = {network for component in plan.components for network in component.networks}
    return {
        network.value: {"ipam": {"config": [{"subnet": subnet(plan.choices, network)}]}}
        for network in Network
        if network in used
    }


def volumes(plan: Plan) -> Mapping[str, JsonObject]:
    """The volumes that the components mount; in a test the stores keep nothing."""
    return {
        mount.volume: {}
        for component in plan.components
        for mount in component.mounts
        if not (plan.profile is Profile.TEST and component.role is Role.STORE)
    }


def ports(component: Component) -> list[str]:
    """Published ports: on loopback, but for the edge's. Several instances can't share one of the host's."""
    if component.replicas.start > 1:
        return []
    return [
        f"{port.address + ':' if port.address else ''}{port.published}:{port.number}"
        for port in component.ports
        if port.published
    ]


def escaped(text: str) -> str:
    """A dollar that the container's own shell shall see, not Compose."""
    return text if text.startswith("${") else text.replace("$", "$$")


def _amount(amount: Amount) -> JsonObject:
    written: JsonObject = {"cpus": cpus(amount.cpus)} if amount.cpus else {}
    return {**written, "memory": memory(amount.memory)}
