"""What a swarm must be before a stack can run in it."""

import json

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.swarm.docker_swarm import DockerSwarm
from datalab.deploy.renderers.swarm import VOLUMES_LABEL


def check_manager(swarm: DockerSwarm) -> None:
    """See that this engine may tell its swarm what to run. Raises InvalidInput."""
    told = json.loads(swarm.ask("info", "--format", "{{json .Swarm}}"))
    if told["LocalNodeState"] != "active":
        raise InvalidInput("this engine is in no swarm: `docker swarm init` makes one of it alone")
    if not told["ControlAvailable"]:
        raise InvalidInput("this node is a worker of its swarm: run this on a manager")


def check_reachable_images(swarm: DockerSwarm) -> None:
    """See that what is built here gets to where it runs. Raises InvalidInput."""
    nodes = len(swarm.ask("node", "ls", "--quiet").split())
    if nodes > 1:
        raise InvalidInput(f"the swarm has {nodes} nodes, which pull images: name a `registry` in datalab.toml")


def ensure_volumes_node(swarm: DockerSwarm) -> None:
    """See that a node is chosen to keep the volumes; the only one is. Raises InvalidInput."""
    if swarm.ask("node", "ls", "--quiet", "--filter", f"node.label={VOLUMES_LABEL}=true").split():
        return
    choose = ("node", "update", "--label-add", f"{VOLUMES_LABEL}=true")
    nodes = swarm.ask("node", "ls", "--quiet").split()
    if len(nodes) > 1:
        raise InvalidInput(f"choose the node that keeps the volumes: `docker {' '.join(choose)} NODE`")
    swarm.change(*choose, *nodes)
