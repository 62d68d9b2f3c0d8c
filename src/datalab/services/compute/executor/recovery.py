"""Taking back what lost executors held, and failing what missed its deadline."""

import asyncio
from typing import Final

from datalab.contracts.errors import Unavailable
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.compute.executor.presence import is_gone
from datalab.services.compute.ports import AttemptStore

RECOVER_S: Final = 1.0
"""How often workers look."""

_log = get_logger(__name__)


async def keep_recovering(store: AttemptStore, every_s: float = RECOVER_S) -> None:
    """Look at once and then every so many seconds, until cancelled. Any number of processes may do so at the same time."""
    while True:
        try:
            found = await store.recover(is_gone)
            if found:
                _log.warning("jobs were taken back from lost workers, or had missed their deadline", jobs=found)
        except Unavailable as error:
            _log.warning("lost jobs can't be looked for now", reason=error.detail)
        except Exception:  # noqa: BLE001 # without it lost jobs would stay lost
            _log.exception("looking for lost jobs failed and is tried again")
        await asyncio.sleep(every_s)
