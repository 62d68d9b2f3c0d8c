"""supervisor: a program for each service and worker, in one group; services twice, so that one of them answers."""

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import HOST, STARTER, Host, instances, processes, state_folder
from datalab.deploy.renderers.logs import log_of
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import Component

CONFIGURATION = "infrastructure/supervisor/datalab.conf"


def render_supervisor(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """The programs. Their variables stand in the script that starts them, for a changed program restarts at once."""
    programs = [_program(plan, component, host) for component in processes(plan)]
    return {CONFIGURATION: filled("bare/supervisor.conf.j2", programs=programs, host=host, starter=STARTER)}


def _program(plan: Plan, component: Component, host: Host) -> dict[str, object]:
    return {
        "name": component.name,
        "instances": instances(plan, component),
        "folder": state_folder(component, host),
        "stop_s": component.update.drain_s,
        "log": log_of(component),
    }
