"""The life of a deployment without containers. What installs and switches is the script that people run too."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.bare.keeper import Keeper
from datalab.deploy.apply.changes import changed_lines
from datalab.deploy.apply.command import Command, CommandFailed, Runner
from datalab.deploy.apply.dumping import dump_here
from datalab.deploy.apply.ledger import Ledger, Release
from datalab.deploy.apply.lifecycle import Images, Instance, NotWell
from datalab.deploy.apply.taking_steps import Step, go_back, take_steps
from datalab.deploy.environment import parsed
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import Host, processes
from datalab.deploy.renderers.scripts import DEPLOY, NOT_WELL
from datalab.deploy.topology.component import Component

_LONGEST_S = 2 * 3600
"""How long the script may take: each of a dozen processes may take five minutes to get ready."""


class BareLifecycle:
    """The verbs, for one plan whose files lie in one folder of the host that it runs on."""

    def __init__(
        self,
        runner: Runner,
        folder: Path,
        ledger: Ledger,
        plan: Plan,
        say: Callable[[str], None],
        *,
        keeper: Keeper,
        host: Host,
    ) -> None:
        self._runner = runner
        self._folder = folder
        self._ledger = ledger
        self._plan = plan
        self._say = say
        self._keeper = keeper
        self._host = host

    @property
    def variables(self) -> None:
        """The script completes the operator's file."""
        return

    def up(self, files: Mapping[str, str], images: Images) -> None:
        """Install a release and switch to it, service by service; a release is a version with its files."""
        release = Release(self._plan.version, files)
        take_steps(self._steps(release, images), self._ledger, release, self._put_files_back, self._say)

    def rollback(self) -> Release:
        """Switch to the release before, which is still installed; its files come back too, the schema stays."""
        return go_back(self._ledger, self._bring_back, self._say)

    def diff(self, files: Mapping[str, str]) -> list[str]:
        """What ``up`` would change: lines of files, what is installed and isn't so, what runs another release."""
        applied = self._ledger.current()
        lines = changed_lines(applied.files if applied else {}, files)
        for path, place in self._keeper.places(files).items():
            if not place.is_file() or place.read_text() != files[path]:
                lines.append(f"! {place} would be installed anew")
        wanted = Release(self._plan.version, files).id
        for each in self._keeper.status():
            if not each.release:
                lines.append(f"! {each.name} would be started")
            elif each.release != wanted:
                lines.append(f"! {each.name} would be restarted: it runs {each.release}")
        return lines

    def status(self) -> Sequence[Instance]:
        """Every process that should run."""
        return self._keeper.status()

    def scale(self, name: str, number: int) -> None:
        """Run so many until the next ``up``.

        Raises:
            InvalidInput: It isn't part of the plan, or can't run so many times here.
            NotWell: One of them doesn't get ready.
        """
        self._keeper.scale(self._component(name), number)

    def logs(self, name: str | None, lines: int) -> str:
        """The last lines of a component's files, or of all."""
        components = processes(self._plan) if name is None else (self._component(name),)
        written = [str(path) for each in components for path in self._keeper.logs(each) if path.is_file()]
        if not written:
            raise InvalidInput(f"nothing was written yet below {self._host.logs}")
        return self._runner.ask(Command(("tail", f"--lines={lines}", *written)))

    def down(self) -> None:
        """Stop everything; data, releases and the operator's file stay."""
        self._keeper.down()

    def _steps(self, release: Release, images: Images) -> Iterable[Step]:
        yield "write files", lambda: self._runner.write(release.files, self._folder)
        yield "dump", lambda: self._dump(release)
        yield "install and switch", lambda: self._switch(release, *self._made_from(images))

    def _dump(self, release: Release) -> None:
        """Dump the database where another version has run on it. Raises CommandFailed, Unavailable."""
        running, applied = self._running(), self._ledger.current()
        same_version = applied and applied.id == running and applied.version == release.version
        if not running or running == release.id or same_version:
            return
        variables = Path(self._host.variables)
        usual = {"POSTGRES_HOST": self._plan.choices.database.host or "127.0.0.1", "POSTGRES_USER": "datalab"}
        usual |= {"POSTGRES_PORT": str(self._plan.choices.database.port), "POSTGRES_DB": "datalab"}
        values = usual | (parsed(variables.read_text()) if variables.is_file() else {})
        backups = Path(self._host.root, "backups")
        path = dump_here(self._runner, values, self._host.user, backups, running)
        self._say(f"dumped the database to {path}")

    def _made_from(self, images: Images) -> tuple[str, ...]:
        """A wheel that lies in the clone, or one that the script builds from it: no registry has any."""
        if images is not Images.THERE:
            return ()
        found = sorted((self._folder / "dist").glob(f"datalab_stack-{self._plan.version}-*.whl"))
        if not found:
            raise InvalidInput(f"no wheel of version {self._plan.version} lies in {self._folder / 'dist'}")
        return ("--wheel", str(found[-1].absolute()))

    def _switch(self, release: Release, *options: str) -> None:
        """Run the script. Raises NotWell when it took the release back, CommandFailed when it broke off."""
        arguments = ("--with", self._keeper.name, "--release", release.id, *options, str(self._folder.absolute()))
        # As if the operator had run it: it builds with the tools and the proxies that they have.
        command = Command(("bash", DEPLOY, *arguments), self._folder, dict(os.environ), timeout_s=_LONGEST_S)
        rehearsed = replace(
            command, arguments=("bash", "-s", "--", "--dry-run", *arguments), text=release.files[DEPLOY]
        )
        try:
            self._runner.change(replace(command, rehearsed=rehearsed))
        except CommandFailed as error:
            if error.exit_code == NOT_WELL:
                raise NotWell(error.detail) from error
            raise

    def _put_files_back(self, release: Release) -> None:
        """The script itself went back to what ran; the clone's files follow."""
        self._runner.write(release.files, self._folder)

    def _bring_back(self, release: Release) -> None:
        self._put_files_back(release)
        self._switch(release, "--installed")

    def _running(self) -> str:
        """The release that the host points at; empty while there is none."""
        current = Path(self._host.root, "current")
        return current.readlink().name if current.is_symlink() else ""

    def _component(self, name: str) -> Component:
        known = {each.name: each for each in processes(self._plan)}
        if name not in known:
            raise InvalidInput(f"{name} is no process of this host; there are {', '.join(known)}")
        return known[name]
