"""Forks workers of pools from processes that have imported what these preload: a fork takes a thirtieth of a start.

Run as ``python -m tests.forking.nursery <listening socket>``, of sequenced packets. Each connection brings one order in
JSON, ``{"profile", "preload", "environment", "folder"}``, with two descriptors: the worker's connection and where its
output goes. Answered are two numbers: its process id, and its exit code once it has ended. From there on the worker is
as any other: the same code sets it up and confines it.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.forking.zygote import NUMBER, die_with_parent

from datalab.kernel.pool import child

LARGEST = 1 << 16


def serve(listening: socket.socket) -> None:
    """Hand each order to the nursery of those who preload the same."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is nobody's to wait for
    nurseries: dict[tuple[str, ...], socket.socket] = {}
    while True:
        asked, _ = listening.accept()
        with asked:
            text, descriptors, _, _ = socket.recv_fds(asked, LARGEST, 2)
            if len(descriptors) == 2:
                preload = tuple(json.loads(text)["preload"])
                if preload not in nurseries:
                    others = [one.fileno() for one in (listening, asked, *nurseries.values())]
                    nurseries[preload] = _nursery(preload, [*others, *descriptors])
                socket.send_fds(nurseries[preload], [text], [asked.fileno(), *descriptors])
            for one in descriptors:
                os.close(one)


def _nursery(preload: Sequence[str], not_its: Iterable[int]) -> socket.socket:
    """Where a new process that has imported this takes orders."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork():
        theirs.close()
        return ours
    die_with_parent()
    for one in (ours.detach(), *not_its):
        os.close(one)
    for module in preload:
        importlib.import_module(module)
    gc.freeze()
    while True:
        text, descriptors, _, _ = socket.recv_fds(theirs, LARGEST, 3)
        if not text:
            os._exit(0)
        if os.fork() == 0:
            theirs.close()
            _keep(json.loads(text), descriptors)
            os._exit(0)
        for one in descriptors:
            os.close(one)


def _keep(order: dict[str, Any], descriptors: Sequence[int]) -> None:
    """Have a worker and wait for its end."""
    die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, connection, output = descriptors
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _work(order, asked, connection, output)
            code = 0
        finally:
            os._exit(code)
    os.close(connection)
    os.close(output)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError), socket.socket(fileno=asked) as answered:
        answered.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _work(order: dict[str, Any], asked: int, connection: int, output: int) -> None:
    os.setsid()
    with socket.socket(fileno=asked) as answered:
        answered.sendall(NUMBER.pack(os.getpid()))
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        child.main([str(connection), str(os.getppid()), order["profile"]])


if __name__ == "__main__":
    die_with_parent()
    serve(socket.socket(fileno=int(sys.argv[1])))
