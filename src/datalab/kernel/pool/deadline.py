"""A clock that runs only while work is being waited for."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final


class Deadline:
    """Counts the seconds inside its ``with`` blocks; outside them, waits at most ``hold_s`` for the next.

    Each of the two callbacks is called at most once, when its time is used up.
    """

    def __init__(
        self, seconds: float, *, hold_s: float, on_expiry: Callable[[], None], on_stall: Callable[[], None]
    ) -> None:
        self._left = seconds
        self._hold_s: Final = hold_s
        self._on_expiry: Final = on_expiry
        self._on_stall: Final = on_stall
        self._since = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._stopped = False

    def __enter__(self) -> None:
        self._since = asyncio.get_running_loop().time()
        self._arm(self._left, self._on_expiry)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._left -= asyncio.get_running_loop().time() - self._since
        self._arm(self._hold_s, self._on_stall)

    def stop(self) -> None:
        """Forget the time: nothing is called any more."""
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self, seconds: float, callback: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if not self._stopped:
            self._timer = asyncio.get_running_loop().call_later(max(seconds, 0), callback)
