"""SQLite connections that survive being cancelled at any moment."""

import asyncio
import sqlite3
from typing import Any

import aiosqlite


class SqliteConnection(aiosqlite.Connection):
    """aiosqlite's connection with an end that comes once and is always answered.

    aiosqlite 0.22 answers a second ``stop`` never, because its thread ended after the first: a task cancelled twice
    while it closes a connection would wait for ever, and ``asyncio.run`` with it. It also forgets a file that was
    being opened when the task was cancelled (omnilib/aiosqlite#259).
    """

    def __init__(self, file: str, **options: Any) -> None:
        super().__init__(lambda: self._open(file, options), iter_chunk_size=64)
        self._thread.daemon = True
        self._native: sqlite3.Connection | None = None
        self._ending = False
        self._ended: asyncio.Future[Any] | None = None

    @property
    def ending(self) -> bool:
        """Whether somebody began to close it."""
        return self._ending

    @property
    def running(self) -> bool:
        """Whether its thread runs, or will once it is awaited."""
        return self._thread.ident is None or self._thread.is_alive()

    async def close(self) -> None:
        """Finish what was asked of it and close the file."""
        self._ending = True
        await super().close()

    def stop(self) -> asyncio.Future[Any] | None:
        """Close the file and end the thread, after what was asked before; the result is done when that is."""
        if self._running:
            self._ending = True
            self._tx.put_nowait((None, self._close_file))  # pyright: ignore[reportUnknownMemberType]
            self._ended = super().stop()  # pyright: ignore[reportUnknownMemberType]
        return self._ended

    def join(self) -> None:
        """Wait until the thread has ended."""
        self._thread.join()

    def _open(self, file: str, options: dict[str, Any]) -> sqlite3.Connection:
        self._native = sqlite3.connect(file, **options)
        return self._native

    def _close_file(self) -> None:
        if self._native is not None:
            self._native.close()


class SqliteConnections:
    """Opens connections and waits for those that are ending, so that no thread outlives the event loop."""

    def __init__(self) -> None:
        self._opened: set[SqliteConnection] = set()

    def open(self, file: str, **options: Any) -> SqliteConnection:
        """A connection that begins to open when it is awaited; the options are those of ``sqlite3.connect``."""
        self._opened = {one for one in self._opened if one.running}
        connection = SqliteConnection(file, **options)
        self._opened.add(connection)
        return connection

    async def settle(self) -> None:
        """Wait for every connection that somebody began to close."""
        for connection in [one for one in self._opened if one.ending]:
            await asyncio.to_thread(connection.join)
