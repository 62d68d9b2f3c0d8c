"""What a task in a child speaks into: header, chunks, progress, log lines."""

import io
import socket
import threading
from typing import Any, Final

from datalab.kernel.pool.protocol import MAX_CHUNK, MAX_LINE, PREFIX, Kind, encode, parse_prefix, prefix, printable


class Channel:
    """The child's end of its connection. Safe to use from several threads; blocks while the reader is behind."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection: Final = connection
        self._lock: Final = threading.Lock()

    def header(self, value: Any) -> None:
        """The first JSON message of a stream, before any chunk: what its reader must know to begin."""
        self._write(Kind.HEADER, encode(value))

    def send(self, data: bytes | bytearray | memoryview) -> None:
        """Bytes of the stream, in order; more than 256 KiB arrive as several chunks."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), MAX_CHUNK):
            self._write(Kind.CHUNK, view[start : start + MAX_CHUNK])

    def progress(self, fraction: float, message: str = "") -> None:
        """How much is done, 0 to 1, and what is being done."""
        self._write(Kind.PROGRESS, encode([min(max(float(fraction), 0.0), 1.0), printable(message[:MAX_LINE])]))

    def log(self, line: str) -> None:
        """One line for the log of whoever asked for the work."""
        self._write(Kind.LOG, encode(printable(line[:MAX_LINE])))

    def _write(self, kind: Kind, payload: bytes | memoryview) -> None:
        head = prefix(kind, len(payload))
        with self._lock:
            self._connection.sendall(head)
            self._connection.sendall(payload)


class Link(Channel):
    """The whole of the connection, for the child's own loop: tasks get only the :class:`Channel` in it."""

    def write(self, kind: Kind, value: Any) -> None:
        """Send one JSON frame."""
        self._write(kind, encode(value))

    def write_encoded(self, kind: Kind, payload: bytes) -> None:
        """Send one frame whose JSON is made already."""
        self._write(kind, payload)

    def read(self) -> tuple[Kind, bytes] | None:
        """The next frame, or None when the parent has gone."""
        head = self._exactly(PREFIX.size)
        if head is None:
            return None
        kind, size = parse_prefix(bytes(head))
        payload = self._exactly(size)
        return None if payload is None else (kind, bytes(payload))

    def _exactly(self, size: int) -> bytearray | None:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            got = self._connection.recv_into(view)
            if got == 0:
                return None
            view = view[got:]
        return data


class LineWriter(io.TextIOBase):
    """Stands for ``sys.stdout`` and ``sys.stderr`` in a child: what Python code prints becomes log lines, in order."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel: Final = channel
        self._rest = ""

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, text: str, /) -> int:
        """Send each line that is complete."""
        *lines, self._rest = (self._rest + text).split("\n")
        if len(self._rest) > MAX_LINE:
            lines, self._rest = [*lines, self._rest], ""
        for line in lines:
            self._channel.log(line)
        return len(text)

    def finish(self) -> None:
        """Send what was printed without a newline at its end."""
        if self._rest:
            self._channel.log(self._rest)
            self._rest = ""
