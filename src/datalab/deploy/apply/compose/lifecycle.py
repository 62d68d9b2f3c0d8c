"""The life of a Compose stack. Each step may be the last; the next run goes on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from datalab.catalog import SERVICES
from datalab.deploy.apply.changes import changed_lines
from datalab.deploy.apply.command import Runner
from datalab.deploy.apply.compose.docker_compose import Container, DockerCompose
from datalab.deploy.apply.compose.new_files import changed_files, read_anew
from datalab.deploy.apply.compose.rolling import Rolling
from datalab.deploy.apply.compose.turning import Edge
from datalab.deploy.apply.dumping import dump
from datalab.deploy.apply.ledger import Ledger, Release
from datalab.deploy.apply.lifecycle import Images, Instance
from datalab.deploy.apply.migrating import ASK_VERSION, migration
from datalab.deploy.apply.taking_steps import Step, go_back, take_steps
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.compose import FILES
from datalab.deploy.topology.component import Component, Role
from datalab.deploy.topology.services import MIGRATE

_GATEWAY = SERVICES["gateway"].deployed_name
_ROLLED = (Role.SERVICE, Role.WORKER, Role.EDGE, Role.MONITORING)


class ComposeLifecycle:
    """The verbs, for one plan in one folder."""

    def __init__(self, runner: Runner, folder: Path, ledger: Ledger, plan: Plan, say: Callable[[str], None]) -> None:
        self._runner = runner
        self._folder = folder
        self._ledger = ledger
        self._plan = plan
        self._say = say
        self._stack = DockerCompose(runner, folder, FILES[plan.profile], plan.project, plan.version)

    @property
    def variables(self) -> Path:
        """Compose reads the file beside its own."""
        return self._folder / ".env"

    def up(self, files: Mapping[str, str], images: Images) -> None:
        """Bring the plan to run: at first all at once, later service by service."""
        steps = self._steps(files, images, self._ledger.current())
        take_steps(steps, self._ledger, Release(self._plan.version, files), self._bring_back, self._say)

    def rollback(self) -> Release:
        """Bring back every service and every file of the release before."""
        return go_back(self._ledger, self._bring_back, self._say)

    def diff(self, files: Mapping[str, str]) -> list[str]:
        """What ``up`` would change: lines of files since the last release, and instances that aren't as they say."""
        applied = self._ledger.current()
        rolling = self._rolling(self._stack)
        lines = changed_lines(applied.files if applied else {}, files)
        lines += [f"! {each.name} would be replaced" for each in self._outdated(rolling)]
        return lines + [f"! {name} would be started" for name in self._not_running()]

    def status(self) -> Sequence[Instance]:
        """Every container."""
        return [_instance(each) for each in self._stack.containers()]

    def scale(self, name: str, number: int) -> None:
        """Run so many instances until the next ``up``.

        Raises:
            InvalidInput: The component runs once, or isn't part of the plan.
        """
        self._plan.check_number(name, number)
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
        edge = Edge(self._stack)
        yield "check the edge", edge.check
        yield "stores", self._stores
        yield "dump", lambda: self._dump(before)
        yield "migrate", self._migrate
        for component in self._rolled():
            yield f"roll {component.name}", lambda component=component: self._roll(component)
        changed = changed_files(before.files, files)
        yield "read files anew", lambda: read_anew(self._stack, self._plan.components, changed)

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
        self._runner.write(files, self._folder)

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
            path = dump(self._stack, self._folder / "backups", before.version)
            self._say(f"dumped the database to {path}")

    def _migrate(self) -> None:
        serving = (each for each in self._stack.containers(_GATEWAY) if each.state == "running")
        known = next((self._stack.ask_in(each, *ASK_VERSION).strip() for each in serving), None)
        self._stack.change("run", "--rm", "--no-deps", MIGRATE, *migration(known))

    def _roll(self, component: Component) -> None:
        rolling = self._rolling(self._stack)
        rolling.bring(component)
        for each in self._rolled():
            rolling.check(each)

    def _bring_back(self, release: Release) -> None:
        """Bring every service to an earlier release: what is of it stays, and what isn't goes."""
        self._write(release.files)
        rolling = self._rolling(self._stack.at(release.version))
        for component in self._rolled():
            rolling.restore(component)
        read_anew(self._stack, self._plan.components, release.files)

    def _rolling(self, stack: DockerCompose) -> Rolling:
        return Rolling(self._runner, stack, Edge(stack), self._say)

    def _lasting(self) -> list[str]:
        """All but the tasks, which are started because others wait for their end."""
        return [component.name for component in self._plan.components if component.role is not Role.TASK]


def _instance(container: Container) -> Instance:
    return Instance(
        name=container.name,
        component=container.service,
        release=container.image,
        state=container.state,
        health=container.health,
        restarts=container.restarts,
    )
