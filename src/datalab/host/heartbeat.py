"""A worker's sign of life: a file that is touched again and again."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from datalab.contracts.errors import InvalidInput, Unavailable
from datalab.kernel.config.worker import WorkerSettings
from datalab.kernel.telemetry.logs import get_logger

BEAT_S = 5.0
SILENT_S = 60.0
"""How long a busy worker may give no sign."""
_log = get_logger(__name__)


@asynccontextmanager
async def beating(file: Path | None) -> AsyncGenerator[None]:
    """Touch the file as long as this event loop turns. Raises OSError when it can't be made."""
    if file is None:
        yield
        return
    _touch(file)
    task = asyncio.create_task(_beat(file), name="heartbeat")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _beat(file: Path) -> None:
    while True:
        try:
            _touch(file)
        except OSError as error:
            _log.warning("no sign of life can be given", file=str(file), reason=error.strerror)
        await asyncio.sleep(BEAT_S)


def _touch(file: Path) -> None:
    file.touch()


def check_heartbeat(settings: WorkerSettings) -> str:
    """How long ago the worker gave its last sign, in words.

    Raises:
        InvalidInput: No file was named.
        Unavailable: It gave none, or too long ago.
    """
    if settings.heartbeat is None:
        raise InvalidInput("name the file that the worker touches as DATALAB_WORKER_HEARTBEAT, for it and for this")
    try:
        age_s = time.time() - settings.heartbeat.stat().st_mtime
    except OSError as error:
        raise Unavailable(f"no sign of life: {settings.heartbeat}: {error.strerror}") from None
    if age_s > SILENT_S:
        raise Unavailable(f"the last sign of life is {age_s:.0f} s old: {settings.heartbeat}")
    return f"alive {max(0.0, age_s):.0f} s ago"
