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
from datalab.deploy.topology.component import Component, OnFailure, Role, Update
from datalab.deploy.yaml_text import to_yaml

STACK = "docker-stack.yml"
SECRETS_FOLDER = "/run/secrets"
VOLUMES_LABEL = "node.labels.datalab.volumes == true"
"""A volume is of one node: who mounts it stays there, until it is kept on shared storage."""


class _Config(NamedTuple):
    name: str
    source: str
    path: str


def render_swarm(plan: Plan, files: Mapping[str, str]) -> dict[str, str]:
    """The stack; ``files`` are the rendered ones that components read, by their paths in the clone."""
    return {STACK: to_yaml(_stack(plan, files))}


def secret_object(source: str) -> str:
    """The name of a secret in the swarm."""
    return f"datalab_{source.lower()}"


def _stack(plan: Plan, files: Mapping[str, str]) -> JsonObject:
    sources = sorted({secret.source for component in plan.components for secret in component.secrets})
    configs = [config for component in plan.components for config in _configs(component, files)]
    return {
        "version": "3.12",
        "services": {component.name: _service(plan, component, files) for component in plan.components},
        "networks": {name: {**network, "driver": "overlay"} for name, network in networks(plan).items()},
        "volumes": dict(volumes(plan)),
        "secrets": {secret_object(source): {"external": True} for source in sources},
        "configs": {config.name: {"file": f"./{config.source}"} for config in configs},
    }


def _service(plan: Plan, component: Component, files: Mapping[str, str]) -> JsonObject:
    written = container(plan, component)
    for key in ("network_mode", "tmpfs", "volumes"):
        written.pop(key, None)
    written["environment"] |= {
        secret.file_variable: f"{SECRETS_FOLDER}/{secret_object(secret.source)}" for secret in component.secrets
    }
    if component.secrets:
        written["secrets"] = sorted({secret_object(secret.source) for secret in component.secrets})
    if configs := _configs(component, files):
        written["configs"] = [{"source": config.name, "target": config.path} for config in configs]
    if mounted := [
        *({"type": "volume", "source": mount.volume, "target": mount.path} for mount in component.mounts),
        *({"type": "tmpfs", "target": folder} for folder in component.scratch),
    ]:
        written["volumes"] = mounted
    if published := _published(component):
        written["ports"] = published
    return {**written, "deploy": _deploy(component)}


def _configs(component: Component, files: Mapping[str, str]) -> list[_Config]:
    """Every file that the component reads. Its name tells its content: what the swarm keeps can't be changed."""
    return [
        _Config(_named(path, text), path, file.path + path.removeprefix(file.source))
        for file in component.files
        for path, text in _within(file.source, files)
    ]


def _within(source: str, files: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((path, text) for path, text in files.items() if path == source or path.startswith(f"{source}/"))


def _named(path: str, text: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{path.removeprefix('infrastructure/').replace('/', '_').replace('.', '_')}_{digest}"[-64:]


def _published(component: Component) -> list[JsonObject]:
    """Only what is public: the swarm can't bind to loopback, so what isn't for the world stays inside."""
    return [
        {"target": port.number, "published": port.published, "protocol": "tcp", "mode": "ingress"}
        for port in component.ports
        if component.role is Role.EDGE
    ]


def _deploy(component: Component) -> JsonObject:
    written: JsonObject = {
        "mode": "replicated",
        **({} if component.role is Role.EDGE else {"endpoint_mode": "dnsrr"}),
        "replicas": component.replicas.start,
        "resources": resources(component),
        "update_config": _update(component.update),
        "rollback_config": {**_update(component.update), "failure_action": "pause"},
        "restart_policy": _restart(component),
    }
    if component.mounts:
        written["placement"] = {"constraints": [VOLUMES_LABEL]}
    return written


def _update(update: Update) -> JsonObject:
    return {
        "parallelism": update.parallelism,
        "delay": f"{update.delay_s}s",
        "order": "start-first" if update.new_first else "stop-first",
        "failure_action": "rollback" if update.on_failure is OnFailure.ROLL_BACK else "pause",
        "monitor": "30s",
        "max_failure_ratio": 0,
    }


def _restart(component: Component) -> JsonObject:
    if component.role is Role.TASK:
        return {"condition": "on-failure", "delay": "5s", "max_attempts": 10}
    return {"condition": "any", "delay": "5s"}
