"""Docker Swarm: one stack file. Secrets and files are objects that the swarm keeps; updates roll back by themselves."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.containers import (
    JsonObject,
    container,
    networks,
    resources,
    volumes,
)
from datalab.deploy.topology.component import Component, File, OnFailure, Role, Secret, Update
from datalab.deploy.yaml_text import to_yaml

STACK = "docker-stack.yml"
SECRETS_FOLDER = "/run/secrets"
VOLUMES_LABEL = "datalab.volumes"
"""A volume is of one node: who mounts it stays where this label is true, until it is kept on shared storage."""
MONITOR_S = 10
"""How long a new instance must not fail after it became ready."""
_LONGEST_NAME = 64


class _Config(NamedTuple):
    name: str
    source: str
    path: str


def render_swarm(plan: Plan, files: Mapping[str, str]) -> dict[str, str]:
    """The stack; ``files`` are the rendered ones that components read, by their paths in the clone."""
    return {STACK: to_yaml(_stack(plan, files))}


def secret_object(plan: Plan, secret: Secret) -> str:
    """The name of a secret in the swarm, and of its file."""
    return f"{plan.project}_{secret.source.lower()}{'_json' if secret.file_key else ''}"


def _stack(plan: Plan, files: Mapping[str, str]) -> JsonObject:
    secrets = sorted({secret_object(plan, secret) for component in plan.components for secret in component.secrets})
    configs = [config for component in plan.components for config in _configs(plan, component, files)]
    return {
        "version": "3.12",
        "services": {component.name: _service(plan, component, files) for component in plan.components},
        "networks": {name: {**network, "driver": "overlay"} for name, network in networks(plan).items()},
        "volumes": dict(volumes(plan)),
        "secrets": {name: {"external": True} for name in secrets},
        "configs": {config.name: {"file": f"./{config.source}"} for config in configs},
    }


def _service(plan: Plan, component: Component, files: Mapping[str, str]) -> JsonObject:
    written = container(plan, component)
    for key in ("network_mode", "tmpfs", "volumes"):
        written.pop(key, None)
    written["environment"] |= {
        secret.file_variable: f"{SECRETS_FOLDER}/{secret_object(plan, secret)}" for secret in component.secrets
    }
    if component.secrets:
        written["secrets"] = sorted({secret_object(plan, secret) for secret in component.secrets})
    if configs := _configs(plan, component, files):
        written["configs"] = [{"source": config.name, "target": config.path} for config in configs]
    given = _of_the_host(component, files)
    if mounted := [
        *({"type": "volume", "source": mount.volume, "target": mount.path} for mount in component.mounts),
        *({"type": "bind", "source": file.source, "target": file.path, "read_only": True} for file in given),
        *({"type": "tmpfs", "target": folder} for folder in component.scratch),
    ]:
        written["volumes"] = mounted
    if published := _published(component):
        written["ports"] = published
    return {**written, "deploy": _deploy(component, given)}


def _configs(plan: Plan, component: Component, files: Mapping[str, str]) -> list[_Config]:
    """Every file that the component reads. Its name tells its content: what the swarm keeps can't be changed."""
    return [
        _Config(_named(plan, path, text), path, file.path + path.removeprefix(file.source))
        for file in component.files
        for path, text in _within(file.source, files)
    ]


def _of_the_host(component: Component, files: Mapping[str, str]) -> list[File]:
    """What the component reads that isn't rendered: it must be on every node that may run it."""
    return [file for file in component.files if not any(_within(file.source, files))]


def _within(source: str, files: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((path, text) for path, text in files.items() if path == source or path.startswith(f"{source}/"))


def _named(plan: Plan, path: str, text: str) -> str:
    """A name that fits behind the stack's, which the swarm sets before it."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    name = f"{path.removeprefix('infrastructure/').replace('/', '_').replace('.', '_')}_{digest}"
    return name[len(plan.project) + 1 - _LONGEST_NAME :]


def _published(component: Component) -> list[JsonObject]:
    """Only what is public: the swarm can't bind to loopback, so what isn't for the world stays inside.

    On the node's own port, past the swarm's mesh: behind that all clients have the node's address, and what is limited
    by address would be limited for all together.
    """
    return [
        {"target": port.number, "published": port.published, "protocol": "tcp", "mode": "host"}
        for port in component.ports
        if component.role is Role.EDGE
    ]


def _deploy(component: Component, given: list[File]) -> JsonObject:
    written: JsonObject = {
        **_mode(component),
        "endpoint_mode": "dnsrr",
        "resources": resources(component),
        "restart_policy": _restart(component),
    }
    if component.role is not Role.TASK:
        written["update_config"] = _update(component.update)
        written["rollback_config"] = {**_update(component.update), "failure_action": "pause"}
    if (component.mounts or given) and not component.each_host:
        written["placement"] = {"constraints": [f"node.labels.{VOLUMES_LABEL} == true"]}
    return written


def _mode(component: Component) -> JsonObject:
    """A task runs once and ends."""
    if component.each_host:
        return {"mode": "global"}
    if component.role is Role.TASK:
        return {"mode": "replicated-job", "replicas": 1}
    return {"mode": "replicated", "replicas": component.replicas.start}


def _update(update: Update) -> JsonObject:
    return {
        "parallelism": update.parallelism,
        "delay": f"{update.delay_s}s",
        "order": "start-first" if update.new_first else "stop-first",
        "failure_action": "rollback" if update.on_failure is OnFailure.ROLL_BACK else "pause",
        "monitor": f"{MONITOR_S}s",
        "max_failure_ratio": 0,
    }


def _restart(component: Component) -> JsonObject:
    if component.role is Role.TASK:
        return {"condition": "on-failure", "delay": "5s", "max_attempts": 10}
    return {"condition": "any", "delay": "5s"}
