"""supervisor: a program for each service and worker, in one group; services twice, so that one of them answers."""

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import (
    HOST,
    LOOPBACK,
    STRIDE,
    Host,
    arguments,
    environment,
    instances,
    kept_from,
    processes,
    renamed,
    state_folder,
)
from datalab.deploy.renderers.logs import log_of
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.services import MIGRATE

FOLDER = "infrastructure/supervisor"
CONFIGURATION = f"{FOLDER}/datalab.conf"
STARTER = f"{FOLDER}/run-datalab.sh"


def render_supervisor(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """The programs, and the script that starts them: variables stand there, for a changed program restarts at once."""
    running = processes(plan)
    started = [_started(plan, component, host) for component in (*running, plan.component(MIGRATE))]
    programs = [_program(plan, component, host) for component in running]
    return {
        CONFIGURATION: filled("bare/supervisor.conf.j2", programs=programs, host=host, starter=STARTER),
        STARTER: filled("bare/run-datalab.sh.j2", programs=started, host=host, loopback=LOOPBACK, stride=STRIDE),
    }


def _program(plan: Plan, component: Component, host: Host) -> dict[str, object]:
    return {
        "name": component.name,
        "instances": instances(plan, component),
        "folder": state_folder(component, host),
        "stop_s": component.update.drain_s,
        "log": log_of(component),
    }


def _started(plan: Plan, component: Component, host: Host) -> dict[str, object]:
    counts = {each.name: instances(plan, each) for each in plan.with_role(Role.SERVICE)}
    values = environment(plan, component, host, counts)
    # PORT would be the first instance's in all of them.
    values.pop("PORT", None)
    return {
        "name": component.name,
        "environment": values,
        "renamed": renamed(component),
        "unset": list(kept_from(plan, component)),
        "arguments": arguments(component),
        "port": component.ports[0].number if component.role is Role.SERVICE else None,
    }
