"""An engine in which every component of a stack runs once, as its release says; it remembers what it was told."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from datalab.deploy.apply.command import Command

IMAGE, CONFIGURATION, ADDRESS = "an image", "1", "10.0.0.7"


class Engine:
    """A runner of commands before it."""

    def __init__(self, *components: str) -> None:
        self.components = components
        self.changes: list[Command] = []

    def ask(self, command: Command) -> str:
        match command.arguments:
            case (_, "ps", *others):
                return next(each for each in others if ".service=" in each).rpartition("=")[2]
            case (_, "inspect", *names):
                return json.dumps([_container(name) for name in names])
            case (_, "image", *_):
                return IMAGE
            case (*_, "--format", "json"):
                return json.dumps({"services": {name: {"image": IMAGE} for name in self.components}})
            case (*_, "--hash", "*"):
                return "".join(f"{name} {CONFIGURATION}\n" for name in self.components)
            case other:
                raise AssertionError(f"an engine was asked {other}")

    def change(self, command: Command) -> str:
        self.changes.append(command)
        return ""

    def write(self, files: Mapping[str, str], folder: Path) -> None: ...

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:
        return until()

    def pause(self, seconds: float) -> None: ...


def _container(name: str) -> dict[str, object]:
    return {
        "Id": name,
        "Name": f"/lab-{name}-1",
        "Created": "2026-01-01",
        "Image": IMAGE,
        "RestartCount": 0,
        "Config": {
            "Image": IMAGE,
            "Labels": {"com.docker.compose.service": name, "com.docker.compose.config-hash": CONFIGURATION},
        },
        "State": {"Status": "running", "OOMKilled": False},
        "NetworkSettings": {"Networks": {"lab_edge": {"IPAddress": ADDRESS}}},
    }
