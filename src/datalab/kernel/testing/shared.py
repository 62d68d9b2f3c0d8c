"""One server for all processes of a test run."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path

from datalab.kernel.testing.process import ServerProcess

started: list[ServerProcess] = []
"""Those that this process started: held, so that it isn't reported as having lost them."""


def shared_server(name: str, folder: Path, start: Callable[[int], tuple[ServerProcess, str]]) -> str:
    """The URL of the run's one server called ``name``; the first to ask starts it.

    ``folder`` is common to the run's processes. The server ends with the run: with this process, or under
    pytest-xdist with the process that started the workers.
    """
    owner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    note = folder / f"{name}-{owner}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if note.exists():
            return str(json.loads(note.read_text())["url"])
        server, url = start(owner)
        started.append(server)
        note.write_text(json.dumps({"url": url}))
        return url
