"""What Docker's own readers say of a Compose file and of a stack, as facts."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from datalab.deploy.readback.facts import ABOUT_ALL, variables

JsonObject = dict[str, Any]
_KNOWN = frozenset(
    [
        "image",
        "command",
        "entrypoint",
        "user",
        "read_only",
        "init",
        "cap_drop",
        "environment",
        "stop_grace_period",
        "logging",
        "healthcheck",
        "networks",
        "network_mode",
        "security_opt",
        "volumes",
        "tmpfs",
        "depends_on",
        "ports",
        "restart",
        "build",
        "deploy",
        "secrets",
        "configs",
    ]
)
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?$")


def compose_facts(document: Mapping[str, Any], folder: Path) -> dict[str, JsonObject]:
    """Facts of ``docker compose config --format json``; ``folder`` is the clone."""
    services = {name: _compose(service, folder) for name, service in document["services"].items()}
    return {ABOUT_ALL: _whole(document), **services}


def swarm_facts(document: Mapping[str, Any]) -> dict[str, JsonObject]:
    """Facts of ``docker stack config``."""
    secrets = {name: bool(value.get("external")) for name, value in document.get("secrets", {}).items()}
    services = {name: _swarm(service) for name, service in document["services"].items()}
    return {ABOUT_ALL: {**_whole(document), "secrets of the stack": secrets}, **services}


def _whole(document: Mapping[str, Any]) -> JsonObject:
    networks = document.get("networks", {})
    return {
        "subnets": {name: _subnet(network) for name, network in networks.items() if name != "default"},
        "volumes": sorted(document.get("volumes", {})),
    }


def _subnet(network: Mapping[str, Any]) -> str:
    return ", ".join(each["subnet"] for each in network.get("ipam", {}).get("config", []))


def _alike(service: Mapping[str, Any]) -> JsonObject:
    deploy = service.get("deploy", {})
    resources = deploy.get("resources", {})
    limits, reserved = resources.get("limits", {}), resources.get("reservations", {})
    logging = service.get("logging", {})
    return {
        "image": service.get("image"),
        "command": _plain_parts(service.get("command")),
        "user": service.get("user"),
        "read-only root": service.get("read_only", False),
        "process that reaps": service.get("init", False),
        "dropped capabilities": service.get("cap_drop", []),
        **variables({name: _plain(value or "") for name, value in service.get("environment", {}).items()}),
        "stop grace s": _seconds(service.get("stop_grace_period", "10s")),
        "logs": {"driver": logging.get("driver"), **logging.get("options", {})},
        "health check": _health(service.get("healthcheck")),
        "replicas": deploy.get("replicas", 1),
        "CPU limit": float(limits.get("cpus", 0)),
        "memory limit": int(limits.get("memory", 0)),
        "process limit": limits.get("pids", 0),
        "CPUs reserved": float(reserved.get("cpus", 0)),
        "memory reserved": int(reserved.get("memory", 0)),
        "networks": sorted(service.get("networks") or {}),
        "network mode": service.get("network_mode"),
        "anything else": sorted(set(service) - _KNOWN) + (["entrypoint"] if service.get("entrypoint") else []),
    }


def _compose(service: Mapping[str, Any], folder: Path) -> JsonObject:
    return {
        **_alike(service),
        "privileges": service.get("security_opt", []),
        "mounts": sorted(_mount(each, folder) for each in service.get("volumes", [])),
        "in memory": sorted(each.split(":")[0] for each in service.get("tmpfs", [])),
        "waits for": {name: need["condition"] for name, need in service.get("depends_on", {}).items()},
        "ports": sorted(_port(port) for port in service.get("ports", [])),
        "restart": service.get("restart"),
        "built from": service.get("build", {}).get("target"),
    }


def _swarm(service: Mapping[str, Any]) -> JsonObject:
    deploy = service.get("deploy", {})
    mounts = service.get("volumes", [])
    return {
        **_alike(service),
        "secrets": sorted(secret["source"] for secret in service.get("secrets", [])),
        "files": sorted(each["target"] for each in service.get("configs", [])),
        "mounts": sorted(_mount(each, Path()) for each in mounts if each["type"] != "tmpfs"),
        "in memory": sorted(each["target"] for each in mounts if each["type"] == "tmpfs"),
        "ports": sorted(f"{_port(port)} ({port.get('mode', 'ingress')})" for port in service.get("ports", [])),
        "runs": deploy.get("mode", "replicated"),
        "a name for": "every instance" if deploy.get("endpoint_mode") == "dnsrr" else "all at once",
        "restart": deploy.get("restart_policy", {}).get("condition"),
        "placement": deploy.get("placement", {}).get("constraints", []),
        "update": _update(deploy.get("update_config")),
    }


def _update(update: Mapping[str, Any] | None) -> JsonObject | None:
    if update is None:
        return None
    return {
        "at once": update.get("parallelism"),
        "delay s": _seconds(update.get("delay", "0s")),
        "order": update.get("order"),
        "on failure": update.get("failure_action"),
    }


def _health(check: Mapping[str, Any] | None) -> JsonObject | None:
    if check is None or check.get("disable"):
        return None
    return {
        "test": _plain_parts(check["test"]),
        "interval s": _seconds(check.get("interval", "30s")),
        "timeout s": _seconds(check.get("timeout", "30s")),
        "retries": check.get("retries", 3),
        "start s": _seconds(check.get("start_period", "0s")),
    }


def _mount(mount: Mapping[str, Any], folder: Path) -> str:
    source = str(mount.get("source", ""))
    if mount["type"] == "bind" and Path(source).is_relative_to(folder):
        source = str(Path(source).relative_to(folder))
    return f"{mount['target']} ← {source}{' (read only)' if mount.get('read_only') else ''}"


def _port(port: Mapping[str, Any]) -> str:
    address = f"{port['host_ip']}:" if port.get("host_ip") else ""
    return f"{address}{port.get('published', '')}:{port['target']}"


def _plain(text: str) -> str:
    return str(text).replace("$$", "$")


def _plain_parts(parts: Sequence[str] | None) -> list[str]:
    return [_plain(part) for part in parts or ()]


def _seconds(text: str) -> int:
    match = _DURATION.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no duration in whole seconds")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds
