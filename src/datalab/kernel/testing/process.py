"""A server process for tests that never outlives its owner."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

START_TIMEOUT_S = 60.0
NOBODY = 65534
GUARD = """
(
  while kill -0 "$1" 2>/dev/null && kill -0 "$2" 2>/dev/null; do sleep 1; done
  kill -0 "$1" 2>/dev/null && exit
  kill "-$4" "$2" 2>/dev/null; sleep 1; kill -KILL "$2" 2>/dev/null
  rm -rf "$3"
) &
"""
"""Waits for the owner ($1) or the server ($2) to end; only when the owner did, ends the server and clears its folder."""


class ServerMissing(Exception):
    """The server's program can't be had on this machine; the message says how to get it."""


def private_folder(name: str, *, owner: int | None = None) -> Path:
    """A new folder under the system's temporary one; pytest's own is closed to other users."""
    folder = Path(tempfile.mkdtemp(prefix=f"datalab-{name}-"))
    if owner is not None:
        os.chown(folder, owner, owner)
    return folder


class ServerProcess:
    """One server: started, killed and started again on the same port and folder."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        ready: Callable[[], bool],
        end: signal.Signals = signal.SIGTERM,
        user: int | None = None,
    ) -> None:
        self.command = tuple(command)
        self.folder = folder
        self._ready = ready
        self._end = end
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's id. Raises :class:`RuntimeError` when it isn't running."""
        if self._process is None:
            raise RuntimeError(f"{self.command[0]} isn't running")
        return self._process.pid

    def start(self, owner: int | None = None) -> None:
        """Start and wait until it answers; it ends when the process ``owner`` (this one) has ended."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 # our own command line
                self.command,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
            )
        self._guard(owner or os.getpid())
        self._wait_until_ready()

    def kill(self) -> None:
        """End it and all its children as a crash would."""
        process = psutil.Process(self.pid)
        family = [process, *process.children(recursive=True)]
        self._signal(signal.SIGKILL)
        for member in family[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family[1:], timeout=10)

    def restart(self) -> None:
        """Kill it and start it anew with the same data."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End it quickly and remove its folder."""
        if self._process is not None:
            self._signal(self._end)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _signal(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def _guard(self, owner: int) -> None:
        subprocess.run(  # noqa: S603 # our own script
            ["/bin/sh", "-c", GUARD, "guard", str(owner), str(self.pid), str(self.folder), self._end.name[3:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._ready():
            ended = self._process is None or self._process.poll() is not None
            if ended or time.monotonic() > deadline:
                log = (self.folder / "server.log").read_text(errors="replace")[-2000:]
                self.stop()
                raise RuntimeError(f"{self.command[0]} {'ended' if ended else 'is not ready'}:\n{log}")
            time.sleep(0.05)
