"""What a swarm says of services that it runs, as facts: the same as those of a stack's file."""

from collections.abc import Iterable, Mapping
from typing import Any

from datalab.deploy.readback.facts import variables

_Told = Mapping[str, Any]
_A_SECOND = 1_000_000_000
_KNOWN = frozenset(
    [
        "Image",
        "Labels",
        "Args",
        "Env",
        "User",
        "Privileges",
        "Init",
        "ReadOnly",
        "Mounts",
        "StopGracePeriod",
        "Healthcheck",
        "DNSConfig",
        "Secrets",
        "Configs",
        "Isolation",
        "CapabilityDrop",
    ]
)


def running_swarm_facts(
    services: Iterable[_Told], networks: Mapping[str, str], stack: str
) -> dict[str, dict[str, Any]]:
    """Facts of ``docker service inspect``, by component; ``networks`` are the networks' names by their ids."""
    prefix = f"{stack}_"
    return {each["Spec"]["Name"].removeprefix(prefix): _facts(each["Spec"], networks, prefix) for each in services}


def _facts(spec: _Told, networks: Mapping[str, str], prefix: str) -> dict[str, Any]:
    template: _Told = spec["TaskTemplate"]
    made: _Told = template["ContainerSpec"]
    joined = (networks.get(each["Target"], each["Target"]) for each in template.get("Networks", ()))
    logging: _Told = template.get("LogDriver") or {}
    policy: _Told = template.get("RestartPolicy") or {}
    placement: _Told = template.get("Placement") or {}
    return {
        "image": made["Image"].partition("@")[0],
        "command": made.get("Args") or [],
        "user": made.get("User"),
        "read-only root": made.get("ReadOnly", False),
        "process that reaps": made.get("Init", False),
        "dropped capabilities": made.get("CapabilityDrop") or [],
        **variables(dict(each.split("=", 1) for each in made.get("Env") or ())),
        "stop grace s": made.get("StopGracePeriod", 0) // _A_SECOND,
        "logs": {"driver": logging.get("Name"), **(logging.get("Options") or {})},
        "health check": _health(made.get("Healthcheck")),
        **_resources(template.get("Resources") or {}),
        "networks": sorted(name.removeprefix(prefix) for name in joined),
        "network mode": None,
        "anything else": sorted(name for name, value in made.items() if value and name not in _KNOWN),
        "secrets": sorted(each["File"]["Name"] for each in made.get("Secrets") or ()),
        "files": sorted(each["File"]["Name"] for each in made.get("Configs") or ()),
        **_mounts(made.get("Mounts") or (), prefix),
        **_reached(spec.get("EndpointSpec") or {}),
        **_mode(spec["Mode"]),
        "restart": policy.get("Condition"),
        "placement": placement.get("Constraints") or [],
        "update": _update(spec.get("UpdateConfig")),
    }


def _health(check: _Told | None) -> dict[str, Any] | None:
    if not check or check.get("Test") == ["NONE"]:
        return None
    return {
        "test": check["Test"],
        "interval s": check.get("Interval", 0) // _A_SECOND,
        "timeout s": check.get("Timeout", 0) // _A_SECOND,
        "retries": check.get("Retries", 0),
        "start s": check.get("StartPeriod", 0) // _A_SECOND,
    }


def _resources(resources: _Told) -> dict[str, Any]:
    limits: _Told = resources.get("Limits") or {}
    reserved: _Told = resources.get("Reservations") or {}
    return {
        "CPU limit": limits.get("NanoCPUs", 0) / _A_SECOND,
        "memory limit": limits.get("MemoryBytes", 0),
        "process limit": limits.get("Pids", 0),
        "CPUs reserved": reserved.get("NanoCPUs", 0) / _A_SECOND,
        "memory reserved": reserved.get("MemoryBytes", 0),
    }


def _mounts(mounts: Iterable[_Told], prefix: str) -> dict[str, Any]:
    in_memory, kept = _split(mounts)
    return {
        "mounts": sorted(
            f"{each['Target']} ← {each['Source'].removeprefix(prefix)}{' (read only)' if each.get('ReadOnly') else ''}"
            for each in kept
        ),
        "in memory": sorted(each["Target"] for each in in_memory),
    }


def _split(mounts: Iterable[_Told]) -> tuple[list[_Told], list[_Told]]:
    told = list(mounts)
    in_memory = [each for each in told if each["Type"] == "tmpfs"]
    return in_memory, [each for each in told if each["Type"] != "tmpfs"]


def _reached(endpoint: _Told) -> dict[str, Any]:
    ports: Iterable[_Told] = endpoint.get("Ports") or ()
    return {
        "ports": sorted(f"{each['PublishedPort']}:{each['TargetPort']} ({each['PublishMode']})" for each in ports),
        "a name for": "every instance" if endpoint.get("Mode") == "dnsrr" else "all at once",
    }


def _mode(mode: _Told) -> dict[str, Any]:
    if "Global" in mode:
        return {"runs": "global", "replicas": 1}
    if "ReplicatedJob" in mode:
        return {"runs": "replicated-job", "replicas": mode["ReplicatedJob"].get("TotalCompletions", 1)}
    return {"runs": "replicated", "replicas": mode["Replicated"]["Replicas"]}


def _update(update: _Told | None) -> dict[str, Any] | None:
    if not update:
        return None
    return {
        "at once": update.get("Parallelism"),
        "delay s": update.get("Delay", 0) // _A_SECOND,
        "order": update.get("Order"),
        "on failure": update.get("FailureAction"),
    }
