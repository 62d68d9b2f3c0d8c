"""The production stack in a swarm of this machine alone."""

import json
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager

from tests.deploy.engine import docker
from tests.deploy.production import Production

GONE_WITHIN_S = 120
FEWER = """
[replicas]
api-gateway = 2
data-service = 2
ai-service = 1
compute-service = 1
viz-service = 1
ai-worker = 0
viz-worker = 0
"""
"""What two cores carry while everything is replaced."""


class SwarmProduction(Production):
    """One stack: ``datalab deploy … swarm`` in a folder that holds nothing but its choices."""

    target = "swarm"

    def choose(self, version: str) -> None:
        """Choose a version, with as many instances as this machine carries."""
        super().choose(version)
        choices = self.folder / "datalab.toml"
        choices.write_text(choices.read_text() + FEWER)

    def inside(self, service: str, *command: str) -> str:
        """What a command prints inside an instance of a service."""
        return docker("exec", self.containers(service)[0], *command)

    def containers(self, service: str) -> list[str]:
        """The service's containers that run, newest first."""
        return docker("ps", "--quiet", "--filter", f"label=com.docker.swarm.service.name={self.name}_{service}").split()

    def told(self, service: str) -> str:
        """All that the engine tells of a service and of its containers."""
        return docker("service", "inspect", f"{self.name}_{service}") + docker("inspect", *self.containers(service))

    def instances(self, service: str) -> list[dict[str, str]]:
        """What ``datalab deploy status`` says of a service."""
        told = json.loads(self.deploy("status", self.target, "--json").stdout)["instances"]
        return [each for each in told if each["component"] == service]

    def end(self, versions: Iterable[str]) -> None:
        """Leave nothing behind."""
        remove_stack(self.name)
        self.forget(versions)


@contextmanager
def swarm() -> Generator[None]:
    """A swarm, of this engine alone when it is in none; it is in none again afterwards."""
    there = docker("info", "--format", "{{.Swarm.LocalNodeState}}") == "active"
    if not there:
        docker("swarm", "init", "--advertise-addr", "127.0.0.1")
    try:
        yield
    finally:
        if not there:
            docker("swarm", "leave", "--force")


def remove_stack(name: str) -> None:
    """Take all of it away, its volumes too once the last container is gone."""
    docker("stack", "rm", name)
    until = time.monotonic() + GONE_WITHIN_S
    mine = ("--quiet", "--filter", f"label=com.docker.stack.namespace={name}")
    while (docker("ps", *mine) or docker("network", "ls", *mine)) and time.monotonic() < until:
        time.sleep(1)
    if old := docker("ps", "--all", *mine).split():
        docker("rm", "--force", *old)
    if kept := docker("volume", "ls", *mine).split():
        docker("volume", "rm", "--force", *kept)
