"""The script that installs a release on a host without containers and brings it to run."""

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import HOST, LOOPBACK, Host, instances, ports, processes, state_folder
from datalab.deploy.renderers.template import filled
from datalab.deploy.topology.component import Role
from datalab.deploy.topology.services import MIGRATE

FOLDER = "infrastructure/scripts"
STARTER = "infrastructure/supervisor/run-datalab.sh"
UV = "0.13.9"


def render_scripts(plan: Plan, host: Host = HOST) -> dict[str, str]:
    """``deploy-direct.sh``; the gateway comes last, for all others are behind it."""
    first, *others = plan.with_role(Role.SERVICE)
    folders = {state_folder(component, host).removeprefix(f"{host.state}/") for component in processes(plan)}
    text = filled(
        "bare/deploy-direct.sh.j2",
        host=host,
        loopback=LOOPBACK,
        uv=UV,
        starter=STARTER,
        services=[{"name": each.name, "ports": ports(each, instances(plan, each))} for each in (*others, first)],
        workers=[f"{each.name}" for each in plan.with_role(Role.WORKER)],
        folders=sorted(folders | {MIGRATE}),
    )
    return {f"{FOLDER}/deploy-direct.sh": text}
