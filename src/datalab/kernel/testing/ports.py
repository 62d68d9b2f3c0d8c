"""Ports for the servers that tests start."""

import random
import socket

GIVEN = range(10_000, 32_768)
"""Above what programs have as their own, below what Linux and macOS give to callers: no call can take it meanwhile."""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on at this moment.

    Raises :class:`RuntimeError` when there is none.
    """
    # Not the shared generator, which some tests seed: two processes would be given the same ports.
    for port in random.SystemRandom().sample(GIVEN, len(GIVEN)):
        if is_free(port):
            return port
    raise RuntimeError(f"none of the ports {GIVEN.start} to {GIVEN.stop - 1} is free")


def is_free(port: int) -> bool:
    """Whether nobody listens there on the loopback interface."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
