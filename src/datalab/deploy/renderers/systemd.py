"""systemd: a unit for each service and worker, sockets that stay while services are restarted, a target for all."""

from collections.abc import Mapping
from typing import Any

from datalab.deploy.plan import Plan
from datalab.deploy.quantity import memory
from datalab.deploy.renderers.bare_host import (
    HOST,
    LOOPBACK,
    Host,
    arguments,
    environment,
    kept_from,
    processes,
    renamed,
    service_of,
    state_folder,
)
from datalab.deploy.renderers.logs import Log, log_of
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import GIB, Component, Role
from datalab.deploy.topology.services import MIGRATE

FOLDER = "infrastructure/systemd"
TARGET = "datalab.target"
_ROTATION = "datalab-logrotate"
_LEAST_MEMORY = 2 * GIB
"""A unit is several workers, where a container is one."""
_JUST_IN_TIME = {"viz"}


def render_systemd(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """Every unit, and how their logs are kept small."""
    services = plan.with_role(Role.SERVICE)
    running = processes(plan)
    units = {unit(each): _service(plan, each, host) for each in running}
    units[unit(plan.component(MIGRATE))] = _migration(plan, host)
    units |= {socket(each): _socket(each) for each in services}
    units |= {
        f"{_ROTATION}.service": filled("bare/logrotate.service.j2", host=host),
        f"{_ROTATION}.timer": filled("bare/logrotate.timer.j2"),
    }
    wanted = sorted(set(units) - {f"{_ROTATION}.service"})
    units[TARGET] = filled("bare/target.j2", units=wanted)
    logs = [*map(log_of, running), Log(MIGRATE, 10, 5)]
    units["logrotate.conf"] = filled("bare/logrotate.conf.j2", logs=logs, host=host)
    return {f"{FOLDER}/{name}": text for name, text in units.items()}


def unit(component: Component) -> str:
    """The unit that runs it."""
    return f"datalab-{component.name}.service"


def socket(component: Component) -> str:
    """The unit that listens for it."""
    return f"datalab-{component.name}.socket"


def _service(plan: Plan, component: Component, host: Host) -> str:
    serves = component.role is Role.SERVICE
    address = ["--host", LOOPBACK, "--port", str(component.ports[0].number)] if serves else []
    return filled(
        "bare/service.j2",
        **_process(plan, component, host),
        socket=socket(component) if serves else None,
        command=[host.program, *arguments(component), *address],
        renamed=renamed(component),
        reloads=serves,
        stop_s=component.update.drain_s,
        folder=state_folder(component, host),
        just_in_time=service_of(component).name in _JUST_IN_TIME,
    )


def _migration(plan: Plan, host: Host) -> str:
    component = plan.component(MIGRATE)
    return filled(
        "bare/migrate.j2",
        **_process(plan, component, host),
        command=[host.program, *arguments(component)],
        folder=f"{host.state}/{MIGRATE}",
        just_in_time=False,
    )


def _process(plan: Plan, component: Component, host: Host) -> dict[str, Any]:
    one_of_each: Mapping[str, int] = dict.fromkeys((each.name for each in plan.with_role(Role.SERVICE)), 1)
    values = environment(plan, component, host, one_of_each)
    limit = component.resources.limit
    return {
        "name": component.name,
        "host": host,
        "environment": {name: _quoted(value) for name, value in values.items()},
        "unset": kept_from(plan, component),
        "memory": memory(max(limit.memory, _LEAST_MEMORY)),
        "cpu_quota": f"{round(limit.cpus * 100)}%",
    }


def _socket(component: Component) -> str:
    return filled("bare/socket.j2", name=component.name, address=f"{LOOPBACK}:{component.ports[0].number}")


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
