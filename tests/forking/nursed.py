"""Pools whose workers are forked by a nursery; they live, are confined and die as any others."""

import asyncio
import atexit
import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.forking.zygote import NUMBER

from datalab.kernel.pool import worker
from datalab.kernel.pool.environment import THREAD_LIMITS
from datalab.kernel.pool.launching import Process
from datalab.kernel.pool.profile import Profile
from datalab.kernel.testing.processes import inherited

ROOT = Path(__file__).parents[2]
NURSERY = "TESTS_NURSERY"
"""Names the nursery to the processes that this one starts."""
FORKED: Mapping[str, tuple[str, ...]] = {
    "sql": (),
    "ingest": (),
    "render": (),
    "train": ("datalab.services.ai.adapters.training.fit",),
}
"""The profiles whose workers are forked, and what these have imported beside what they preload."""


@cache
def nursery() -> str:
    """The name of this run's nursery, an abstract socket's; it ends with the process that asked first.

    Empty where the system has no such sockets: workers are executed there.
    """
    if sys.platform != "linux":
        return ""
    if NURSERY in os.environ:
        return os.environ[NURSERY]
    name = f"datalab-nursery-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(f"\0{name}")
        listening.listen(64)
        number = listening.fileno()
        command = [sys.executable, "-m", "tests.forking.nursery", str(number)]
        environment = {**inherited(), **dict.fromkeys(THREAD_LIMITS, "1"), "MALLOC_ARENA_MAX": "2"}
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[number], env=environment)

    def end() -> None:
        process.kill()
        process.wait()

    atexit.register(end)
    os.environ[NURSERY] = name
    return name


def have_forked(nursery: str) -> None:
    """Have the workers of this process's pools forked by this nursery."""
    if not nursery:
        return
    execute = worker.launch

    async def launch(
        profile: Profile, connection: socket.socket, environment: Mapping[str, str], scratch: Path
    ) -> Process:
        if profile.name not in FORKED:
            return await execute(profile, connection, environment, scratch)
        return await _forked(nursery, profile, connection, environment, scratch)

    worker.launch = launch


@contextmanager
def nursed() -> Iterator[None]:
    """Have workers forked meanwhile."""
    execute = worker.launch
    have_forked(nursery())
    try:
        yield
    finally:
        worker.launch = execute


class ForkedWorker:
    """A forked process, as :mod:`asyncio` would show it."""

    def __init__(self, pid: int, asked: socket.socket, stdout: asyncio.StreamReader) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout: asyncio.StreamReader | None = stdout
        self._ended = asyncio.create_task(self._end(asked))

    async def wait(self) -> int:
        """Its return code, once it has ended."""
        return await asyncio.shield(self._ended)

    async def _end(self, asked: socket.socket) -> int:
        with asked:
            told = await asyncio.get_running_loop().sock_recv(asked, NUMBER.size)
        self.returncode = NUMBER.unpack(told)[0] if told else -9
        return self.returncode


async def _forked(
    nursery: str, profile: Profile, connection: socket.socket, environment: Mapping[str, str], scratch: Path
) -> ForkedWorker:
    order = {
        "profile": profile.name,
        "preload": [*profile.preload, *FORKED[profile.name]],
        "environment": dict(environment),
        "folder": str(scratch),
    }
    reading, writing = os.pipe()
    asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asked.connect(f"\0{nursery}")
    socket.send_fds(asked, [json.dumps(order).encode()], [connection.fileno(), writing])
    os.close(writing)
    asked.setblocking(False)
    loop = asyncio.get_running_loop()
    output = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb"))
    told = await loop.sock_recv(asked, NUMBER.size)
    assert told, "the nursery has ended"
    return ForkedWorker(NUMBER.unpack(told)[0], asked, output)
