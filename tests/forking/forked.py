"""Platforms and commands, started as forks; they live, die and are asked as any others."""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.forking.nursed import nursery
from tests.forking.zygote import NUMBER

from datalab.kernel.testing.processes import PlatformProcess, inherited

ROOT = Path(__file__).parents[2]


@cache
def zygote() -> socket.socket:
    """Where this process's zygote takes orders; it ends with this process."""
    ours, theirs = socket.socketpair()
    with theirs:
        number = theirs.fileno()
        command = [sys.executable, "-m", "tests.forking.zygote", str(number), nursery()]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[number], env=inherited())

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


class Forked:
    """One forked process, as :mod:`subprocess` would show it."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self._asked, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(zygote(), [b"\0"], [theirs.fileno()])
        self._asked.sendall(json.dumps(order).encode())
        self._asked.shutdown(socket.SHUT_WR)
        told = self._told()
        assert told is not None, "the process that forks has ended"
        self.pid = told
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutExpired."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("datalab", timeout or 0)
        return code

    def kill(self) -> None:
        """End it at once."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._asked], [], [], timeout)[0]:
            told = self._told()
            self.returncode = -signal.SIGKILL if told is None else told
            self._asked.close()
        return self.returncode

    def _told(self) -> int | None:
        told = self._asked.recv(NUMBER.size, socket.MSG_WAITALL)
        return NUMBER.unpack(told)[0] if told else None


class ForkedPlatform(PlatformProcess):
    """A platform's process that is launched by forking; ``before`` (``module:function``) is called there first."""

    before: str | None = None

    def launch(self) -> None:
        """Start without waiting."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        environment = {**inherited(), **self.environment}
        order = {"arguments": self.arguments, "environment": environment, "log": str(self.log)}
        self._process = Forked(order if self.before is None else {**order, "before": self.before})


def run(
    arguments: tuple[str, ...], environment: Mapping[str, str], within_s: float
) -> subprocess.CompletedProcess[str]:
    """What the command line does in this environment. Raises TimeoutExpired."""
    with tempfile.TemporaryDirectory() as folder:
        log, errors = Path(folder, "log"), Path(folder, "errors")
        order = {"arguments": arguments, "environment": dict(environment), "log": str(log), "errors": str(errors)}
        process = Forked(order)
        try:
            code = process.wait(within_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return subprocess.CompletedProcess(arguments, code, log.read_text(), errors.read_text())
