"""A small supervisor, as systemd with ``Restart=always``: whatever ends is started again at once.

It forks its programs from one process that has imported everything, for a Python start costs seconds of a processor and
a fork does not. Run as ``python -m tests.faults.supervisor FOLDER``: ``orders.json`` there holds what is to run, by
name, as :mod:`tests.forking.zygote` takes it; ``running.json`` tells the process ids. What a dead program left behind
becomes a child of this process, and can be counted.
"""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path

from tests.forking.zygote import die_with_parent, fork, preload

_SUBREAPER = 36


def tell(folder: Path, running: dict[int, str]) -> None:
    """Write who runs."""
    draft = folder / "running.part"
    draft.write_text(json.dumps({name: pid for pid, name in running.items()}))
    draft.rename(folder / "running.json")


def supervise(folder: Path) -> None:
    """Keep all programs running until told to end."""
    orders = json.loads((folder / "orders.json").read_text())
    running = {fork(order): name for name, order in orders.items()}
    signal.signal(signal.SIGTERM, lambda *_: stop(running))
    tell(folder, running)
    while True:
        ended, _ = os.waitpid(-1, 0)
        name = running.pop(ended, None)
        if name is not None:
            running[fork(orders[name])] = name
            tell(folder, running)


def stop(running: dict[int, str]) -> None:
    """End all programs; what is left of them ends by itself, or is counted as a fault."""
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    die_with_parent()
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    preload()
    supervise(Path(sys.argv[1]))
