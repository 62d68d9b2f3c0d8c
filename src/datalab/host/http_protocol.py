"""uvicorn's HTTP protocol, speaking of what it can't read as the services speak of every error."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from datalab.contracts.errors import MalformedInput
from datalab.contracts.ids import new_id
from datalab.host.lazy_app import STOPPING
from datalab.kernel.http.problems import problem_response
from datalab.kernel.http.stopping import Stopping

FIRST_REQUEST_S = 3.0
"""How long a connection that was accepted before the drain may take to ask."""

LONGEST_URL = 65_535
"""llhttp reads no longer one."""


class HttpProtocol(HttpToolsProtocol):
    """Answers a request that is no HTTP, or whose address is too long, with a problem; drains without dropping one.

    A connection that was accepted but has not asked yet is nobody else's: closed at once, as uvicorn would, its request
    might be on its way and get no answer. Nor is one that is idle between two requests closed before its time: whoever
    keeps it lets go of it sooner. While the process lingers the server closes none of them by itself.
    """

    _asks_last = False
    _overdue = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin; one that was accepted in the last moment is drained like the others."""
        super().connection_made(transport)
        if self._stopping.draining:
            self.shutdown()

    def shutdown(self) -> None:
        """Begin to drain: what is being answered is finished, and one that is idle or new may still ask once."""
        if self.cycle is None:  # pyright: ignore[reportUnnecessaryComparison] # none before the first request
            self._asks_last = True
            self.loop.call_later(FIRST_REQUEST_S, self._close_unasked)
        elif not self.cycle.response_complete or self._overdue or self._stopping.hurried:
            super().shutdown()
        else:
            self._asks_last = True

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, unless its owner is just being given the time to let go of it."""
        if self._stopping.begun and not self._stopping.draining:
            self._overdue = True
        else:
            super().timeout_keep_alive_handler()

    def on_response_complete(self) -> None:
        """Close after the one answer that a draining connection still gets."""
        super().on_response_complete()
        if self._asks_last:
            self.transport.close()

    @property
    def _stopping(self) -> Stopping:
        return self.app_state.get(STOPPING) or Stopping()

    def _close_unasked(self) -> None:
        if self.cycle is None:  # pyright: ignore[reportUnnecessaryComparison] # likewise
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong and close the connection."""
        detail = f"{msg.rstrip('.')}: it breaks the protocol, or its address is longer than {LONGEST_URL:,} bytes"
        answer = problem_response(MalformedInput(detail), new_id())
        headers = b"".join(b"%s: %s\r\n" % header for header in answer.raw_headers)
        body = bytes(answer.body)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + headers + b"connection: close\r\n\r\n" + body)
        self.transport.close()
