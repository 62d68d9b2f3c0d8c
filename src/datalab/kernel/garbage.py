"""When Python looks for garbage: not among what a process is made of."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """Look for none meanwhile: what is imported and built stays, and looking takes a sixth of the time of imports."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def keep_all() -> None:
    """Look for none among what there is now, ever: requests are held up by each look, the longer the more there is."""
    gc.freeze()
