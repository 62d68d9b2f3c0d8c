"""systemd as what keeps a plan's processes running: one unit for each component."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from datalab.contracts.errors import InvalidInput
from datalab.deploy.apply.bare.host_processes import HostProcesses
from datalab.deploy.apply.command import Command, Runner
from datalab.deploy.apply.lifecycle import Instance
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import SCALING, Host, processes
from datalab.deploy.renderers.systemd import FOLDER, TARGET, socket, unit
from datalab.deploy.topology.component import Component, Role

_KINDS = (".service", ".socket", ".target", ".timer")
_TOLD = ("Id", "LoadState", "ActiveState", "MainPID", "NRestarts")
_LEAST = 2
"""With one worker a unit would end at a reload."""


class SystemdKeeper:
    """The units of one plan."""

    name = "systemd"

    def __init__(self, runner: Runner, plan: Plan, host: Host) -> None:
        self._runner = runner
        self._plan = plan
        self._host = host
        self._processes = HostProcesses(runner)

    def places(self, files: Iterable[str]) -> Mapping[str, Path]:
        """The units; the rest stays in the release."""
        units = (path for path in files if path.startswith(f"{FOLDER}/") and path.endswith(_KINDS))
        return {path: Path(self._host.units, Path(path).name) for path in units}

    def status(self) -> Sequence[Instance]:
        """Every unit; a service's health is what its port answers."""
        components = {unit(each): each for each in processes(self._plan)}
        asked = self._runner.ask(Command(("systemctl", "show", f"--property={','.join(_TOLD)}", *components)))
        told = [dict(line.split("=", 1) for line in block.splitlines()) for block in asked.strip().split("\n\n")]
        return [self._instance(components[each["Id"]], each) for each in told]

    def scale(self, component: Component, number: int) -> None:
        """Have so many processes answer behind a service's socket: its unit gets a drop-in and is restarted."""
        if component.role is not Role.SERVICE:
            raise InvalidInput(f"{component.name} runs once under systemd; DATALAB_COMPUTE_SLOTS are its jobs at once")
        if not _LEAST <= number <= component.replicas.maximum:
            most = component.replicas.maximum
            raise InvalidInput(f"{component.name} is one unit, of {_LEAST} to {most} processes; not of {number}")
        folder = Path(self._host.units, f"{unit(component)}.d")
        # Only a later file comes after the operator's.
        conf = f"[Service]\nEnvironmentFile={folder}/{SCALING}.env\n"
        self._runner.write({f"{SCALING}.conf": conf, f"{SCALING}.env": f"WORKER_PROCESSES={number}\n"}, folder)
        self._change("daemon-reload")
        self._change("restart", unit(component))
        self._processes.await_healthy(component, component.ports[0].number)

    def logs(self, component: Component) -> Sequence[Path]:
        """One file."""
        return (Path(self._host.logs, f"{component.name}.log"),)

    def down(self) -> None:
        """The target's units stop with it; named beside it, they are waited for."""
        sockets = [socket(each) for each in self._plan.with_role(Role.SERVICE)]
        self._change("disable", "--quiet", TARGET)
        self._change("stop", TARGET, *sockets, *map(unit, processes(self._plan)))

    def _instance(self, component: Component, told: Mapping[str, str]) -> Instance:
        known, pid = told["LoadState"] == "loaded", int(told["MainPID"])
        return Instance(
            name=unit(component),
            component=component.name,
            release=self._processes.release(pid),
            state=told["ActiveState"] if known else "missing",
            health=self._processes.health(component, component.ports[0].number) if pid else "",
            restarts=int(told["NRestarts"]),
        )

    def _change(self, *arguments: str) -> None:
        self._runner.change(Command(("systemctl", *arguments)))
