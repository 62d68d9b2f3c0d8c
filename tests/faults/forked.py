"""The embedded platform, started as a fork; it lives, dies and is asked as any other."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.shapes import Platform, embedded

from datalab.kernel.testing.processes import PlatformProcess, inherited

ROOT = Path(__file__).parents[2]


class Forked:
    """One forked process, as :mod:`subprocess` would show it."""

    def __init__(self, zygote: "subprocess.Popen[str]", order: dict[str, Any]) -> None:
        assert zygote.stdin is not None
        assert zygote.stdout is not None
        self._answers = zygote.stdout
        zygote.stdin.write(json.dumps(order) + "\n")
        zygote.stdin.flush()
        self.pid = int(self._answers.readline())
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
            os.kill(self.pid, 9)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._answers], [], [], timeout)[0]:
            self.returncode = int(self._answers.readline())
        return self.returncode


class ForkedPlatform(PlatformProcess):
    """A platform's process that is launched by forking."""

    def __init__(self, like: PlatformProcess, zygote: "subprocess.Popen[str]") -> None:
        super().__init__(like.arguments, environment=like.environment, log=like.log, ready_url=like.ready_url)
        self._zygote = zygote

    def launch(self) -> None:
        """Start without waiting."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        environment = {**inherited(), **self.environment}
        order = {"arguments": self.arguments, "environment": environment, "log": str(self.log)}
        self._process = Forked(self._zygote, order)


@contextmanager
def forking(home: Path, environment: Mapping[str, str]) -> Iterator[Platform]:
    """The platform in one process, started by forking, and killed at the end."""
    platform = embedded(home, environment)
    command = [sys.executable, "-m", "tests.faults.zygote"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as zygote:
        platform.processes["up"] = ForkedPlatform(platform.processes["up"], zygote)
        try:
            yield platform
        finally:
            platform.processes["up"].kill()
