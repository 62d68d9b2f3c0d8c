"""Writing turns to the job table through outages, and past what can't be written."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from datalab.contracts.errors import Category, Unavailable
from datalab.contracts.jobs import JobError
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.compute.model.attempt import Claim, Failed, Notes, Settlement, Ticket, Wanted
from datalab.services.compute.ports import AttemptStore

PAUSE_S: Final = 0.2
LONGEST_PAUSE_S: Final = 2.0
_log = get_logger(__name__)


class Writer:
    """Repeats a turn until it is written. An end that the table refuses becomes a failure that says so."""

    def __init__(self, store: AttemptStore) -> None:
        self._store = store
        self._giving_up = False

    def give_up(self) -> None:
        """From now on don't wait out outages: what can't be written is left to the leases' end."""
        self._giving_up = True

    async def turn(
        self, settled: Sequence[Settlement], noted: Mapping[Ticket, Notes], wanted: Wanted | None
    ) -> Sequence[Claim]:
        """See :meth:`AttemptStore.turn`; returns once it is written, or without claims after giving up."""
        pause_s = PAUSE_S
        while True:
            try:
                return await self._store.turn(settled, noted, wanted)
            except Unavailable as error:
                _log.warning("the job table can't be written now", reason=error.detail, ends=len(settled))
                if self._giving_up:
                    return ()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
            except Exception:  # noqa: BLE001 # one end that can't be written must not hold up the others
                _log.exception("a turn was refused; its ends are written one by one")
                await self._one_by_one(settled)
                return ()

    async def _one_by_one(self, settled: Sequence[Settlement]) -> None:
        for settlement in settled:
            try:
                await self._store.turn([settlement], {}, None)
            except Unavailable:
                _log.warning("an end is left to its lease", job=settlement.ticket.job_id)
            except Exception:  # noqa: BLE001 # likewise
                _log.exception("an end can't be written", job=settlement.ticket.job_id)
                await self._write_failure(settlement)

    async def _write_failure(self, settlement: Settlement) -> None:
        error = JobError(code="unwritable_end", detail="what the attempt answered could not be stored")
        failure = replace(settlement, outcome=Failed(error, Category.INVALID), notes=Notes())
        try:
            await self._store.turn([failure], {}, None)
        except Exception:  # noqa: BLE001 # the executor goes on; when the lease is over the job is run anew
            _log.exception("an end is left to its lease", job=settlement.ticket.job_id)
