"""Containers for tests: each confined as a deployment's are, on a network of their own, all gone at the end."""

import contextlib
import json
import time
import uuid
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.deploy.engine import DockerFailed, docker

PATIENCE_S = 120.0
CONFINED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--init", "--pids-limit=1024")


class Containers:
    """What one test starts: containers, volumes and a network, told from others' by a prefix."""

    def __init__(self) -> None:
        self.prefix = f"dlt-{uuid.uuid4().hex[:8]}"
        self._containers: list[str] = []
        self._volumes: set[str] = set()
        docker("network", "create", self.prefix)

    def run(
        self,
        name: str,
        image: str,
        *command: str,
        environment: Mapping[str, str] | None = None,
        volumes: Mapping[str, str] | None = None,
        in_memory: tuple[str, ...] = ("/tmp",),
        memory: str = "2g",
        port: int | None = None,
        options: tuple[str, ...] = CONFINED,
    ) -> str:
        """Start a container, known to its neighbours as ``name``; gives its full name.

        ``volumes``: folders by the names of volumes that vanish with the rest. ``port`` is published on loopback.
        """
        full = f"{self.prefix}-{name}"
        arguments = ["--detach", "--name", full, "--network", self.prefix, "--network-alias", name.rstrip("0123456789")]
        arguments += [*options, f"--memory={memory}", f"--memory-swap={memory}"]
        if port is not None:
            arguments += ["--publish", f"127.0.0.1::{port}"]
        for folder in in_memory:
            arguments += ["--tmpfs", f"{folder}:mode=1777"]
        for volume, folder in (volumes or {}).items():
            self._volumes.add(f"{self.prefix}-{volume}")
            arguments += ["--volume", f"{self.prefix}-{volume}:{folder}"]
        # By name only: among the arguments everybody on the host could read the values.
        for variable in environment or {}:
            arguments += ["--env", variable]
        self._containers.append(full)
        docker("run", *arguments, image, *command, environment=environment)
        return full

    def execute(self, container: str, *command: str) -> str:
        """What a command prints that is run in a container. Raises DockerFailed."""
        return docker("exec", container, *command)

    def published(self, container: str, port: int) -> int:
        """The loopback port by which this machine reaches a port of the container."""
        return int(docker("port", container, f"{port}/tcp").splitlines()[0].rpartition(":")[2])

    def remove(self, container: str) -> None:
        """Take one container away; its volumes stay for the others."""
        docker("rm", "--force", container)
        self._containers.remove(container)

    def close(self) -> None:
        """Take all of it away."""
        for names, arguments in (
            (self._containers, ("rm", "--force", "--volumes")),
            (sorted(self._volumes), ("volume", "rm", "--force")),
            ([self.prefix], ("network", "rm")),
        ):
            for name in names:
                with contextlib.suppress(DockerFailed):
                    docker(*arguments, name)


@contextmanager
def containers() -> Generator[Containers]:
    """A network of containers, gone afterwards."""
    place = Containers()
    try:
        yield place
    finally:
        place.close()


def state(container: str) -> dict[str, Any]:
    """What the engine says of it: ``Status``, ``ExitCode``, ``OOMKilled``, ``Health``."""
    return _inspected(container)["State"]


def finished(container: str, within_s: float = PATIENCE_S) -> str:
    """Wait until it ends well; gives its log. Raises AssertionError with the log when it doesn't."""
    eventually(lambda: state(container)["Status"] == "exited", container, within_s)
    assert state(container)["ExitCode"] == 0, log(container)
    return log(container)


def healthy(container: str, within_s: float = PATIENCE_S) -> None:
    """Wait until the engine calls it healthy. Raises AssertionError with its log when that is never."""
    eventually(lambda: state(container)["Health"]["Status"] == "healthy", container, within_s)


def log(container: str) -> str:
    """The last of what it wrote."""
    return docker("logs", "--tail", "60", container) or "(it wrote nothing)"


def eventually(condition: Callable[[], bool], container: str, within_s: float = PATIENCE_S) -> None:
    """Wait for something that comes about by ``container``. Raises AssertionError with its log."""
    until = time.monotonic() + within_s
    while not condition():
        lives = state(container)["Running"] or condition()
        if not lives or time.monotonic() > until:
            raise AssertionError(f"{container} never came so far: {state(container)}\n{log(container)}")
        time.sleep(0.2)


def _inspected(container: str) -> dict[str, Any]:
    return json.loads(docker("inspect", container))[0]
