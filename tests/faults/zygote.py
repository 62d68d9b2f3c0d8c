"""Forks platforms from one process that has imported everything, for a Python start costs seconds and a fork does not.

A line of JSON on the standard input orders one: ``{"arguments", "environment", "log"}``. Answered are two lines: its
process id, and its exit code once it has ended. Run as ``python -m tests.faults.zygote``.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

PRELOAD = (
    "datalab.cli.main",
    "datalab.host.announcement",
    "datalab.host.one_process",
    "datalab.host.serve",
    "uvicorn.lifespan.on",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "aiosqlite",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.aiosqlite",
)
DIE_WITH_PARENT = 1


def die_with_parent() -> None:
    """End when the process that started this one has ended."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def become(order: dict[str, Any]) -> None:
    """Be the command ``datalab`` with these arguments in this environment."""
    os.setsid()
    die_with_parent()
    with Path(order["log"]).open("ab") as log, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.clear()
    os.environ.update(order["environment"])
    from datalab.cli.main import main
    from datalab.kernel import failpoint
    from datalab.kernel.database import tracing

    for module in (failpoint, tracing):  # these read the environment when they are imported
        importlib.reload(module)
    if "DATALAB_FAILPOINT" in order["environment"]:
        train_once(Path(order["environment"]["DATALAB_HOME"]).with_name("trained"))
    main(order["arguments"])


def train_once(memory: Path) -> None:
    """Have those who are to die hand over, where they would train the same again, what an earlier life trained."""
    from tests.faults.remembered import RememberingTrainer

    from datalab.services.ai import app

    app.PoolTrainer = partial(RememberingTrainer, memory)


def fork(order: dict[str, Any]) -> int:
    """The process id of a new platform."""
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
        os._exit(code)


def serve() -> None:
    """Take orders until the input ends."""
    die_with_parent()
    for name in PRELOAD:
        importlib.import_module(name)
    for line in sys.stdin:
        pid = fork(json.loads(line))
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
