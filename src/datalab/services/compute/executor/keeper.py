"""Keeping an executor's leases."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from datalab.contracts.errors import Unavailable
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.compute.executor.attempt import Attempt, Stop
from datalab.services.compute.model.attempt import Ticket
from datalab.services.compute.ports import AttemptStore

_log = get_logger(__name__)


class Keeper:
    """Prolongs the leases of one executor, and compares them with what it runs."""

    def __init__(
        self,
        store: AttemptStore,
        executor: str,
        lease_s: float,
        running: Callable[[], Mapping[Ticket, Attempt]],
        orphaned: Callable[[Sequence[Ticket]], None],
    ) -> None:
        self._store = store
        self._executor = executor
        self._lease_s = lease_s
        self._running = running
        self._orphaned = orphaned
        self._suspects: frozenset[Ticket] = frozenset()

    async def keep(self) -> None:
        """Renew three times in a lease's time, until cancelled."""
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                await self.renew()
            except Unavailable as error:
                _log.warning("leases can't be renewed now", reason=error.detail)
            except Exception:  # noqa: BLE001 # without renewals every job here would be lost
                _log.exception("renewing leases failed and is tried again")

    async def renew(self) -> None:
        """Renew once. Stops what was lost; reports what is held but has not been running for two renewals."""
        before = dict(self._running())
        held = await self._store.renew(self._executor, timedelta(seconds=self._lease_s))
        for ticket, attempt in before.items():
            if ticket not in held:
                _log.warning("a job was lost to another worker", job=ticket.job_id)
                attempt.stop(Stop.LOST)
        unknown = held - self._running().keys()
        orphans = unknown & self._suspects
        self._suspects = unknown - orphans
        if orphans:
            self._orphaned(sorted(orphans))
