"""uvicorn's HTTP protocol, speaking of what it can't read as the services speak of every error."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from datalab.contracts.errors import MalformedInput
from datalab.contracts.ids import new_id
from datalab.kernel.http.problems import problem_response

FIRST_REQUEST_S = 1.0
"""How long a connection that was accepted before the drain may take to ask."""

LONGEST_URL = 65_535
"""llhttp reads no longer one."""


class HttpProtocol(HttpToolsProtocol):
    """Answers a request that is no HTTP, or whose address is too long, with a problem; drains without dropping one.

    A connection that was accepted but has not asked yet is nobody else's: closed at once, as uvicorn would, its request
    might be on its way and get no answer.
    """

    _asks_last = False

    def shutdown(self) -> None:
        """Begin to drain: an idle connection closes, a new one may still ask once."""
        if self.cycle is not None:  # pyright: ignore[reportUnnecessaryComparison] # none before the first request
            super().shutdown()
            return
        self._asks_last = True
        self.loop.call_later(FIRST_REQUEST_S, self._close_unasked)

    def on_response_complete(self) -> None:
        """Close after the one answer that a draining connection still gets."""
        super().on_response_complete()
        if self._asks_last:
            self.transport.close()

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
