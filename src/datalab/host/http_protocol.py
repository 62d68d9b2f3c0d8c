"""uvicorn's HTTP protocol, speaking of what it can't read as the services speak of every error."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from datalab.contracts.errors import MalformedInput
from datalab.contracts.ids import new_id
from datalab.kernel.http.problems import problem_response

LONGEST_URL = 65_535
"""llhttp reads no longer one."""


class HttpProtocol(HttpToolsProtocol):
    """Answers a request that is no HTTP, or whose address is too long, with a problem."""

    def send_400_response(self, msg: str) -> None:
        """Say what was wrong and close the connection."""
        detail = f"{msg.rstrip('.')}: it breaks the protocol, or its address is longer than {LONGEST_URL:,} bytes"
        answer = problem_response(MalformedInput(detail), new_id())
        headers = b"".join(b"%s: %s\r\n" % header for header in answer.raw_headers)
        body = bytes(answer.body)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + headers + b"connection: close\r\n\r\n" + body)
        self.transport.close()
