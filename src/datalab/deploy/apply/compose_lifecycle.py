"""The life of a Compose stack: up, status, scale, logs, rollback, down. Each step may be the last; the next run goes on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from datalab.contracts.errors import InvalidInput, PlatformError
from datalab.deploy.apply.changes import changed_lines
from datalab.deploy.apply.command import Runner
from datalab.deploy.apply.docker_compose import Container, DockerCompose
from datalab.deploy.apply.dumping import dump
from datalab.deploy.apply.ledger import Ledger, Release
from datalab.deploy.apply.rolling import NotWell, Rolling
from datalab.deploy.apply.turning import Edge
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.compose import FILES, project
from datalab.deploy.topology.component import Component, Role

Step = tuple[str, Callable[[], None]]
_ROLLED = (Role.SERVICE, Role.WORKER, Role.EDGE, Role.MONITORING)


class Images(StrEnum):
    """Where a release's images come from."""

    BUILD = "build"
    PULL = "pull"
    THERE = "there"


class RolledBack(PlatformError):
    """The release wasn't well; what ran before runs again."""

    code, title = "rolled_back", "Rolled back"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deployment lives: the clone, its Compose file and project, and the book of what was applied."""

    folder: Path
    file: str
    project: str
    ledger: Ledger


def compose_place(plan: Plan, folder: Path, book: type[Ledger] = Ledger) -> Place:
    """The usual place of a plan: its book is kept beside the clone's files."""
    ledger = book(folder / ".deployments" / f"compose-{plan.profile}")
    return Place(folder, FILES[plan.profile], project(plan), ledger)


class ComposeLifecycle:
    """The verbs, for one plan at one place."""

    def __init__(self, runner: Runner, place: Place, plan: Plan, say: Callable[[str], None]) -> None:
        self._runner = runner
        self._place = place
        self._plan = plan
        self._say = say
        self._stack = DockerCompose(runner, place.folder, place.file, place.project, plan.version)

    def up(self, files: Mapping[str, str], images: Images) -> None:
        """Bring the plan to run, whatever runs now.

        Raises:
            RolledBack: It wasn't well and what ran before was brought back.
            CommandFailed: The engine refused a command; what was replaced stays so. Run it again to go on.
        """
        ledger, release = self._place.ledger, Release(self._plan.version, files)
        before = ledger.current()
        done = ledger.begin(release)
        try:
            for name, step in self._steps(files, images, before):
                if name in done:
                    continue
                self._say(f"{name} …")
                step()
                ledger.did(name)
        except NotWell as error:
            self._take_back(before, error)
        ledger.finish()

    def rollback(self) -> Release:
        """Bring back what was applied before the current release; gives it.

        Raises:
            InvalidInput: Nothing was applied before.
        """
        previous = self._place.ledger.previous()
        if previous is None:
            raise InvalidInput("nothing was applied before the present release, so there is nothing to go back to")
        self._place.ledger.begin(previous)
        self._bring_back(previous)
        self._place.ledger.finish()
        return previous

    def diff(self, files: Mapping[str, str]) -> list[str]:
        """What ``up`` would change: lines of files since the last release, and instances that aren't as they say."""
        applied = self._place.ledger.current()
        rolling = self._rolling(self._stack)
        lines = changed_lines(applied.files if applied else {}, files)
        lines += [f"! {each.name} would be replaced" for each in self._outdated(rolling)]
        return lines + [f"! {name} would be started" for name in self._not_running()]

    def status(self) -> tuple[Container, ...]:
        """What runs."""
        return self._stack.containers()

    def scale(self, name: str, number: int) -> None:
        """Run so many instances until the next ``up``.

        Raises:
            InvalidInput: The component runs once, or isn't part of the plan.
        """
        if not self._plan.has(name) or self._plan.component(name).replicas.maximum < number:
            raise InvalidInput(f"{name} can't run {number} times in this plan")
        self._stack.scale(name, number)

    def logs(self, name: str | None, lines: int) -> str:
        """The last lines of a component, or of all."""
        return self._stack.ask("logs", "--no-color", "--tail", str(lines), *([name] if name else []))

    def down(self) -> None:
        """Stop everything; volumes stay."""
        self._stack.change("down", "--remove-orphans")

    def _steps(self, files: Mapping[str, str], images: Images, before: Release | None) -> Iterable[Step]:
        yield "write files", lambda: self._write(files)
        yield "images", lambda: self._make(images)
        if before is None:
            yield "start", self._start
            return
        yield "stores", self._stores
        yield "dump", lambda: self._dump(before)
        yield "migrate", self._migrate
        for component in self._rolled():
            yield f"roll {component.name}", lambda component=component: self._roll(component)

    def _rolled(self) -> tuple[Component, ...]:
        """What is replaced in an update: PgBouncer too, for it keeps nothing."""
        stores = (store for store in self._plan.with_role(Role.STORE) if store.update.new_first)
        return (*stores, *self._plan.with_role(*_ROLLED))

    def _kept_in_place(self) -> tuple[Component, ...]:
        """The stores of which two would write the same files."""
        return tuple(store for store in self._plan.with_role(Role.STORE) if not store.update.new_first)

    def _outdated(self, rolling: Rolling) -> Iterable[Container]:
        for component in self._rolled():
            yield from rolling.outdated(component)

    def _not_running(self) -> Iterable[str]:
        running = [each.service for each in self._stack.containers() if each.state == "running"]
        for component in (*self._rolled(), *self._kept_in_place()):
            wanting = component.replicas.start - running.count(component.name)
            yield from [component.name] * max(wanting, 0)

    def _write(self, files: Mapping[str, str]) -> None:
        self._runner.write(files, self._place.folder)

    def _make(self, images: Images) -> None:
        if images is not Images.THERE:
            self._stack.change(images.value, "--quiet")

    def _start(self) -> None:
        self._stack.change("up", "--detach", "--no-build", "--wait", "--wait-timeout", "300", *self._lasting())

    def _stores(self) -> None:
        stores = [component.name for component in self._kept_in_place()]
        self._stack.change("up", "--detach", "--no-build", "--no-deps", "--wait", *stores)

    def _dump(self, before: Release) -> None:
        if before.version != self._plan.version and self._plan.has("postgres"):
            path = dump(self._stack, self._place.folder / "backups", before.version)
            self._say(f"dumped the database to {path}")

    def _migrate(self) -> None:
        self._stack.change("run", "--rm", "--no-deps", "migrate")

    def _roll(self, component: Component) -> None:
        rolling = self._rolling(self._stack)
        rolling.bring(component)
        for each in self._rolled():
            rolling.check(each)

    def _take_back(self, before: Release | None, error: NotWell) -> None:
        self._say(error.detail)
        self._place.ledger.give_up()
        if before is None:
            raise error
        self._bring_back(before)
        raise RolledBack(f"{error.detail}; {before.version} runs again") from error

    def _bring_back(self, release: Release) -> None:
        """Bring every service to an earlier release: what is of it stays, and what isn't goes."""
        self._say(f"going back to {release.version} …")
        self._write(release.files)
        rolling = self._rolling(self._stack.at(release.version))
        for component in self._rolled():
            rolling.restore(component)

    def _rolling(self, stack: DockerCompose) -> Rolling:
        return Rolling(self._runner, stack, Edge(stack), self._say)

    def _lasting(self) -> list[str]:
        """All but the tasks, which are started because others wait for their end."""
        return [component.name for component in self._plan.components if component.role is not Role.TASK]
