"""A platform whose processes a supervisor starts again whenever they die, as in production: supervisord."""

import ctypes
import os
import signal
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

BACK_S = 180.0
"""How long a process that was killed may take to answer again on a machine that is busy."""
_DEATH_SIGNAL, _SUBREAPER = 1, 36
_HEAD = """[supervisord]
nodaemon=true
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
"""
_PROGRAM = """
[program:{name}]
command={command}
environment={environment}
redirect_stderr=true
stdout_logfile={log}
stdout_logfile_maxbytes=0
autorestart=true
startsecs=0
stopsignal=KILL
"""


class Supervised:
    """The platform's processes under supervisord, each of which may be killed at any time."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.platform = platform
        self._folder = folder
        self._daemon: subprocess.Popen[bytes] | None = None

    @property
    def names(self) -> list[str]:
        """The programs."""
        return list(self.platform.processes)

    def running(self) -> dict[str, psutil.Process]:
        """The programs that run now."""
        by_command = {_command(process.arguments): name for name, process in self.platform.processes.items()}
        found: dict[str, psutil.Process] = {}
        for child in self._children():
            command = _command_of(child)
            if command in by_command:
                found[by_command[command]] = child
        return found

    def orphans(self) -> list[str]:
        """Processes that programs which died have left behind."""
        programs = {process.pid for process in self.running().values()}
        return [" ".join(_command_of(child)) for child in self._children() if child.pid not in programs]

    def kill(self, names: list[str]) -> None:
        """End these programs as a power cut would, and wait until others run in their place and answer."""
        before = self.running()
        for name in names:
            before[name].kill()
        self.wait_back({name: before[name].pid for name in names})

    def wait_back(self, killed: dict[str, int]) -> None:
        """Wait until all programs run, none of them as the process that was killed, and answer."""
        until = time.monotonic() + BACK_S
        while not self._are_back(killed):
            if time.monotonic() > until:
                logs = {name: self.platform.processes[name].last_log(1500) for name in killed}
                raise AssertionError(f"not back within {BACK_S:g} s: {logs}")
            time.sleep(0.1)

    def _are_back(self, killed: dict[str, int]) -> bool:
        running = self.running()
        if any(name not in running or running[name].pid == killed.get(name) for name in self.names):
            return False
        urls = [self.platform.processes[name].ready_url for name in killed]
        return all(_is_ready(url) for url in urls if url is not None)

    def _children(self) -> list[psutil.Process]:
        assert self._daemon is not None
        assert self._daemon.poll() is None, "supervisord has ended"
        children = psutil.Process(self._daemon.pid).children()
        return [child for child in children if _is_alive(child)]

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        configuration = self._folder / "supervisord.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(_HEAD.format(folder=self._folder) + "".join(map(self._program, self.names)))
        with (self._folder / "supervisord.out").open("ab") as out:
            self._daemon = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
                env=inherited(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                preexec_fn=_adopt_orphans,  # noqa: PLW1509 - no other thread runs yet
            )
        self.wait_back(dict.fromkeys(self.names, 0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._daemon is not None
        family = psutil.Process(self._daemon.pid).children(recursive=True)
        self._daemon.terminate()
        try:
            self._daemon.wait(30)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            self._daemon.wait()
        for process in family:
            if process.is_running():
                process.kill()

    def _program(self, name: str) -> str:
        process = self.platform.processes[name]
        process.log.parent.mkdir(parents=True, exist_ok=True)
        environment = ",".join(f'{key}="{value.replace("%", "%%")}"' for key, value in process.environment.items())
        command = " ".join(_command(process.arguments))
        return _PROGRAM.format(name=name, command=command, environment=environment, log=process.log)


def _command(arguments: tuple[str, ...]) -> tuple[str, ...]:
    return (sys.executable, "-m", "datalab.cli.main", *arguments)


def _command_of(process: psutil.Process) -> tuple[str, ...]:
    try:
        return tuple(process.cmdline())
    except psutil.Error:
        return ()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def _adopt_orphans() -> None:
    """Be the parent of what outlives its own, so that it can be counted; end with the test's process."""
    process = ctypes.CDLL(None)
    process.prctl(_SUBREAPER, 1)
    process.prctl(_DEATH_SIGNAL, signal.SIGTERM)
    os.setsid()
