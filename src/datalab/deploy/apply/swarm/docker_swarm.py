"""Docker Swarm as the commands of one stack, and what its services and tasks tell."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from datalab.contracts.errors import Unavailable
from datalab.deploy.apply.command import Command, CommandFailed, Runner
from datalab.deploy.apply.swarm.secrets import SECRETS

_Told = Mapping[str, Any]
NAMESPACE = "com.docker.stack.namespace"
"""The label by which the engine knows what is of a stack: services, networks, configs, and the secrets that we make."""
_TRIES = 3
_PARTS = ("ContainerSpec", "Resources", "Networks", "Placement", "LogDriver", "ForceUpdate")
"""Of a service's template: what a task is made from."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service as the swarm knows it."""

    name: str
    replicas: int | None
    """``None`` when every node runs one, or when it is a job."""
    job: bool
    update: str
    """How its last update goes: ``updating``, ``completed``, ``rollback_completed``, …; empty when there was none."""
    updated_at: str
    """When that update began, by the swarm's clock."""
    changed_at: str
    """When it was last told anything."""
    told: str
    """What the swarm says of it."""
    iteration: int
    """How many times a job was begun anew."""
    template: _Told


@dataclass(frozen=True, slots=True)
class Task:
    """One instance of a service, or what is left of one."""

    name: str
    component: str
    image: str
    node: str
    state: str
    wanted: str
    """What the swarm brings it to: ``running`` while it shall serve."""
    error: str
    container: str
    checked: bool
    """Whether its health is asked; then it is ``running`` only once it is well."""
    created_at: str
    iteration: int
    current: bool
    """Whether it was made as its service says now."""

    @property
    def lives(self) -> bool:
        """Whether it shall serve."""
        return self.wanted == "running"

    @property
    def is_well(self) -> bool:
        """Whether it shall serve and does."""
        return self.lives and self.state == "running"

    @property
    def rejected(self) -> bool:
        """Whether its node couldn't even start it: the image or a folder of the host isn't there."""
        return self.state == "rejected"

    @property
    def failed(self) -> bool:
        """Whether it ended badly, by itself or because it wasn't healthy."""
        return self.rejected or self.state == "failed"

    @property
    def completed(self) -> bool:
        """Whether it ended well; of a task that shall serve, that is as bad: the swarm stopped it as unhealthy."""
        return self.state == "complete"


class DockerSwarm:
    """One stack, its file in ``folder``.

    ``values`` are the operator's variables that the file refers to, ``shared`` says whether a registry has its images.
    """

    def __init__(
        self, runner: Runner, folder: Path, stack: str, values: Mapping[str, str], *, shared: bool = False
    ) -> None:
        self._runner = runner
        self._folder = folder
        self.stack = stack
        self._values = values
        self._shared = shared

    def deploy(self, part: str) -> None:
        """Bring these services of the stack to what ``part`` says; the others stay. Raises CommandFailed."""
        images = (
            ("--resolve-image", "changed", "--with-registry-auth") if self._shared else ("--resolve-image", "never")
        )
        files = ("--compose-file", "-", "--compose-file", SECRETS)
        arguments = ("docker", "stack", "deploy", *files, *images, "--detach=true", self.stack)
        self._runner.change(Command(arguments, self._folder, self._values, text=part))

    def remove(self) -> None:
        """Take away everything of the stack but its volumes. Raises CommandFailed."""
        self.change("stack", "rm", self.stack)

    def remains(self) -> bool:
        """Whether a container or a network of the stack is still there, on this node."""
        of_the_stack = ("--filter", f"label={NAMESPACE}={self.stack}", "--quiet")
        return bool(self.ask("ps", *of_the_stack).strip() or self.ask("network", "ls", *of_the_stack).strip())

    def names(self, kind: str) -> tuple[str, ...]:
        """The names of the stack's ``service``, ``config`` or ``secret`` objects. Raises CommandFailed."""
        return tuple(
            self.ask(kind, "ls", "--filter", f"label={NAMESPACE}={self.stack}", "--format", "{{.Name}}").split()
        )

    def service(self, name: str) -> Service:
        """One of the services. Raises CommandFailed: it isn't there."""
        return _service(json.loads(self.ask("service", "inspect", self.full(name)))[0], self.stack)

    def services(self) -> tuple[Service, ...]:
        """All services of the stack."""
        return tuple(_service(each, self.stack) for each in self.told())

    def told(self) -> Sequence[_Told]:
        """All that the swarm says of the stack's services."""
        names = sorted(self.names("service"))
        return json.loads(self.ask("service", "inspect", *names)) if names else []

    def networks(self) -> Mapping[str, str]:
        """The names of the networks that this node knows, by their ids."""
        told = self.ask("network", "ls", "--no-trunc", "--format", "{{.ID}} {{.Name}}")
        return dict(line.split(" ", 1) for line in told.splitlines())

    def tasks(self, service: Service) -> tuple[Task, ...]:
        """The service's tasks that the swarm remembers, newest first. Raises CommandFailed."""
        told = sorted(self._tasks_of(service.name), key=lambda each: each["CreatedAt"], reverse=True)
        return tuple(_task(each, service, self.stack) for each in told)

    def full(self, name: str) -> str:
        """A service's name in the swarm."""
        return f"{self.stack}_{name}"

    def logs(self, name: str, lines: int) -> str:
        """The last lines of a service's log; what it wrote as errors among them."""
        both = ("sh", "-c", 'exec "$@" 2>&1', "sh")
        return self._runner.ask(Command((*both, "docker", "service", "logs", "--tail", str(lines), self.full(name))))

    def save(self, path: Path, service: str, *arguments: str) -> None:
        """Keep in a file what a command inside a service's container prints. Raises CommandFailed, Unavailable."""
        here = self.container(service)
        if here is None:
            raise Unavailable(f"no {service} runs on this node: run this on a manager that has it, or set DOCKER_HOST")
        self._runner.change(replace(self._docker("exec", here, *arguments), into=path.absolute()))

    def make_secret(self, name: str, value: str) -> None:
        """Keep a value in the swarm until the stack is taken away. Raises CommandFailed."""
        self.change("secret", "create", "--label", f"{NAMESPACE}={self.stack}", name, "-", text=value)

    def container(self, name: str) -> str | None:
        """One of the service's containers that is well and on this node: the others can't be asked from here."""
        here = self.ask("info", "--format", "{{.Swarm.NodeID}}").strip()
        tasks = self.tasks(self.service(name)) if self.full(name) in self.names("service") else ()
        return next((task.container for task in tasks if task.is_well and task.node == here), None)

    def change(self, *arguments: str, text: str | None = None) -> str:
        """Run a ``docker`` command that changes something. Raises CommandFailed."""
        return self._runner.change(self._docker(*arguments, text=text))

    def ask(self, *arguments: str) -> str:
        """Run one that changes nothing. Raises CommandFailed."""
        return self._runner.ask(self._docker(*arguments))

    def _docker(self, *arguments: str, text: str | None = None) -> Command:
        return Command(("docker", *arguments), self._folder, text=text)

    def _tasks_of(self, name: str) -> Sequence[_Told]:
        """What the engine says of each; one that it forgets between two questions is no reason to give up."""
        for left in reversed(range(_TRIES)):
            ids = self.ask("service", "ps", "--no-trunc", "--quiet", self.full(name)).split()
            try:
                return json.loads(self.ask("inspect", "--type", "task", *ids)) if ids else []
            except CommandFailed:
                if not left:
                    raise
        raise AssertionError


def _service(told: _Told, stack: str) -> Service:
    spec: _Told = told["Spec"]
    update: _Told = told.get("UpdateStatus") or {}
    return Service(
        name=spec["Name"].removeprefix(f"{stack}_"),
        replicas=spec["Mode"].get("Replicated", {}).get("Replicas"),
        job="ReplicatedJob" in spec["Mode"],
        update=update.get("State", ""),
        updated_at=update.get("StartedAt", ""),
        changed_at=told["UpdatedAt"],
        told=update.get("Message", ""),
        iteration=told.get("JobStatus", {}).get("JobIteration", {}).get("Index", 0),
        template=spec["TaskTemplate"],
    )


def _task(told: _Told, service: Service, stack: str) -> Task:
    status, made = told["Status"], told["Spec"]["ContainerSpec"]
    return Task(
        name=f"{stack}_{service.name}.{told.get('Slot') or told.get('NodeID', '')}",
        component=service.name,
        image=made["Image"].partition("@")[0],
        node=told.get("NodeID", ""),
        state=status["State"],
        wanted=told["DesiredState"],
        error=status.get("Err", ""),
        container=status.get("ContainerStatus", {}).get("ContainerID", ""),
        checked="Healthcheck" in made and made["Healthcheck"].get("Test") != ["NONE"],
        created_at=told["CreatedAt"],
        iteration=told.get("JobIteration", {}).get("Index", 0),
        current=_alike(told["Spec"], service.template),
    )


def _alike(made: _Told, template: _Told) -> bool:
    """Whether a task was made from a template, whatever of it the engine leaves out where it says nothing."""
    return all(_said(made.get(part)) == _said(template.get(part)) for part in _PARTS)


def _said(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    told: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] # JSON
    return {key: _said(each) for key, each in told.items() if _said(each) not in ({}, [], None)}
