"""Docker Compose as the commands of one release of a stack, and what its containers tell."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from datalab.deploy.apply.command import Command, CommandFailed, Runner

_LABEL = "com.docker.compose"


@dataclass(frozen=True, slots=True)
class Container:
    """One instance as the engine knows it."""

    id: str
    name: str
    service: str
    image: str
    image_id: str
    configuration: str
    """A digest of everything it was made from."""
    state: str
    health: str
    restarts: int
    out_of_memory: bool
    addresses: Mapping[str, str]
    """Its address in each network, by the network's name in the stack."""

    @property
    def is_well(self) -> bool:
        """Whether it runs and says so."""
        return self.state == "running" and self.health in {"healthy", "none"}


class DockerCompose:
    """The stack of one project: ``file`` in ``folder``, with the operator's variables and a version.

    What the file says is asked once: it does not change under a release that is being applied.
    """

    def __init__(self, runner: Runner, folder: Path, file: str, project: str, version: str) -> None:
        self._runner = runner
        self._folder = folder
        self._file = file
        self.project = project
        self.version = version
        self._configurations: tuple[dict[str, str], ...] = ()
        self._images: dict[str, str] = {}

    def at(self, version: str) -> "DockerCompose":
        """The same stack at another version."""
        return DockerCompose(self._runner, self._folder, self._file, self.project, version)

    def command(self, *arguments: str, timeout_s: float = 900) -> Command:
        """A ``docker compose`` command on this stack."""
        return Command(
            ("docker", "compose", "--file", self._file, *arguments),
            self._folder,
            {"DATALAB_VERSION": self.version},
            timeout_s=timeout_s,
        )

    def change(self, *arguments: str) -> str:
        """Run one that changes something. Raises CommandFailed."""
        return self._runner.change(self.command(*arguments))

    def ask(self, *arguments: str) -> str:
        """Run one that changes nothing. Raises CommandFailed."""
        return self._runner.ask(self.command(*arguments))

    def configurations(self, service: str) -> frozenset[str]:
        """The digests that a container made from this release may have.

        There are two: Compose leaves what a service waits for out of the digest when it starts it alone.
        """
        if not self._configurations:
            told = json.loads(self.ask("config", "--format", "json"))
            for each in told["services"].values():
                each.pop("depends_on", None)
            arguments = ("docker", "compose", "--file", "-", "--project-directory", ".", "config", "--hash", "*")
            alone = self._runner.ask(Command(arguments, self._folder, text=json.dumps(told)))
            self._configurations = (_digests(self.ask("config", "--hash", "*")), _digests(alone))
        return frozenset(digests[service] for digests in self._configurations)

    def image_id(self, service: str) -> str:
        """The image that a container made from this release would have; empty when it isn't there yet."""
        if not self._images:
            told = json.loads(self.ask("config", "--format", "json"))["services"]
            self._images = {name: each["image"] for name, each in told.items()}
        try:
            return self._runner.ask(
                self._docker("image", "inspect", "--format", "{{.Id}}", self._images[service])
            ).strip()
        except CommandFailed:
            return ""

    def containers(self, service: str | None = None) -> tuple[Container, ...]:
        """The containers of a service, or of all, oldest first; those of one-off commands left out."""
        wanted = [f"label={_LABEL}.project={self.project}", f"label={_LABEL}.oneoff=False"]
        wanted += [f"label={_LABEL}.service={service}"] if service else []
        filters = [part for each in wanted for part in ("--filter", each)]
        ids = self._runner.ask(self._docker("ps", "--all", "--no-trunc", "--quiet", *filters)).split()
        if not ids:
            return ()
        told = json.loads(self._runner.ask(self._docker("inspect", *ids)))
        return tuple(_container(each, self.project) for each in sorted(told, key=lambda each: each["Created"]))

    def run_in(self, container: Container, *arguments: str, text: str | None = None) -> str:
        """Run a command inside a container that changes something there."""
        interactive = ("--interactive",) if text is not None else ()
        command = self._docker("exec", *interactive, container.name, *arguments)
        return self._runner.change(Command(command.arguments, command.folder, text=text))

    def ask_in(self, container: Container, *arguments: str) -> str:
        """Run a command inside a container that changes nothing there."""
        return self._runner.ask(self._docker("exec", container.name, *arguments))

    def scale(self, service: str, number: int) -> None:
        """Start or stop instances of a service until there are so many; those that stay are left as they are.

        Raises CommandFailed.
        """
        how = ("--detach", "--no-deps", "--no-build", "--no-recreate", "--scale", f"{service}={number}")
        self.change("up", *how, service)

    def save(self, path: Path, service: str, *arguments: str) -> None:
        """Keep in a file what a command inside a service's container prints. Raises CommandFailed."""
        command = self.command("exec", "--no-TTY", service, *arguments)
        self._runner.change(replace(command, into=path.absolute()))

    def stop(self, containers: Iterable[Container]) -> None:
        """Tell them to stop, wait for their drain, and take them away."""
        names = [container.name for container in containers]
        if names:
            self._runner.change(self._docker("stop", *names))
            self._runner.change(self._docker("rm", "--force", *names))

    def signal(self, containers: Iterable[Container], name: str) -> None:
        """Send their first process a signal. Raises CommandFailed.

        From inside: what ``docker kill`` signals, whatever the signal, the engine takes for stopped by hand and doesn't
        start again with the host.
        """
        for container in containers:
            self._runner.change(self._docker("exec", container.name, "sh", "-c", f"kill -s {name} 1"))

    def restart(self, containers: Iterable[Container]) -> None:
        """Stop and start them as they are. Raises CommandFailed."""
        for container in containers:
            self._runner.change(self._docker("restart", container.name))

    def _docker(self, *arguments: str) -> Command:
        return Command(("docker", *arguments), self._folder)


def _digests(told: str) -> dict[str, str]:
    return dict(line.split() for line in told.splitlines())


def _container(told: Mapping[str, dict[str, object]], project: str) -> Container:
    config, state = _object(told["Config"]), _object(told["State"])
    labels = _object(config.get("Labels"))
    networks = _object(_object(told["NetworkSettings"])["Networks"])
    return Container(
        id=str(told["Id"]),
        name=str(told["Name"]).lstrip("/"),
        service=str(labels[f"{_LABEL}.service"]),
        image=str(config["Image"]),
        image_id=str(told["Image"]),
        configuration=str(labels[f"{_LABEL}.config-hash"]),
        state=str(state["Status"]),
        health=str(_object(state.get("Health")).get("Status", "none")),
        restarts=int(str(told["RestartCount"])),
        out_of_memory=bool(state["OOMKilled"]),
        addresses={
            name.removeprefix(f"{project}_"): str(_object(each)["IPAddress"]) for name, each in networks.items()
        },
    )


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType] # JSON
