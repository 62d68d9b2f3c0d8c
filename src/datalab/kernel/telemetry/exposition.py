"""Showing metrics where no web application does: a worker's."""

from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import start_http_server

from datalab.kernel.telemetry.logs import get_logger
from datalab.kernel.telemetry.metrics import Metrics

_log = get_logger(__name__)


@contextmanager
def shown(metrics: Metrics, address: str | None) -> Generator[None]:
    """Answer every GET at ``address`` (``host:port``) with the metrics, on a thread of its own; nothing without one.

    An address that is taken costs only the metrics: the log says so.
    """
    if address is None:
        yield
        return
    host, _, port = address.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host, metrics.registry)
    except OSError as error:
        _log.warning("metrics are not shown", address=address, reason=str(error))
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
