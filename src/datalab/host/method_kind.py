"""How a method of an actions object is called, for what stands before such objects."""

import inspect
from collections.abc import Callable
from typing import Any

Treatment = Callable[..., Any]


def by_kind(method: Treatment, *, call: Treatment, iterate: Treatment, enter: Treatment) -> Treatment:
    """``call`` for a coroutine, ``iterate`` for an asynchronous generator, ``enter`` for what gives a context."""
    if inspect.iscoroutinefunction(method):
        return call
    return iterate if inspect.isasyncgenfunction(method) else enter
