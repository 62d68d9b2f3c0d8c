"""Several workers on one socket: uvicorn's supervisor, which replaces and ends them without losing a request."""

import os
import signal
import socket
import sys
import time

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from datalab.host.server import WORKER_READY_S
from datalab.host.systemd import READY, STOPPING, notifier
from datalab.kernel.telemetry.logs import get_logger

_END = (signal.SIGTERM, signal.SIGINT)
_LOOK_S = 0.2
_log = get_logger(__name__)


class Supervisor(Multiprocess):
    """Keeps its workers running until SIGTERM or SIGINT, and replaces them one by one at SIGHUP.

    A worker that is told to stop lingers, for it can't know whether others go on. One that is replaced needn't: another
    listens on its socket already, so it gets SIGINT, at which workers drain at once.
    """

    def __init__(self, config: uvicorn.Config, bound: socket.socket) -> None:
        bound.set_inheritable(True)
        self._notifier = notifier()
        self._told_ready = False
        super().__init__(config, [bound])

    def keep_subprocess_alive(self) -> None:
        """Start a worker anew that ended or hangs; tell systemd that all is well, first when all are ready."""
        super().keep_subprocess_alive()
        self._notifier.tell_alive()
        if not self._told_ready and all(process.is_ready(timeout=1) for process in self.processes):
            self._told_ready = True
            self._notifier.tell(READY)

    def terminate_all(self) -> None:
        """Tell systemd and the workers."""
        self._notifier.tell(STOPPING)
        super().terminate_all()

    def restart_all(self) -> None:
        """Replace each worker by a new one that answers already; a signal to end comes first."""
        for index, old in enumerate(self.processes):
            if self._is_told_to_end():
                return
            new = Process(self.config, self.sockets)
            new.start()
            if not self._gets_ready(new):
                new.kill()
                new.join()
                _log.error("a new worker did not get ready, so the old ones stay", pid=new.pid, kept=old.pid)
                return
            self.processes[index] = new
            _tell(old, signal.SIGINT)
            while old.process.is_alive() and not self._is_told_to_end():
                self._notifier.tell_alive()
                old.process.join(_LOOK_S)

    def join_all(self) -> None:
        """Wait for the workers' end; what the supervisor is told meanwhile, it tells them."""
        while any(process.process.is_alive() for process in self.processes):
            self._notifier.tell_alive()
            self._pass_on()
            for process in self.processes:
                process.process.join(_LOOK_S)

    def run(self) -> None:
        """Keep the workers running. Exits with their code when they can't start."""
        super().run()
        if any(process.exitcode == STARTUP_FAILURE for process in self.processes):
            sys.exit(STARTUP_FAILURE)

    def _gets_ready(self, new: Process) -> bool:
        until = time.monotonic() + WORKER_READY_S
        while time.monotonic() < until and new.process.is_alive():
            self._notifier.tell_alive()
            if new.wait_until_ready(1.0):
                return True
        return False

    def _pass_on(self) -> None:
        while self.signal_queue:
            number = self.signal_queue.pop(0)
            for process in self.processes:
                if number in _END:
                    _tell(process, number)

    def _is_told_to_end(self) -> bool:
        return any(number in self.signal_queue for number in _END)


def _tell(process: Process, number: int) -> None:
    if process.process.is_alive() and process.pid is not None:
        os.kill(process.pid, number)
