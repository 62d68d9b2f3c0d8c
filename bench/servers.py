"""The two servers that are compared, each started in a process of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60.0

BARE = """
from fastapi import FastAPI
app = FastAPI()
@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}
"""


@dataclass(frozen=True)
class Started:
    """A server that answers ``/ready``: where, its process, and the seconds it took."""

    url: str
    pid: int
    start_s: float


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def platform(home: Path) -> Generator[Started]:
    """``datalab up`` on this home."""
    port = free_port()
    with _running(
        [sys.executable, "-m", "datalab.cli.main", "up", "--port", str(port), "--home", str(home)], port
    ) as it:
        yield it


@contextlib.contextmanager
def bare_fastapi(folder: Path) -> Generator[Started]:
    """One route on uvicorn."""
    (folder / "bare.py").write_text(BARE)
    port = free_port()
    with _running(
        [sys.executable, "-m", "uvicorn", "bare:app", "--app-dir", str(folder), "--port", str(port)], port
    ) as it:
        yield it


@contextlib.contextmanager
def _running(command: Sequence[str], port: int) -> Generator[Started]:
    url = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "LOG_LEVEL": "error"}
    )
    try:
        _wait(url + "/ready", process)
        yield Started(url, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise SystemExit(f"{url} never got ready")
