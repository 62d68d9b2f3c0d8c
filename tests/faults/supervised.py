"""A platform whose processes a supervisor starts again whenever they die, as in production."""

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil
from tests.e2e.shapes import Platform

from datalab.kernel.testing.processes import inherited

ROOT = Path(__file__).parents[2]
BACK_S = 600.0
"""How long a process that was killed may take to answer again on a machine that is busy."""


class Supervised:
    """The platform's processes under a supervisor, each of which may be killed at any time."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.platform = platform
        self._folder = folder
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def names(self) -> list[str]:
        """The programs."""
        return list(self.platform.processes)

    def running(self) -> dict[str, int]:
        """The programs that run now, or did a moment ago."""
        told = self._folder / "running.json"
        return dict(json.loads(told.read_text())) if told.exists() else {}

    def orphans(self) -> list[str]:
        """Processes that programs which died have left behind."""
        assert self._supervisor is not None
        programs = set(self.running().values())
        children = psutil.Process(self._supervisor.pid).children()
        return [described(child) for child in children if child.pid not in programs and is_alive(child)]

    def kill(self, names: list[str]) -> None:
        """End these programs as a power cut would, and wait until others run in their place and answer."""
        before = self.running()
        for name in names:
            psutil.Process(before[name]).kill()
        self.wait_back({name: before[name] for name in names})

    def wait_back(self, killed: dict[str, int]) -> None:
        """Wait until all programs run, none of them as the process that was killed, and answer."""
        until = time.monotonic() + BACK_S
        while not self._are_back(killed):
            assert self._supervisor is not None
            assert self._supervisor.poll() is None, (self._folder / "supervisor.log").read_text()
            if time.monotonic() > until:
                logs = {name: self.platform.processes[name].last_log(1500) for name in killed}
                raise AssertionError(f"not back within {BACK_S:g} s: {logs}")
            time.sleep(0.2)

    def _are_back(self, killed: dict[str, int]) -> bool:
        running = self.running()
        if any(name not in running or running[name] == killed.get(name) for name in self.names):
            return False
        urls = [self.platform.processes[name].ready_url for name in killed]
        return all(_is_ready(url) for url in urls if url is not None)

    def __enter__(self) -> Self:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        orders = {name: self._order(name) for name in self.names}
        (self._folder / "orders.json").write_text(json.dumps(orders))
        with (self._folder / "supervisor.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.faults.supervisor", str(self._folder)]
            self._supervisor = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait_back(dict.fromkeys(self.names, 0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._supervisor is not None
        self._supervisor.terminate()
        self._supervisor.wait()

    def _order(self, name: str) -> dict[str, object]:
        process = self.platform.processes[name]
        process.log.parent.mkdir(parents=True, exist_ok=True)
        environment = {**inherited(), **process.environment}
        return {"arguments": list(process.arguments), "environment": environment, "log": str(process.log)}


def described(process: psutil.Process) -> str:
    """What it runs."""
    try:
        return f"process {process.pid}: {' '.join(process.cmdline())}"
    except psutil.Error as error:
        return str(error)


def is_alive(process: psutil.Process) -> bool:
    """Whether it runs, and isn't merely waiting to be reaped."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10).status_code == 200
    except httpx.TransportError:
        return False
