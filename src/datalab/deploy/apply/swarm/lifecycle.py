"""The life of a stack in a swarm. Each step may be the last; the next run goes on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.changes import changed_lines
from datalab.deploy.apply.command import Command, Runner
from datalab.deploy.apply.dumping import dump
from datalab.deploy.apply.ledger import Ledger, Release
from datalab.deploy.apply.lifecycle import Images, Instance
from datalab.deploy.apply.migrating import ASK_VERSION, migration
from datalab.deploy.apply.swarm.docker_swarm import DockerSwarm, Task
from datalab.deploy.apply.swarm.node import check_manager, check_reachable_images, ensure_volumes_node
from datalab.deploy.apply.swarm.parts import commanded, config_names_in, lasting, part
from datalab.deploy.apply.swarm.rolling import SwarmRolling
from datalab.deploy.apply.swarm.secrets import secret_names_in, secret_values, secrets_file
from datalab.deploy.apply.taking_steps import Step, go_back, take_steps
from datalab.deploy.environment import parsed, secret_names
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.compose import FILES, render_compose
from datalab.deploy.topology.component import Role
from datalab.deploy.topology.services import MIGRATE

Drift = Callable[[DockerSwarm, Plan, Mapping[str, str], Mapping[str, str]], Iterable[str]]
GONE_WITHIN_S = 180


class SwarmLifecycle:
    """The verbs, for one plan in one folder; ``drift`` tells where what runs isn't as the files say."""

    def __init__(
        self, runner: Runner, folder: Path, ledger: Ledger, plan: Plan, say: Callable[[str], None], *, drift: Drift
    ) -> None:
        self._runner = runner
        self._folder = folder
        self._ledger = ledger
        self._plan = plan
        self._say = say
        self._drift = drift

    @property
    def variables(self) -> Path:
        """The secrets are made from it; what is in it besides, the stack's file refers to."""
        return self._folder / ".env"

    def up(self, files: Mapping[str, str], images: Images) -> None:
        """Bring the plan to run: at first all at once, later service by service."""
        check_manager(self._swarm())
        named = {**files, **secrets_file(self._plan, self._values())}
        steps = self._steps(named, images, self._ledger.current())
        take_steps(steps, self._ledger, Release(self._plan.version, named), self._bring_back, self._say)

    def rollback(self) -> Release:
        """Bring back every service, file and secret of the release before."""
        check_manager(self._swarm())
        return go_back(self._ledger, self._bring_back, self._say)

    def diff(self, files: Mapping[str, str]) -> list[str]:
        """What ``up`` would change: lines of files since the last release, and services that don't run as they say."""
        applied = self._ledger.current()
        named = {**files, **secrets_file(self._plan, self._values())}
        drift = self._drift(self._swarm(), self._plan, self._visible(self._plan.version), named)
        return [*changed_lines(applied.files if applied else {}, named), *drift]

    def status(self) -> Sequence[Instance]:
        """Every task that serves or shall."""
        swarm = self._swarm()
        tasks = [swarm.tasks(service) for service in swarm.services() if not service.job]
        return [_instance(task, of_one) for of_one in tasks for task in reversed(of_one) if task.lives]

    def scale(self, name: str, number: int) -> None:
        """Run so many instances until the next ``up``.

        Raises:
            InvalidInput: The component runs once, or isn't part of the plan.
            NotWell: They don't come to run.
        """
        self._plan.check_number(name, number)
        swarm = self._swarm()
        swarm.change("service", "scale", "--detach=true", f"{swarm.full(name)}={number}")
        self._rolling(swarm).settle(name)

    def logs(self, name: str | None, lines: int) -> str:
        """The last lines of a component, or of each."""
        swarm = self._swarm()
        return "".join(swarm.logs(each, lines) for each in ([name] if name else lasting(self._applied())))

    def down(self) -> None:
        """Stop everything; volumes stay, and so do the secrets in the operator's file."""
        swarm = self._swarm()
        swarm.remove()
        if not self._runner.wait(lambda: not swarm.remains(), GONE_WITHIN_S):
            self._say("the swarm is still stopping some of it")

    def _steps(self, files: Mapping[str, str], images: Images, before: Release | None) -> Iterable[Step]:
        swarm = self._swarm()
        rolled = [name for name in lasting(files) if self._plan.component(name).role is not Role.STORE]
        yield "write files", lambda: self._runner.write(files, self._folder)
        yield "choose a node for the volumes", lambda: ensure_volumes_node(swarm)
        yield "secrets", lambda: self._make_secrets(swarm)
        yield "images", lambda: self._make(images)
        runs = bool({*map(swarm.full, rolled)} & {*swarm.names("service")})
        yield "stores", lambda: self._start(swarm, files, self._named(Role.STORE))
        if before is not None:
            yield "dump", lambda: self._dump(before)
        yield "migrate", lambda: self._migrate(swarm, files)
        for name in self._named(Role.TASK):
            if name != MIGRATE:
                yield name, lambda name=name: self._run(swarm, name, part(files, [name]))
        if not runs:
            yield "start", lambda: self._start(swarm, files, rolled)
            return
        for name in rolled:
            yield f"roll {name}", lambda name=name: self._start(swarm, files, [name])
        yield "look again", lambda: self._settle(swarm, rolled)
        yield "tidy", lambda: self._tidy(swarm, files)

    def _named(self, role: Role) -> list[str]:
        return [component.name for component in self._plan.with_role(role)]

    def _make_secrets(self, swarm: DockerSwarm) -> None:
        there = set(swarm.names("secret"))
        for name, value in secret_values(self._plan, self._values()).items():
            if name not in there:
                swarm.make_secret(name, value)

    def _make(self, images: Images) -> None:
        if images is Images.THERE:
            return
        if images is Images.BUILD and not self._plan.choices.registry:
            check_reachable_images(self._swarm())
        # A stack builds nothing: Compose does, from the same plan.
        text = render_compose(self._plan)[FILES[self._plan.profile]]
        verbs = ("build", "push") if images is Images.BUILD and self._plan.choices.registry else (images.value,)
        for verb in verbs:
            arguments = ("docker", "compose", "--file", "-", "--project-directory", ".", verb, "--quiet")
            self._runner.change(Command(arguments, self._folder, self._visible(self._plan.version), text=text))

    def _start(self, swarm: DockerSwarm, files: Mapping[str, str], names: Sequence[str]) -> None:
        swarm.deploy(part(files, names))
        self._settle(swarm, names)

    def _settle(self, swarm: DockerSwarm, names: Iterable[str]) -> None:
        rolling = self._rolling(swarm)
        for name in names:
            rolling.settle(name)

    def _migrate(self, swarm: DockerSwarm, files: Mapping[str, str]) -> None:
        known = next((swarm.ask("exec", each, *ASK_VERSION).strip() for each in self._serving_here(swarm)), None)
        self._run(swarm, MIGRATE, commanded(files, MIGRATE, migration(known)))

    def _serving_here(self, swarm: DockerSwarm) -> Iterable[str]:
        containers = (swarm.container(name) for name in self._named(Role.SERVICE))
        return (each for each in containers if each)

    def _run(self, swarm: DockerSwarm, name: str, text: str) -> None:
        swarm.deploy(text)
        self._rolling(swarm).finish(name)

    def _dump(self, before: Release) -> None:
        if before.version != self._plan.version and self._plan.has("postgres"):
            path = dump(self._swarm(), self._folder / "backups", before.version)
            self._say(f"dumped the database to {path}")

    def _bring_back(self, release: Release) -> None:
        """Bring every service to an earlier release; what is of it stays as it is."""
        self._runner.write(release.files, self._folder)
        swarm = self._swarm(release.version)
        self._make_secrets(swarm)
        for name in lasting(release.files):
            self._say(f"{name} …")
            self._start(swarm, release.files, [name])

    def _tidy(self, swarm: DockerSwarm, files: Mapping[str, str]) -> None:
        """Take away what neither this release has nor the one that would be gone back to: services, files, secrets."""
        current = self._ledger.current()
        again = current == Release(self._plan.version, files)
        before = self._ledger.previous() if again else current
        releases = [files, before.files] if before else [files]
        services = {*lasting(files), *self._named(Role.TASK)}
        configs = {name for each in releases for name in config_names_in(each)}
        secrets = {name for each in releases for name in secret_names_in(each)}
        kept = {*map(swarm.full, (*services, *configs)), *secrets}
        for kind in ("service", "config", "secret"):
            if gone := [name for name in swarm.names(kind) if name not in kept]:
                swarm.change(kind, "rm", *gone)

    def _applied(self) -> Mapping[str, str]:
        current = self._ledger.current()
        if current is None:
            raise InvalidInput("nothing was applied yet")
        return current.files

    def _swarm(self, version: str | None = None) -> DockerSwarm:
        values = self._visible(version or self._plan.version)
        return DockerSwarm(
            self._runner, self._folder, self._plan.project, values, shared=bool(self._plan.choices.registry)
        )

    def _rolling(self, swarm: DockerSwarm) -> SwarmRolling:
        return SwarmRolling(self._runner, swarm, self._plan)

    def _values(self) -> Mapping[str, str]:
        return parsed(self.variables.read_text()) if self.variables.exists() else {}

    def _visible(self, version: str) -> Mapping[str, str]:
        """What the stack's file may refer to: no secret."""
        hidden = secret_names(self._plan)
        return {name: value for name, value in self._values().items() if name not in hidden} | {
            "DATALAB_VERSION": version
        }


def _instance(task: Task, of_one: Sequence[Task]) -> Instance:
    return Instance(
        name=task.name,
        component=task.component,
        release=task.image,
        state=task.state,
        health=("healthy" if task.is_well else "starting") if task.checked else "none",
        restarts=sum(each.failed or each.completed for each in of_one if each.name == task.name),
    )
