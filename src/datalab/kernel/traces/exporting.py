"""Spans on their way to a collector: kept in a bounded queue, sent in batches by a thread, lost before they hold up work."""

import asyncio
import logging
import os
import socket
import threading
from contextlib import suppress
from typing import Final

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_NAMESPACE, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

FLUSH_S: Final = 5.0
"""How long a process that stops may take to send its last spans."""

_SCOPE: Final = "datalab"
_log = structlog.stdlib.get_logger(__name__)


class Exporting:
    """One queue for the process, and a tracer for each service in it, under whose name its spans are sent."""

    def __init__(self, version: str) -> None:
        """Start the thread.

        Raises:
            ValueError: One of OpenTelemetry's variables can't be read.
        """
        self._version = version
        self._exporter = OTLPSpanExporter()
        self._processor = BatchSpanProcessor(self._exporter)
        self._tracers: dict[str, Tracer] = {}
        _quieten()

    def tracer_of(self, service: str) -> Tracer:
        """The tracer of a service, by its deployed name; the sampler is the one that the environment names."""
        if service not in self._tracers:
            provider = TracerProvider(resource=self._resource(service), shutdown_on_exit=False)
            provider.add_span_processor(self._processor)
            self._tracers[service] = provider.get_tracer(_SCOPE, self._version)
        return self._tracers[service]

    async def close(self) -> None:
        """Send what waits, for :data:`FLUSH_S` at most; a collector that doesn't answer holds no stop up."""
        sent, loop = asyncio.Event(), asyncio.get_running_loop()

        def send() -> None:
            self._processor.shutdown()
            with suppress(RuntimeError):  # the loop may be closed by then
                loop.call_soon_threadsafe(sent.set)

        # A thread of its own, which ends with the process: the loop's are waited for.
        threading.Thread(target=send, name="last spans", daemon=True).start()
        try:
            async with asyncio.timeout(FLUSH_S):
                await sent.wait()
        except TimeoutError:
            self._exporter.shutdown()
            _log.warning("the last spans are lost: the collector took none of them", within_s=FLUSH_S)

    def _resource(self, service: str) -> Resource:
        attributes = {
            SERVICE_NAME: service,
            SERVICE_NAMESPACE: "datalab",
            SERVICE_VERSION: self._version,
            SERVICE_INSTANCE_ID: f"{socket.gethostname()}:{os.getpid()}",
        }
        given = _given()
        return Resource.create({name: value for name, value in attributes.items() if name not in given})


def _given() -> frozenset[str]:
    """What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, which wins over what we know."""
    pairs = os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(",")
    named = [SERVICE_NAME] if os.environ.get("OTEL_SERVICE_NAME") else []
    return frozenset([*named, *(pair.partition("=")[0].strip() for pair in pairs if "=" in pair)])


def _quieten() -> None:
    """A collector that is away is told by one line a batch, not by one an attempt."""
    logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
