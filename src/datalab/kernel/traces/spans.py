"""Spans: what was done how long on whose behalf.

Unless :mod:`datalab.kernel.traces.tracing` has switched them on none is kept, and a caller's trace is only passed on.
A span's attributes are names, numbers and ids: never a query string, a header, a statement or an error's message.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager

from opentelemetry import context as contexts
from opentelemetry.context import Context
from opentelemetry.trace import (
    INVALID_SPAN,
    NoOpTracer,
    Span,
    SpanKind,
    StatusCode,
    Tracer,
    get_current_span,
    set_span_in_context,
)

from datalab.contracts.errors import PlatformError

__all__ = ["UNKEPT", "SpanKind", "Step", "begin", "keep_by", "note", "serving", "step"]

Attributes = Mapping[str, str | int | float | bool]
TracerOf = Callable[[str], Tracer]
"""Gives the tracer of a service by its deployed name."""

_SERVICE = contexts.create_key("datalab.service")
_NONE_KEPT = NoOpTracer()
_tracer_of: TracerOf | None = None


def keep_by(tracer_of: TracerOf | None) -> None:
    """Have spans kept by these tracers from now on; ``None``: keep none."""
    global _tracer_of
    _tracer_of = tracer_of


class Step:
    """One span. It may outlive the block that began it, so whoever began it ends it."""

    def __init__(self, span: Span, service: str) -> None:
        self._span = span
        self._service = service

    @contextmanager
    def active(self) -> Generator[None]:
        """What is begun in the block is a part of this. To be left by the task that entered it."""
        if not self._span.get_span_context().is_valid:
            yield
            return
        token = contexts.attach(contexts.set_value(_SERVICE, self._service, set_span_in_context(self._span)))
        try:
            yield
        finally:
            contexts.detach(token)

    @contextmanager
    def lasting(self) -> Generator[None]:
        """End it with the block, and by the block's error; the block may be left by another task."""
        try:
            yield
        except BaseException as error:
            self.end(error)
            raise
        self.end()

    def note(self, attributes: Attributes) -> None:
        """Add to what is known of it."""
        self._span.set_attributes(attributes)

    def name(self, name: str) -> None:
        """Name it anew, now that more is known of it."""
        self._span.update_name(name)

    def fail(self, kind: str) -> None:
        """It went wrong; ``kind`` is an error's code or type."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(StatusCode.ERROR)

    def end(self, error: BaseException | None = None) -> None:
        """It is over, by ``error`` if it is given; to be called off is no failure. A second end changes nothing."""
        if isinstance(error, Exception):
            self.fail(error.code if isinstance(error, PlatformError) else type(error).__name__)
        elif error is not None:
            self.note({"datalab.called_off": True})
        self._span.end()


UNKEPT = Step(INVALID_SPAN, "")
"""What stands for a step when none is kept."""


def begin(name: str, attributes: Attributes, *, kind: SpanKind = SpanKind.INTERNAL, service: str | None = None) -> Step:
    """A part of what is being done, if that is kept; by ``service`` where that is another one than the present."""
    if _tracer_of is None or not get_current_span().is_recording():
        return UNKEPT
    owner = service or str(contexts.get_value(_SERVICE))
    return Step(_tracer_of(owner).start_span(name, kind=kind, attributes=attributes), owner)


@contextmanager
def step(
    name: str, attributes: Attributes, *, kind: SpanKind = SpanKind.INTERNAL, service: str | None = None
) -> Generator[Step]:
    """The same for the length of a block, whose error is the step's."""
    yield from _through(begin(name, attributes, kind=kind, service=service))


@contextmanager
def serving(
    service: str, name: str, attributes: Attributes, *, kind: SpanKind, parent: Context | None = None
) -> Generator[Step]:
    """What ``service`` does at somebody's request, in the trace of ``parent`` or of the present moment, else in a new one."""
    tracer = _NONE_KEPT if _tracer_of is None else _tracer_of(service)
    yield from _through(Step(tracer.start_span(name, parent, kind, attributes), service))


def note(attributes: Attributes, name: str | None = None) -> None:
    """Add to what is known of the present span, and name it anew if a name is given."""
    span = get_current_span()
    if span.is_recording():
        span.set_attributes(attributes)
        if name is not None:
            span.update_name(name)


def _through(begun: Step) -> Generator[Step]:
    with begun.lasting(), begun.active():
        yield begun
