"""One child process, seen from the parent."""

import asyncio
import contextlib
import os
import re
import signal
import socket
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from datalab.kernel.pool.confine import Confinement
from datalab.kernel.pool.launching import Process, launch
from datalab.kernel.pool.profile import Profile
from datalab.kernel.pool.protocol import (
    END_OF_OUTPUT,
    MAX_LINE,
    OUT_OF_MEMORY_EXIT,
    PREFIX,
    FrameRefused,
    Kind,
    decode,
    encode,
    parse_prefix,
    prefix,
)

BUFFER: Final = 256 * 1024
NATIVE_LINES: Final = 1000
"""Lines written past Python (by C and Rust libraries) that are kept of one call."""
LAST_LINES_S: Final = 0.2
DYING_S: Final = 2.0
"""How long a child that closed its connection may take to end by itself."""
OUT_OF_MEMORY: Final = re.compile(
    r"memory allocation of \d+ bytes failed|bad_alloc|out of memory|MemoryError", re.IGNORECASE
)

log: Final = structlog.get_logger(__name__)


class NotReady(Exception):
    """A child ended while it warmed up: of what cause, and what it said."""

    def __init__(self, cause: str, told: Any) -> None:
        super().__init__(f"it {cause}")
        self.told: Final = told


class Worker:
    """A started child. Its owner kills it, then reaps it; both may be done more than once."""

    def __init__(
        self,
        profile: Profile,
        process: Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_close: Callable[[], None],
    ) -> None:
        self.profile: Final = profile
        self.tasks_left = profile.max_tasks
        self.confinement: Confinement | None = None
        self.idle_timer: asyncio.TimerHandle | None = None
        self._process: Final = process
        self._reader: Final = reader
        self._writer: Final = writer
        self._on_close: Final = on_close
        self._on_line: Callable[[str], None] | None = None
        self._output_ended: Final = asyncio.Event()
        self._native: Final[deque[str]] = deque(maxlen=NATIVE_LINES)
        self._output: Final = asyncio.create_task(self._read_output())
        self._reaping: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """Its process id, which is its process group's too."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it could still take a task."""
        return self._process.returncode is None and not self._reader.at_eof() and self._reaping is None

    @property
    def last_words(self) -> str:
        """What it wrote past Python in its present or last call: what a crash leaves behind."""
        return "\n".join(self._native)

    async def send(self, kind: Kind, value: Any) -> None:
        """Send one frame; a child that has gone shows itself when its answer is read."""
        payload = encode(value)
        with contextlib.suppress(ConnectionError):
            self._writer.write(prefix(kind, len(payload)) + payload)
            await self._writer.drain()

    async def receive(self) -> tuple[Kind, bytes] | None:
        """The next frame, or None when the child has gone or sends what is no frame."""
        try:
            kind, size = parse_prefix(await self._reader.readexactly(PREFIX.size))
            return kind, await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        except FrameRefused as error:
            log.warning("worker_sent_no_frame", profile=self.profile.name, pid=self.pid, error=str(error))
            return None

    def begin_call(self, on_line: Callable[[str], None]) -> None:
        """Lines written past Python go to ``on_line`` until the next call."""
        self.tasks_left -= 1
        self._native.clear()
        self._output_ended.clear()
        self._on_line = on_line

    async def end_call(self) -> None:
        """Wait, but not long, for the lines that were written before the task ended."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._output_ended.wait(), LAST_LINES_S)
        self.disregard()

    def disregard(self) -> None:
        """Nobody is told of its lines any more."""
        self._on_line = None

    def kill(self) -> None:
        """End its whole process group at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    async def reap(self) -> None:
        """Kill it if it lives, wait for its end and remove what it leaves."""
        if self._reaping is None:
            self._reaping = asyncio.create_task(self._end())
        await asyncio.shield(self._reaping)

    async def cause_of_death(self) -> tuple[str, bool]:
        """Why it ended, in words, and whether for want of memory; waits for its end."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), DYING_S)
            await asyncio.wait_for(asyncio.shield(self._output), DYING_S)
        code = self._process.returncode
        starved = code == OUT_OF_MEMORY_EXIT or (code != 0 and bool(OUT_OF_MEMORY.search(self.last_words)))
        return _in_words(code), starved

    async def _end(self) -> None:
        self.kill()
        await self._process.wait()
        await self._output
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._on_close)

    async def _read_output(self) -> None:
        output = self._process.stdout
        rest = b""
        while output is not None and (data := await output.read(BUFFER)):
            *lines, rest = (rest + data).split(b"\n")
            if len(rest) > MAX_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._take_line(line)
        if rest:
            self._take_line(rest)

    def _take_line(self, line: bytes) -> None:
        if line.endswith(END_OF_OUTPUT):
            self._output_ended.set()
        text = line.removesuffix(END_OF_OUTPUT)[:MAX_LINE].decode("utf-8", "replace")
        if not text:
            return
        if self._on_line is not None and len(self._native) < NATIVE_LINES:
            self._on_line(text)
        self._native.append(text)


async def start_worker(
    profile: Profile, environment: Mapping[str, str], scratch: Path, on_close: Callable[[], None]
) -> Worker:
    """Start a child in its scratch folder and tell it what it is; it isn't ready yet."""
    ours, theirs = socket.socketpair()
    try:
        process = await launch(profile, theirs, environment, scratch)
    except BaseException:
        ours.close()
        on_close()
        raise
    finally:
        theirs.close()
    reader, writer = await asyncio.open_unix_connection(sock=ours, limit=BUFFER)
    worker = Worker(profile, process, reader, writer, on_close)
    await worker.send(Kind.SETUP, _setup(profile, scratch))
    return worker


async def wait_until_ready(worker: Worker) -> None:
    """Wait for its imports and confinement; raises :class:`NotReady` when they fail."""
    frame = await worker.receive()
    while frame is not None and frame[0] is Kind.LOG:
        log.info("worker_warming", profile=worker.profile.name, line=decode(frame[1]))
        frame = await worker.receive()
    if frame is None or frame[0] is not Kind.READY:
        told = decode(frame[1]) if frame is not None else worker.last_words
        cause, _ = await worker.cause_of_death()
        raise NotReady(cause, told)
    worker.confinement = Confinement.from_json(decode(frame[1]))


def _setup(profile: Profile, scratch: Path) -> dict[str, Any]:
    return {
        "preload": profile.preload,
        "preload_confined": profile.preload_confined,
        "semaphores": profile.semaphores,
        "reads": profile.reads,
        "writes": [*profile.writes, scratch],
        "memory_bytes": profile.memory_bytes,
        "reserve_bytes": profile.reserve_bytes,
        "file_bytes": profile.file_bytes,
    }


def _in_words(code: int | None) -> str:
    if code is None:
        return "closed its connection"
    if code >= 0:
        return f"exited with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
