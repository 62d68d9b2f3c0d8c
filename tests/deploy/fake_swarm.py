"""A swarm in memory: keeps what it is told to run, remembers in which order, and finds some images not well."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from datalab.deploy.apply.command import Command, CommandFailed
from datalab.deploy.apply.files import write_all

TRIES = 3
"""Tasks of every service: those that run, or those that failed."""
STATE = {"LocalNodeState": "active", "ControlAvailable": True}


class FakeSwarm:
    """Runs commands as an engine does that is a manager of its swarm. An image of version ``bad`` is never ready."""

    def __init__(self, folder: Path) -> None:
        self.state: Mapping[str, Any] = STATE
        self.nodes = ["one"]
        self.labelled: list[str] = []
        self.services: dict[str, dict[str, Any]] = {}
        self.secrets: dict[str, str] = {}
        self.configs: set[str] = set()
        self.deployed: list[tuple[str, ...]] = []
        """The services of each deployment, as they were told."""
        self.commands: list[Command] = []
        self._folder = folder
        self._tellers: dict[str, Callable[..., str]] = {
            "info": self._info,
            "node": self._nodes,
            "service": self._service,
            "secret": lambda *_: "\n".join(self.secrets),
            "config": lambda *_: "\n".join(self.configs),
            "inspect": lambda *names: json.dumps([self._task(name) for name in names[2:]]),
            "exec": lambda *_: "0.1.0\n",
            "network": lambda *_: "",
            "ps": lambda *_: "",
        }

    def ask(self, command: Command) -> str:
        """Answer a question."""
        kind, *more = command.arguments[command.arguments.index("docker") + 1 :]
        return self._tellers[kind](*more)

    def change(self, command: Command) -> str:
        """Do what it says."""
        self.commands.append(command)
        match command.arguments[1:]:
            case ("secret", "create", *_, name, "-"):
                self.secrets[name] = command.text or ""
            case ("stack", "deploy", *_, stack):
                self._deploy(stack, yaml.safe_load(command.text or ""), command.environment)
            case ("node", "update", "--label-add", _, node):
                self.labelled.append(node)
            case ("service", "rm", *names):
                self.services = {name: kept for name, kept in self.services.items() if name not in names}
            case ("config", "rm", *names):
                self.configs -= set(names)
            case ("secret", "rm", *names):
                self.secrets = {name: kept for name, kept in self.secrets.items() if name not in names}
            case _:
                pass
        return ""

    def write(self, files: Mapping[str, str], folder: Path) -> None:
        """Write them."""
        write_all(files, folder)

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:
        """Look once."""
        return until()

    def pause(self, seconds: float) -> None:
        """Nothing takes time."""

    def images(self) -> dict[str, str]:
        """The image of every service."""
        return {name: kept["spec"]["image"] for name, kept in self.services.items()}

    def _deploy(self, stack: str, document: dict[str, Any], values: Mapping[str, str]) -> None:
        self.deployed.append(tuple(document["services"]))
        self.configs |= {f"{stack}_{name}" for name in document["configs"]}
        for name, spec in document["services"].items():
            image = re.sub(r"\$\{(\w+):-([^}]*)\}", lambda found: values.get(found[1], found[2]), spec["image"])
            before = self.services.get(f"{stack}_{name}")
            if image.endswith(":bad") and before is not None and not _is_job(spec):
                self.services[f"{stack}_{name}"] = {**before, "update": "rollback_completed"}
            else:
                self.services[f"{stack}_{name}"] = {"spec": {**spec, "image": image}, "update": ""}

    def _info(self, *arguments: str) -> str:
        return json.dumps(self.state) if "json" in arguments[-1] else "one"

    def _nodes(self, *arguments: str) -> str:
        return "\n".join(self.labelled if "--filter" in arguments else self.nodes)

    def _service(self, verb: str, *arguments: str) -> str:
        match verb:
            case "ls":
                return "\n".join(self.services)
            case "ps":
                return "\n".join([arguments[-1]] * TRIES)
            case "logs":
                return "no such column\n"
            case _:
                return json.dumps([self._inspected(name) for name in arguments])

    def _inspected(self, name: str) -> dict[str, Any]:
        if name not in self.services:
            raise CommandFailed(f"no such service: {name}")
        kept = self.services[name]
        mode: dict[str, Any] = {"ReplicatedJob": {}} if _is_job(kept["spec"]) else {"Replicated": {"Replicas": TRIES}}
        update = (
            {"State": kept["update"], "Message": "rollback completed", "StartedAt": "2"} if kept["update"] else None
        )
        spec = {"Name": name, "Mode": mode, "TaskTemplate": _template(kept)}
        return {"Spec": spec, "UpdatedAt": "1", "UpdateStatus": update}

    def _task(self, name: str) -> dict[str, Any]:
        kept = self.services[name]
        done = _is_job(kept["spec"])
        return {
            "CreatedAt": "1",
            "Slot": 1,
            "NodeID": "one",
            "DesiredState": "complete" if done else "running",
            "Spec": _template(kept),
            "Status": {
                "State": ("failed" if kept["spec"]["image"].endswith(":bad") else "complete") if done else "running",
                "ContainerStatus": {"ContainerID": f"container-of-{name}"},
            },
        }


def _is_job(spec: Mapping[str, Any]) -> bool:
    return spec["deploy"]["mode"] == "replicated-job"


def _template(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {"ContainerSpec": {"Image": kept["spec"]["image"]}}


def arguments(commands: Iterable[Command]) -> list[str]:
    """The commands, each as one line."""
    return [str(command) for command in commands]
