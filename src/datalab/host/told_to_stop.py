"""Hearing that this process is told to stop, before its server does: under any server, in each of its workers."""

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from types import FrameType

Hearer = Callable[[int, Callable[[], object]], object]
"""Called with the signal's number and what was to be done at it so far, to be called now or later."""
_Handler = Callable[[int, FrameType | None], object]


@contextmanager
def told_to_stop(heard: Hearer) -> Generator[None]:
    """Have ``heard`` called at SIGTERM and SIGINT; only the main thread hears signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    chained = {number: _first(heard, handler) for number, handler in before.items() if callable(handler)}
    for number, handler in chained.items():
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler in chained.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, before[number])


def _first(heard: Hearer, then: _Handler) -> _Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        heard(number, partial(then, number, frame))

    return handle
