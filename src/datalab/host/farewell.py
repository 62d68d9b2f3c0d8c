"""From the signal that tells a process to stop to the moment in which it accepts no more."""

import asyncio
import signal
from collections.abc import Callable

from datalab.kernel.http.stopping import Stopping
from datalab.kernel.telemetry.logs import get_logger

_log = get_logger(__name__)
GoOn = Callable[[], object]


class Farewell:
    """Holds the server's own end back for ``linger_s`` seconds after SIGTERM, in which all others learn of it.

    SIGINT is somebody at a terminal, or the supervisor that has another worker on the same socket: nobody must be turned
    away first. Nor does a second signal wait.
    """

    def __init__(self, stopping: Stopping, linger_s: float, drain: Callable[[], None]) -> None:
        self._stopping = stopping
        self._linger_s = linger_s
        self._drain = drain
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def hear(self, number: int, go_on: GoOn) -> None:
        """Begin to linger, or go on at once. Called by a signal's handler, in the middle of whatever runs."""
        lingers = number == signal.SIGTERM and self._linger_s > 0 and not self._stopping.begun
        self._stopping.begun = True
        if lingers:
            self._loop.call_soon_threadsafe(self._linger, go_on)
        else:
            self._end(go_on)

    def close(self) -> None:
        """The server has ended, however that came."""
        if self._timer is not None:
            self._timer.cancel()

    def _linger(self, go_on: GoOn) -> None:
        _log.info("told to stop: answers on until others have turned away", seconds=self._linger_s)
        self._timer = self._loop.call_later(self._linger_s, self._end_of_lingering, go_on)

    def _end_of_lingering(self, go_on: GoOn) -> None:
        if not self._stopping.draining:
            self._end(go_on)

    def _end(self, go_on: GoOn) -> None:
        self._drain()
        go_on()
