"""Ending a process that should have ended by itself, and saying what held it up."""

import faulthandler
import os
import sys
import threading


class LastResort:
    """A clock that ends the process when it runs out; set again, it starts anew.

    Meant for the time after a server was told to stop: whatever was acknowledged is on the disk by then, and a thread
    that somebody left behind must not keep a supervisor waiting. The threads' stacks go to standard error.
    """

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None

    def set(self, seconds: float, exit_code: int) -> None:
        """End the process in ``seconds`` with ``exit_code``, unless it ended before."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, self._end, (exit_code,))
        self._timer.daemon = True
        self._timer.start()

    @staticmethod
    def _end(exit_code: int) -> None:
        print("the process does not end by itself and is ended; its threads:", file=sys.stderr)  # noqa: T201
        faulthandler.dump_traceback(all_threads=True)
        sys.stderr.flush()
        os._exit(exit_code)
