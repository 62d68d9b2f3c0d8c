"""Calls between services of one process, each a step of the trace as it would be between two processes."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from functools import partial
from typing import Any, TypeVar, cast

from datalab.catalog import SERVICES
from datalab.host.method_kind import by_kind
from datalab.kernel.traces.spans import Step, begin, step

T = TypeVar("T")


class _Traced:
    """Stands before a service's actions object and notes each call as that service's."""

    def __init__(self, service: str, actions: object) -> None:
        self._service = service
        self._actions = actions

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._actions, name)
        what = f"{self._service}.{name}", SERVICES[self._service].deployed_name
        noted = by_kind(method, call=_call, iterate=_iterate, enter=_enter)
        return partial(noted, what, method)


_What = tuple[str, str]
"""The call's name, and the service's that is called."""


async def _call(what: _What, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    name, service = what
    with step(name, {}, service=service):
        return await method(*args, **kwargs)


async def _iterate(
    what: _What, method: Callable[..., AsyncGenerator[Any]], *args: Any, **kwargs: Any
) -> AsyncIterator[Any]:
    with _begun(what).lasting():
        async with aclosing(method(*args, **kwargs)) as items:
            async for item in items:
                yield item


@asynccontextmanager
async def _enter(
    what: _What, method: Callable[..., AbstractAsyncContextManager[T]], *args: Any, **kwargs: Any
) -> AsyncGenerator[T]:
    begun = _begun(what)
    with begun.lasting():
        async with AsyncExitStack() as stack:
            with begun.active():
                entered = await stack.enter_async_context(method(*args, **kwargs))
            yield entered


def _begun(what: _What) -> Step:
    name, service = what
    return begin(name, {}, service=service)


def traced(service: str, actions: T) -> T:
    """The same Protocol, with each call a step of the caller's trace."""
    return cast("T", _Traced(service, actions))
