"""What the topology says that the containers of a plan must be."""

from collections.abc import Iterable, Mapping
from typing import Any

from datalab.deploy.plan import Plan, Profile, subnet
from datalab.deploy.readback.facts import ABOUT_ALL, variables
from datalab.deploy.readback.references import resolved
from datalab.deploy.topology.component import (
    Component,
    Condition,
    File,
    HttpProbe,
    Network,
    OnFailure,
    Port,
    Probe,
    Role,
    Secret,
)

_CONDITIONS = {
    Condition.STARTED: "service_started",
    Condition.HEALTHY: "service_healthy",
    Condition.COMPLETED: "service_completed_successfully",
}


def expected_compose(plan: Plan, values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Facts for Compose; ``values`` are the operator's variables."""
    return {ABOUT_ALL: _whole(plan), **{each.name: _compose(plan, each, values) for each in plan.components}}


def expected_swarm(plan: Plan, values: Mapping[str, str], files: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Facts for Swarm; ``files`` are the paths of the rendered files in the clone."""
    read = tuple(files)
    sources = sorted({_object(plan, each) for every in plan.components for each in every.secrets})
    whole = {**_whole(plan), "secrets of the stack": dict.fromkeys(sources, True)}
    return {ABOUT_ALL: whole, **{each.name: _swarm(plan, each, values, read) for each in plan.components}}


def _whole(plan: Plan) -> dict[str, Any]:
    used = {network for component in plan.components for network in component.networks}
    kept = {each.volume for every in plan.components for each in every.mounts if not _forgets(plan, every)}
    return {
        "subnets": {network.value: subnet(plan.choices, network) for network in Network if network in used},
        "volumes": sorted(kept),
    }


def _alike(plan: Plan, component: Component, values: Mapping[str, str]) -> dict[str, Any]:
    own = bool(component.image.target)
    tag = f":{component.image.version or values.get('DATALAB_VERSION') or plan.version}" if own else ""
    registry = (values.get("DATALAB_REGISTRY") or plan.choices.registry) if own else ""
    limit, request = component.resources.limit, component.resources.request
    return {
        "image": f"{registry}{component.image.name}{tag}",
        "command": [resolved(part, values) for part in component.command],
        "user": component.user or ("10001:10001" if own else "999:999"),
        "read-only root": True,
        "process that reaps": True,
        "dropped capabilities": ["ALL"],
        **variables({name: resolved(value, values) for name, value in component.environment.items()}),
        "stop grace s": component.update.drain_s,
        "logs": {"driver": "json-file", "max-size": "10m", "max-file": "3"},
        "health check": _health(component.health),
        "replicas": component.replicas.start,
        "CPU limit": limit.cpus,
        "memory limit": limit.memory,
        "process limit": 1024,
        "CPUs reserved": request.cpus if request else 0,
        "memory reserved": request.memory if request else 0,
        "networks": sorted(network.value for network in component.networks),
        "network mode": None,
        "anything else": [],
    }


def _compose(plan: Plan, component: Component, values: Mapping[str, str]) -> dict[str, Any]:
    facts = _alike(plan, component, values)
    mounts = {f"{mount.path} ← {mount.volume}" for mount in component.mounts if not _forgets(plan, component)}
    forgotten = {mount.path for mount in component.mounts if _forgets(plan, component)}
    return {
        **facts,
        **variables({secret.variable: values.get(secret.source, "") for secret in component.secrets}),
        "network mode": None if component.networks else "none",
        "privileges": ["no-new-privileges:true"],
        "mounts": sorted(mounts | {f"{file.path} ← {file.source} (read only)" for file in component.files}),
        "in memory": sorted({*component.scratch, *forgotten}),
        "waits for": {need.component: _CONDITIONS[need.condition] for need in component.needs},
        "ports": sorted(_ports(component)),
        "restart": "on-failure:3" if component.role is Role.TASK else "unless-stopped",
        "built from": component.image.target,
    }


def _swarm(plan: Plan, component: Component, values: Mapping[str, str], read: tuple[str, ...]) -> dict[str, Any]:
    facts = _alike(plan, component, values)
    secrets = {each.file_variable: f"/run/secrets/{_object(plan, each)}" for each in component.secrets}
    given = {file.path: file.source for file in component.files if not any(_targets(file, read))}
    return {
        **facts,
        **variables(secrets),
        "secrets": sorted({_object(plan, secret) for secret in component.secrets}),
        "files": sorted(target for file in component.files for target in _targets(file, read)),
        "mounts": sorted(
            [
                *(f"{mount.path} ← {mount.volume}" for mount in component.mounts),
                *(f"{path} ← {source} (read only)" for path, source in given.items()),
            ]
        ),
        "in memory": sorted(component.scratch),
        "ports": sorted(f"{port.published}:{port.number} (host)" for port in _edge_ports(component)),
        "runs": "global" if component.each_host else "replicated-job" if component.role is Role.TASK else "replicated",
        "a name for": "every instance",
        "restart": "on-failure" if component.role is Role.TASK else "any",
        "placement": ["node.labels.datalab.volumes == true"]
        if (component.mounts or given) and not component.each_host
        else [],
        "update": None if component.role is Role.TASK else _update(component),
    }


def _edge_ports(component: Component) -> tuple[Port, ...]:
    return component.ports if component.role is Role.EDGE else ()


def _object(plan: Plan, secret: Secret) -> str:
    """A secret's name in the swarm; what some read as JSON is another one."""
    return f"{plan.project}_{secret.source.lower()}{'_json' if secret.file_key else ''}"


def _targets(file: File, read: tuple[str, ...]) -> Iterable[str]:
    yield from (file.path for path in read if path == file.source)
    yield from (file.path + path.removeprefix(file.source) for path in read if path.startswith(f"{file.source}/"))


def _update(component: Component) -> dict[str, Any]:
    update = component.update
    return {
        "at once": update.parallelism,
        "delay s": update.delay_s,
        "order": "start-first" if update.new_first else "stop-first",
        "on failure": "rollback" if update.on_failure is OnFailure.ROLL_BACK else "pause",
    }


def _health(probe: Probe | None) -> dict[str, Any] | None:
    if probe is None:
        return None
    check = probe.check
    asked = _probe(check) if isinstance(check, HttpProbe) else check.command
    return {
        "test": ["CMD", *asked],
        "interval s": probe.interval_s,
        "timeout s": probe.timeout_s,
        "retries": probe.retries,
        "start s": probe.start_s,
    }


def _probe(check: HttpProbe) -> tuple[str, ...]:
    path = () if check.path == "/health" else (check.path,)
    return ("python", "-m", "datalab.host.probe", str(check.port), *path)


def _ports(component: Component) -> list[str]:
    if component.replicas.start > 1:
        return []
    return [
        f"{port.address + ':' if port.address else ''}{port.published}:{port.number}"
        for port in component.ports
        if port.published
    ]


def _forgets(plan: Plan, component: Component) -> bool:
    return plan.profile is Profile.TEST and component.role is Role.STORE
