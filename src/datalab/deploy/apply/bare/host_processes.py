"""What can be known of a process on this host, whoever keeps it running."""

import re
import sys

from datalab.deploy.apply.command import Command, CommandFailed, Runner
from datalab.deploy.apply.lifecycle import NotWell
from datalab.deploy.topology.component import Component, HttpProbe

READY_WITHIN_S = 300
_RELEASE = re.compile(r"/releases/([^/\s\0]+)/")
HEALTHY, UNHEALTHY, UNASKED = "healthy", "unhealthy", "none"


class HostProcesses:
    """The processes of this host."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def release(self, pid: int) -> str:
        """The release that a process runs; empty when there is none."""
        if not pid:
            return ""
        try:
            told = self._runner.ask(Command(("cat", f"/proc/{pid}/cmdline")))
        except CommandFailed:
            return ""
        match = _RELEASE.search(told)
        return match[1] if match else ""

    def health(self, component: Component, port: int) -> str:
        """Whether the instance on a port answers that it is well."""
        check = component.ready or (component.health.check if component.health else None)
        if not isinstance(check, HttpProbe):
            return UNASKED
        try:
            self._runner.ask(Command((sys.executable, "-m", "datalab.host.probe", str(port), check.path)))
        except CommandFailed:
            return UNHEALTHY
        return HEALTHY

    def await_healthy(self, component: Component, port: int) -> None:
        """Wait until the instance on a port is well. Raises NotWell."""
        if not self._runner.wait(lambda: self.health(component, port) != UNHEALTHY, READY_WITHIN_S):
            raise NotWell(f"{component.name} on port {port} was not ready within {READY_WITHIN_S} s")
