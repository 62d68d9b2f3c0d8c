"""A platform for the demo's own time, when there is none to talk to."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from datalab.contracts.errors import Unavailable
from datalab.contracts.identity import Role
from datalab.host.minting import create_admin_key

_PATIENCE_S = 90.0
_DRAIN_S = 30.0
_KEY_S = 3600


@dataclass(frozen=True, slots=True)
class Running:
    """Where a platform answers, and a key for it."""

    url: str
    token: str


def answers(url: str) -> bool:
    """Whether a platform is there."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:  # noqa: S310 - checked to be http(s)
            return answer.status == HTTPStatus.OK
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextmanager
def own_platform() -> Generator[Running]:
    """`datalab up` on a free port, with ``DATALAB_HOME`` or a temporary folder as its home; stopped afterwards.

    Raises:
        Unavailable: It doesn't get ready; what it said is in the detail.
    """
    with tempfile.TemporaryDirectory(prefix="datalab-demo-") as folder:
        home, port = Path(os.environ.get("DATALAB_HOME") or f"{folder}/home"), _free_port()
        url, log = f"http://127.0.0.1:{port}", Path(folder, "up.log")
        command = [sys.executable, "-m", "datalab.cli.main", "up", "--port", str(port), "--home", str(home)]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 - ourselves
        try:
            _wait(f"{url}/ready", process, log)
            yield Running(url, mint(home))
        finally:
            _stop(process)


def mint(home: Path | None) -> str:
    """An administrator's key for an hour, from the state on this machine."""
    return create_admin_key(home, Role.ADMIN, "demo", _KEY_S).token


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not _ready(url):
        if process.poll() is not None or time.monotonic() > until:
            raise Unavailable(f"`datalab up` did not get ready: {log.read_text(errors='replace')[-1500:]}")
        time.sleep(0.1)


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return answer.status == HTTPStatus.OK
    except OSError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_DRAIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
