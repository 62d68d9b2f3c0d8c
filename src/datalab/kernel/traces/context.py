"""Which trace the work at hand belongs to, as W3C's ``traceparent`` tells it. Needs no exporter."""

from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import SpanContext, format_trace_id, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
_propagator = TraceContextTextMapPropagator()


def context_of(traceparent: str | None) -> Context:
    """A context within the trace that a caller named; an empty one when it named none, or none that can be read."""
    return Context() if traceparent is None else _propagator.extract({TRACEPARENT: traceparent}, Context())


@contextmanager
def within(context: Context) -> Generator[None]:
    """Run the block as a part of ``context``."""
    token = attach(context)
    try:
        yield
    finally:
        detach(token)


def current() -> SpanContext | None:
    """The span in which this code runs, ours or the caller's, if there is one."""
    found = get_current_span().get_span_context()
    return found if found.is_valid else None


def current_trace_id() -> str | None:
    """The trace's id, 32 hexadecimal digits."""
    found = current()
    return None if found is None else format_trace_id(found.trace_id)


def current_traceparent() -> str | None:
    """What is sent with a call so that the callee's work belongs to the same trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(TRACEPARENT)
