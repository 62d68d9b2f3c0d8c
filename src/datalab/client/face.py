"""How asynchronous methods become synchronous ones with the same signature."""

from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from datalab.client.data import HttpByteStream
from datalab.client.loop_thread import LoopThread
from datalab.contracts.data import DataFormat

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")


class Face(Generic[A]):
    """Something asynchronous and the loop that it runs on."""

    def __init__(self, behind: A, loop: LoopThread) -> None:
        self.asynchronous = behind
        self.loop = loop


class Pieces:
    """An encoded answer as it arrives."""

    def __init__(self, stream: HttpByteStream, loop: LoopThread) -> None:
        self.format: DataFormat = stream.format
        self.query_id: str = stream.query_id
        self._stream = stream
        self._loop = loop

    def __iter__(self) -> Iterator[bytes]:
        return self._loop.iterate(aiter(self._stream))


def blocking(
    method: Callable[Concatenate[A, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Face[A], P], T]:
    """``method``, waited for."""

    @wraps(method)
    def call(face: Face[A], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return face.loop.run(method(face.asynchronous, *args, **kwargs))

    return call


def iterating(
    method: Callable[Concatenate[A, P], AsyncIterator[T]],
) -> Callable[Concatenate[Face[A], P], Iterator[T]]:
    """What ``method`` gives in turn, waited for one by one."""

    @wraps(method)
    def call(face: Face[A], /, *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        return face.loop.iterate(method(face.asynchronous, *args, **kwargs))

    return call


def streaming(
    method: Callable[Concatenate[A, P], AbstractAsyncContextManager[HttpByteStream]],
) -> Callable[Concatenate[Face[A], P], AbstractContextManager[Pieces]]:
    """What ``method`` opens, to be read in a ``with`` block."""

    @wraps(method)
    @contextmanager
    def call(face: Face[A], /, *args: P.args, **kwargs: P.kwargs) -> Generator[Pieces]:
        loop = face.loop
        opened = method(face.asynchronous, *args, **kwargs)
        stream = loop.run(_enter(opened))
        try:
            yield Pieces(stream, loop)
        finally:
            loop.run(_leave(opened))

    return call


async def _enter(opened: AbstractAsyncContextManager[T]) -> T:
    return await opened.__aenter__()


async def _leave(opened: AbstractAsyncContextManager[Any]) -> None:
    await opened.__aexit__(None, None, None)
