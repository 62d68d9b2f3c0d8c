"""supervisor as what keeps a plan's processes running: a program for each component, some of them several times."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from datalab.contracts.errors import InvalidInput, Unavailable
from datalab.deploy.apply.bare.host_processes import HostProcesses
from datalab.deploy.apply.command import Command, Runner
from datalab.deploy.apply.lifecycle import Instance
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import STRIDE, Host, instances, processes
from datalab.deploy.renderers.supervisor import CONFIGURATION
from datalab.deploy.topology.component import Component

GROUP = "datalab"
_LINE = re.compile(rf"{GROUP}:(\S+)\s+([A-Z]+)\s*(?:pid (\d+))?")
_SOME_DO_NOT_RUN, _NONE_IS_KNOWN = 3, 4
"""What ``supervisorctl status`` ends with though it answered."""


class SupervisorKeeper:
    """The programs of one plan."""

    name = "supervisor"

    def __init__(self, runner: Runner, plan: Plan, host: Host) -> None:
        self._runner = runner
        self._plan = plan
        self._host = host
        self._processes = HostProcesses(runner)

    def places(self, files: Iterable[str]) -> Mapping[str, Path]:
        """The programs; what starts them stays in the release."""
        return {path: self._configuration for path in files if path == CONFIGURATION}

    def status(self) -> Sequence[Instance]:
        """Every program; supervisor doesn't count how often it started one again."""
        told = self._told()
        return [
            self._instance(component, number, *told.get(f"{component.name}-{number}", ("missing", 0)))
            for component in processes(self._plan)
            for number in range(instances(self._plan, component))
        ]

    def scale(self, component: Component, number: int) -> None:
        """Start or stop some of the programs that there are: others would have ports that nobody knows of."""
        there = instances(self._plan, component)
        if number > there:
            raise InvalidInput(
                f"{component.name} has {there} programs; for more say replicas.{component.name} = {number} in "
                "datalab.toml and bring it up: the edge and its callers must know their ports"
            )
        states = self._told()
        for each in range(number):
            if states.get(f"{component.name}-{each}", ("", 0))[0] != "running":
                self._change("start", f"{GROUP}:{component.name}-{each}")
                self._processes.await_healthy(component, _port(component, each))
        for each in reversed(range(number, there)):
            self._change("stop", f"{GROUP}:{component.name}-{each}")

    def logs(self, component: Component) -> Sequence[Path]:
        """A file for each program."""
        number = instances(self._plan, component)
        return [Path(self._host.logs, f"{component.name}-{each}.log") for each in range(number)]

    def down(self) -> None:
        """Without its file supervisor stops the group and forgets it."""
        self._runner.change(Command(("rm", "-f", str(self._configuration))))
        self._change("update", GROUP)

    @property
    def _configuration(self) -> Path:
        return Path(self._host.programs, "datalab.conf")

    def _told(self) -> dict[str, tuple[str, int]]:
        """State and process of each program that supervisor knows.

        Raises:
            Unavailable: supervisor doesn't answer.
        """
        command = ("supervisorctl", "status", f"{GROUP}:*")
        asked = self._runner.ask(Command(command, accepted=(0, _SOME_DO_NOT_RUN, _NONE_IS_KNOWN)))
        found = {match[1]: (match[2].lower(), int(match[3] or 0)) for match in _LINE.finditer(asked)}
        if not found and "no such group" not in asked:
            raise Unavailable(f"supervisor doesn't answer: {asked.strip()}")
        return found

    def _instance(self, component: Component, number: int, state: str, pid: int) -> Instance:
        return Instance(
            name=f"{component.name}-{number}",
            component=component.name,
            release=self._processes.release(pid),
            state=state,
            health=self._processes.health(component, _port(component, number)) if pid else "",
            restarts=None,
        )

    def _change(self, *arguments: str) -> None:
        self._runner.change(Command(("supervisorctl", *arguments)))


def _port(component: Component, number: int) -> int:
    return component.ports[0].number + STRIDE * number
