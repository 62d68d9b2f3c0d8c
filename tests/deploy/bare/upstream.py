"""Services that tell what reached them, for whatever stands before them."""

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OWN_POLICY = "/own-policy"
"""A path whose answer brings its own policy."""


class Upstream:
    """One instance of one service."""

    def __init__(self, name: str, port: int) -> None:
        upstream = self
        self.is_ready = True

        class Handler(_Handler):
            def do_GET(self) -> None:
                upstream.answer(self)

            do_POST = do_PUT = do_GET  # noqa: N815 - the base calls them so

        self.name = name
        self._server = _Server(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        """Tell who was asked what."""
        path = asked.path.partition("?")[0]
        if path == "/ready" and not self.is_ready:
            _send(asked, 503, {})
            return
        policy = {"Content-Security-Policy": "default-src 'self'", "X-Frame-Options": "SAMEORIGIN"}
        headers = {name.lower(): value for name, value in asked.headers.items()}
        told = {"service": self.name, "path": asked.path, "headers": headers}
        _send(asked, 200, told, policy if path == OWN_POLICY else {})

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asks whether it is ready needn't wait for all of the answer."""


class _Handler(BaseHTTPRequestHandler):
    # One connection a request: a thread that waits for another one would outlive the test.
    protocol_version = "HTTP/1.0"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _send(asked: BaseHTTPRequestHandler, status: int, told: object, headers: Mapping[str, str] | None = None) -> None:
    body = json.dumps(told).encode()
    asked.send_response(status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **(headers or {}),
    }.items():
        asked.send_header(name, value)
    asked.end_headers()
    asked.wfile.write(body)
