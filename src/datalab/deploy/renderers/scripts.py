"""The scripts of a host without containers: one brings a release to run, one starts each of its processes."""

from collections.abc import Mapping
from shlex import quote

from datalab.deploy.gate import GATE
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import (
    HOST,
    LOOPBACK,
    SCALING,
    STARTER,
    STRIDE,
    Host,
    arguments,
    environment,
    instances,
    kept_from,
    ports,
    processes,
    renamed,
    state_folder,
)
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.services import MIGRATE

DEPLOY = "infrastructure/scripts/deploy-direct.sh"
UV = "0.13.9"
NOT_WELL = 3
"""What the script ends with when the release wasn't well."""
ADMIN = "admin"
"""By this name the operator runs any command with what the gateway knows."""


def render_scripts(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """Both scripts."""
    return {DEPLOY: _deploy(plan, host), STARTER: _starter(plan, host)}


def _deploy(plan: Plan, host: Host) -> str:
    """Restarts the gateway last, for all others are behind it."""
    first, *others = plan.with_role(Role.SERVICE)
    folders = {state_folder(component, host).removeprefix(f"{host.state}/") for component in processes(plan)}
    return filled(
        "bare/deploy-direct.sh.j2",
        host=host,
        loopback=LOOPBACK,
        uv=UV,
        starter=STARTER,
        gate=GATE,
        not_well=NOT_WELL,
        scaling=SCALING,
        services=[{"name": each.name, "ports": ports(each, instances(plan, each))} for each in (*others, first)],
        workers=[f"{each.name} {instances(plan, each)}" for each in plan.with_role(Role.WORKER)],
        folders=sorted(folders | {MIGRATE}),
    )


def _starter(plan: Plan, host: Host) -> str:
    counts = {each.name: instances(plan, each) for each in plan.with_role(Role.SERVICE)}
    running = (*processes(plan), plan.component(MIGRATE))
    programs = [_started(plan, component, host, counts) for component in running]
    # The first instance of each is there under systemd too.
    admin = _started(plan, running[0], host, dict.fromkeys(counts, 1))
    programs.append({**admin, "name": ADMIN, "arguments": None})
    return filled("bare/run-datalab.sh.j2", programs=programs, host=host, loopback=LOOPBACK, stride=STRIDE)


def _started(plan: Plan, component: Component, host: Host, counts: Mapping[str, int]) -> dict[str, object]:
    values = environment(plan, component, host, counts)
    # These would be the first instance's in all of them.
    for address in ("PORT", "DATALAB_METRICS_ADDRESS"):
        values.pop(address, None)
    return {
        "name": component.name,
        "environment": {name: quote(value) for name, value in values.items()},
        "renamed": renamed(component),
        "unset": list(kept_from(plan, component)),
        "arguments": arguments(component),
        "port": component.ports[0].number if component.ports else None,
        "serves": component.role is Role.SERVICE,
        "takes_more": component.role is Role.TASK,
    }
