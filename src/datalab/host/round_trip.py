"""Calls between services of one process, with every contract passed through its serialised form.

Two services in one process must not come to rely on what would be lost between two processes: object identity,
private attributes, subclasses, or an exception that isn't part of the contracts.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from typing import Any, TypeVar, cast

from datalab.contracts.data import ByteStream, DataFormat
from datalab.contracts.errors import InternalError, PlatformError, rebuild
from datalab.contracts.model import Contract, Page
from datalab.host.method_kind import by_kind
from datalab.kernel.telemetry.logs import get_logger

_log = get_logger(__name__)
T = TypeVar("T")
Allow = Callable[[str], None]
"""Told a method's name; raises a PlatformError when the caller may not call it."""


def round_tripped(value: Any) -> Any:
    """The value as the other side of a connection would have it; only contracts are changed into themselves anew."""
    if isinstance(value, Page):
        # One that was made without saying of what knows its items no more once they are text.
        page = cast("Page[Any]", value)
        return page.model_copy(update={"items": tuple(round_tripped(item) for item in page.items)})
    if isinstance(value, Contract):
        return type(value).model_validate_json(value.model_dump_json())
    return value


def as_travelled(error: Exception) -> PlatformError:
    """The error as it would arrive."""
    if isinstance(error, PlatformError):
        return rebuild(error.code, error.detail, error.errors, error.retry_after_s)
    _log.error("unexpected error between services", exc_info=error)
    return InternalError("something went wrong here; the log has it under this request id")


class _RoundTrip:
    """Stands before an actions object and passes each call that ``allow`` lets pass on by value."""

    def __init__(self, actions: object, allow: Allow) -> None:
        self._actions = actions
        self._allow = allow

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._actions, name)
        passed = by_kind(method, call=_call, iterate=_iterate, enter=_enter)
        return partial(passed, partial(self._allow, name), method)


async def _call(allow: Callable[[], None], method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    given, named = _by_value(args, kwargs)
    try:
        allow()
        return round_tripped(await method(*given, **named))
    except Exception as error:
        raise as_travelled(error) from error


async def _iterate(
    allow: Callable[[], None], method: Callable[..., AsyncGenerator[Any]], *args: Any, **kwargs: Any
) -> AsyncIterator[Any]:
    given, named = _by_value(args, kwargs)
    try:
        allow()
        async with aclosing(method(*given, **named)) as items:
            async for item in items:
                yield round_tripped(item)
    except Exception as error:
        raise as_travelled(error) from error


@asynccontextmanager
async def _enter(
    allow: Callable[[], None],
    method: Callable[..., AbstractAsyncContextManager[ByteStream]],
    *args: Any,
    **kwargs: Any,
) -> AsyncGenerator[ByteStream]:
    given, named = _by_value(args, kwargs)
    async with AsyncExitStack() as stack:
        try:
            allow()
            stream = await stack.enter_async_context(method(*given, **named))
        except Exception as error:
            raise as_travelled(error) from error
        # What is raised in the caller's own block is the caller's, and passes as it is.
        yield _Stream(stream)


class _Stream:
    """A stream's bytes and no more of it than travels."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    @property
    def format(self) -> DataFormat:
        """How the bytes are encoded."""
        return self._stream.format

    @property
    def query_id(self) -> str:
        """The id by which the query can be cancelled."""
        return self._stream.query_id

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces in order."""
        try:
            async for piece in self._stream:
                yield piece
        except Exception as error:
            raise as_travelled(error) from error


def _by_value(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    return [round_tripped(one) for one in args], {name: round_tripped(one) for name, one in kwargs.items()}


def in_process(actions: T, allow: Allow) -> T:
    """The same Protocol, called by value; ``allow`` is asked before each call and raises for what may not be."""
    return cast("T", _RoundTrip(actions, allow))
