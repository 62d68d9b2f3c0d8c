"""Ports for the servers that tests start."""

import os
import random
import socket

GIVEN = range(10_000, 32_768)
"""Above what programs have as their own, below what Linux and macOS give to callers: no call can take it meanwhile."""
SHARES = 4
"""Processes of one run of tests that never give the same port, by their number."""
_given: set[int] = set()


def free_port(*beside: int) -> int:
    """A port of the loopback interface that nobody listens on, and that this process gave to nobody before.

    So are those at the distances ``beside`` it. Raises :class:`RuntimeError` when there is none.
    """
    share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % SHARES
    size = len(GIVEN) // SHARES
    mine = GIVEN[share * size : (share + 1) * size - max(beside, default=0)]
    # Not the shared generator, which some tests seed.
    for port in random.SystemRandom().sample(mine, len(mine)):
        wanted = {port, *(port + distance for distance in beside)}
        if wanted.isdisjoint(_given) and all(map(_is_free, wanted)):
            _given.update(wanted)
            return port
    raise RuntimeError(f"none of the ports {mine.start} to {mine.stop - 1} is free")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
