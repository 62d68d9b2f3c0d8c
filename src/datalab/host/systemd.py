"""What systemd hands a process, and what it is told: sockets that outlive restarts, readiness, signs of life."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncGenerator, MutableMapping
from contextlib import asynccontextmanager

from datalab.contracts.errors import InvalidInput
from datalab.kernel.telemetry.logs import get_logger

FIRST_DESCRIPTOR = 3
READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
_log = get_logger(__name__)


class Notifier:
    """Tells systemd of this process, when it asked for it (``NOTIFY_SOCKET``), otherwise nobody.

    ``alive_s``: how often it wants a sign of life, ``None`` when it wants none.
    """

    def __init__(self, address: str | None, alive_s: float | None = None) -> None:
        self._address = address
        self._told_alive = float("-inf")
        self.alive_s = alive_s

    def tell(self, state: str) -> None:
        """Say it; that nobody listens any more harms nothing."""
        if self._address is None:
            return
        # A name that begins with @ is in the abstract namespace.
        place = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
                line.setblocking(False)
                line.sendto(state.encode(), place)
        except OSError as error:
            _log.warning("systemd can't be told", state=state, reason=str(error))

    def tell_alive(self) -> None:
        """Give a sign of life when one is due; where there is no event loop, to be called often."""
        now = time.monotonic()
        if self.alive_s is not None and now - self._told_alive >= self.alive_s:
            self._told_alive = now
            self.tell(ALIVE)

    @asynccontextmanager
    async def signs_of_life(self) -> AsyncGenerator[None]:
        """Tell as often as it is wanted that this event loop turns."""
        if self.alive_s is None:
            yield
            return
        telling = asyncio.create_task(self._tell_again(self.alive_s), name="signs of life")
        try:
            yield
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell_again(self, pause_s: float) -> None:
        while True:
            self.tell(ALIVE)
            await asyncio.sleep(pause_s)


def notifier(variables: MutableMapping[str, str] = os.environ) -> Notifier:
    """By what systemd gave this process; taken out of the environment, for it is no child's business."""
    address, pid = variables.pop("NOTIFY_SOCKET", None), variables.pop("WATCHDOG_PID", None)
    microseconds = variables.pop("WATCHDOG_USEC", "")
    wanted = address and microseconds.isdigit() and pid in (None, str(os.getpid()))
    # Half of the time, as sd_watchdog_enabled(3) has it.
    return Notifier(address or None, int(microseconds) / 2e6 if wanted else None)


def handed_over(descriptor: int | None, variables: MutableMapping[str, str] = os.environ) -> socket.socket | None:
    """The listening socket that this process was started with: at ``descriptor``, else the first one of systemd.

    Raises:
        InvalidInput: There is no stream socket at that descriptor.
    """
    pid, count = variables.pop("LISTEN_PID", None), variables.pop("LISTEN_FDS", "0")
    variables.pop("LISTEN_FDNAMES", None)
    if descriptor is None and pid == str(os.getpid()) and count != "0":
        descriptor = FIRST_DESCRIPTOR
    if descriptor is None:
        return None
    try:
        given = socket.socket(fileno=descriptor)
    except OSError as error:
        raise InvalidInput(f"descriptor {descriptor} is no socket: {error.strerror}") from None
    if given.type != socket.SOCK_STREAM:
        given.detach()
        raise InvalidInput(f"descriptor {descriptor} is a socket of another kind than TCP's (ListenStream=)")
    return given
