"""Forks platforms and commands from one process that has imported everything, for a Python start costs seconds of a
processor and a fork does not.

Run as ``python -m tests.forking.zygote <socket> <name of the nursery for their pools>``. Each socket that comes over
that one brings an order in JSON, up to its end: ``{"arguments", "environment", "log"}``, perhaps ``errors`` (another file
for the standard error) and ``before`` (``module:function``, called first). Answered are two numbers: its process id, and
its exit code once it has ended.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any

NUMBER = struct.Struct("!q")
PRELOAD = (
    "datalab.cli.main",
    "datalab.host.announcement",
    "datalab.host.minting",
    "datalab.host.one_process",
    "datalab.host.one_service",
    "datalab.host.serve",
    "datalab.host.worker",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "aiosqlite",
    "anyio._backends._asyncio",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
)
DIE_WITH_PARENT = 1


def die_with_parent() -> None:
    """End when the process that started this one has ended, where the system can tell."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def become(order: dict[str, Any]) -> None:
    """Be the command ``datalab`` with these arguments in this environment."""
    os.setsid()
    die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(order["log"]).open("ab") as log, Path(order.get("errors", order["log"])).open("ab") as errors:
        os.dup2(log.fileno(), 1)
        os.dup2(errors.fileno(), 2)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.environ.clear()
    os.environ.update(order["environment"])
    random.seed()
    from datalab.cli.main import main
    from datalab.kernel import failpoint
    from datalab.kernel.database import tracing

    for module in (failpoint, tracing):  # these read the environment when they are imported
        importlib.reload(module)
    if "before" in order:
        module, _, function = order["before"].partition(":")
        getattr(importlib.import_module(module), function)()
    main(order["arguments"])


def fork(order: dict[str, Any]) -> int:
    """The process id of a new platform or command."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        become(order)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def preload(modules: tuple[str, ...] = PRELOAD) -> None:
    """Import what platforms need, and have no garbage looked for among it."""
    for name in modules:
        importlib.import_module(name)
    gc.freeze()


def keep(asked: socket.socket) -> None:
    """Carry out one order and wait for its end."""
    die_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    order = json.loads(b"".join(iter(lambda: asked.recv(65_536), b"")))
    pid = fork(order)
    with contextlib.suppress(BrokenPipeError):
        asked.sendall(NUMBER.pack(pid))
        _, status = os.waitpid(pid, 0)
        asked.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def serve(orders: socket.socket) -> None:
    """Take orders until the other end closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is nobody's to wait for
    while descriptors := socket.recv_fds(orders, 1, 1)[1]:
        with socket.socket(fileno=descriptors[0]) as asked:
            if os.fork() == 0:
                orders.close()
                keep(asked)
                os._exit(0)


if __name__ == "__main__":
    from tests.forking.nursed import have_forked

    preload()
    have_forked(sys.argv[2])
    serve(socket.socket(fileno=int(sys.argv[1])))
