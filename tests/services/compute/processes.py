"""Worker processes of tests, forked from one that has imported everything, for a Python start costs a second or two."""

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.services.compute.executor_process import run_scenario

from datalab.kernel.database.url import DatabaseUrl, PostgresServer

ROOT = Path(__file__).parents[3]
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([run_scenario.__module__])


def url_text(url: DatabaseUrl) -> str:
    if isinstance(url, PostgresServer):
        return url.url.render_as_string(hide_password=False)
    return f"sqlite:///{url.folder}"


class Worker:
    """A process that runs a scenario, and what it tells."""

    def __init__(self, process: ForkServerProcess, told: Connection) -> None:
        self._process = process
        self._told = told

    async def lines_until(self, first_word: str) -> list[str]:
        """What the process told up to a line that begins like this, or to its end."""
        found: list[str] = []
        while not found or not found[-1].startswith(first_word):
            try:
                found.append(await asyncio.to_thread(self._told.recv))
            except EOFError:
                break
        return found

    async def kill(self) -> None:
        self._process.kill()
        await self.killed()

    async def killed(self) -> None:
        """Wait for its end, which must be a kill."""
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode == -signal.SIGKILL


@asynccontextmanager
async def worker_process(url: DatabaseUrl, scratch: Path, scenario: str, failpoint: str = "") -> AsyncGenerator[Worker]:
    """A process that runs a scenario of executor_process; killed at the end if it still runs."""
    reading, telling = _forks.Pipe(duplex=False)
    process = _forks.Process(target=run_scenario, args=(url_text(url), str(scratch), scenario, failpoint, telling))
    await asyncio.to_thread(process.start)
    telling.close()
    try:
        yield Worker(process, reading)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        process.close()
        reading.close()
