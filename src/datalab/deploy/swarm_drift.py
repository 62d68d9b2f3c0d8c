"""Where what runs in a swarm isn't as the topology says: who was changed by hand, who isn't there."""

from collections.abc import Iterable, Mapping

from datalab.deploy.apply.swarm.docker_swarm import DockerSwarm
from datalab.deploy.apply.swarm.parts import lasting
from datalab.deploy.plan import Plan
from datalab.deploy.readback.expected import expected_swarm
from datalab.deploy.readback.facts import differences
from datalab.deploy.readback.running_swarm import running_swarm_facts


def drifted(swarm: DockerSwarm, plan: Plan, values: Mapping[str, str], files: Mapping[str, str]) -> Iterable[str]:
    """A line for each difference; ``values`` are the operator's variables, secrets left out. Raises CommandFailed."""
    found = running_swarm_facts(swarm.told(), swarm.networks(), swarm.stack)
    expected = expected_swarm(plan, values, files)
    names = [name for name in lasting(files) if name in found]
    yield from (f"! {name} would be started" for name in lasting(files) if name not in found)
    different = differences({name: expected[name] for name in names}, {name: found[name] for name in names})
    yield from (f"! {each}" for each in different)
    for service in swarm.services():
        outdated = [task for task in swarm.tasks(service) if task.lives and not task.current]
        yield from (f"! {task.name} would be replaced" for task in outdated)
