"""Switching traces on by OpenTelemetry's own variables. What they need is loaded only then."""

import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from datalab.kernel.traces.spans import keep_by

if TYPE_CHECKING:
    from datalab.kernel.traces.exporting import Exporting

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN = "http/protobuf"
_log = structlog.stdlib.get_logger(__name__)


def wanted(variables: Mapping[str, str]) -> bool:
    """Whether the environment asks for traces.

    Raises:
        ValueError: It asks for what isn't spoken here; the message says what is.
    """
    exporter = variables.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    endpoint = _first(variables, _ENDPOINTS)
    if variables.get("OTEL_SDK_DISABLED", "").strip().lower() == "true" or exporter == "none":
        return False
    if not (exporter or endpoint):
        return False
    if exporter not in ("", "otlp"):
        raise ValueError(f"OTEL_TRACES_EXPORTER: {exporter!r} isn't known here; it is otlp or none")
    protocol = _first(variables, _PROTOCOLS) or _SPOKEN
    if protocol != _SPOKEN:
        raise ValueError(f"{_PROTOCOLS[1]}: {protocol!r} isn't spoken here; it is {_SPOKEN} (collectors' port 4318)")
    return True


@asynccontextmanager
async def tracing(version: str) -> AsyncGenerator[None]:
    """Keep spans and send them to the collector that the environment names, as long as the block.

    Nothing that is wrong with traces keeps the platform from working: the log tells it, and there are none.
    """
    exporting = _exporting(version)
    if exporting is None:
        yield
        return
    keep_by(exporting.tracer_of)
    try:
        yield
    finally:
        keep_by(None)
        await exporting.close()


def _exporting(version: str) -> "Exporting | None":
    try:
        if not wanted(os.environ):
            return None
        from datalab.kernel.traces.exporting import Exporting

        return Exporting(version)
    except ImportError as error:
        _log.error("no traces: install datalab-stack[traces]", missing=error.name)
    except ValueError as error:
        _log.error("no traces", reason=str(error))
    return None


def _first(variables: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((variables[name].strip() for name in names if variables.get(name, "").strip()), None)
