"""A collector of spans for tests: OTLP over HTTP on a port of the loopback interface."""

import gzip
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

PATH = "/v1/traces"


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it arrived. ``kind`` and ``status`` are the protocol's words, such as ``SPAN_KIND_SERVER``."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    status: str
    attributes: dict[str, object]
    resource: dict[str, object]


class Collector:
    """Keeps all spans that arrive."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._spans: list[Seen] = []
        self._lock = threading.Lock()

    def spans(self, trace_id: str | None = None) -> list[Seen]:
        """Those that have arrived, of one trace if it is named."""
        with self._lock:
            return [span for span in self._spans if trace_id in (None, span.trace_id)]

    def take(self, body: bytes) -> None:
        """Keep the spans of one request."""
        request = ExportTraceServiceRequest.FromString(body)
        found = [
            _seen(dict(_plain(one.resource.attributes)), span)
            for one in request.resource_spans
            for scope in one.scope_spans
            for span in scope.spans
        ]
        with self._lock:
            self._spans += found


@contextmanager
def collector() -> Generator[Collector]:
    """A collector that listens as long as the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take one batch."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            status = 200 if self.path == PATH else 404
            if status == 200:  # noqa: PLR2004
                taken.take(body)
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, name="collector")
    thread.start()
    try:
        yield taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _seen(resource: dict[str, object], span: Any) -> Seen:
    kinds, codes = span.DESCRIPTOR.enum_types_by_name["SpanKind"], span.status.DESCRIPTOR.enum_types_by_name
    return Seen(
        service=str(resource["service.name"]),
        name=span.name,
        kind=kinds.values_by_number[span.kind].name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        status=codes["StatusCode"].values_by_number[span.status.code].name,
        attributes=dict(_plain(span.attributes)),
        resource=resource,
    )


def _plain(attributes: Any) -> Generator[tuple[str, object]]:
    for one in attributes:
        yield one.key, getattr(one.value, one.value.WhichOneof("value"))
