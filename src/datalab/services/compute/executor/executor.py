"""The executor: claims jobs while it has free slots, runs them, writes what they say and how they end."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from datalab.contracts.errors import Unavailable
from datalab.contracts.jobs import JobKind
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.compute.executor.attempt import Attempt, Stop
from datalab.services.compute.executor.journal import Journal
from datalab.services.compute.executor.keeper import Keeper
from datalab.services.compute.executor.mandate import Mandate
from datalab.services.compute.executor.presence import new_executor_id
from datalab.services.compute.executor.recovery import keep_recovering
from datalab.services.compute.executor.scratch import clear_abandoned
from datalab.services.compute.executor.writer import Writer
from datalab.services.compute.model.attempt import Claim, HandedBack, Notes, Settlement, Ticket, Wanted
from datalab.services.compute.ports import AttemptStore, Changes, Delegation, Observer
from datalab.services.compute.settings import ComputeSettings

FLUSH_S: Final = 0.05
"""How long log lines and progress wait for more of them, so that they are written together."""

LONGEST_PAUSE_S: Final = 5.0
_log = get_logger(__name__)


class Executor:
    """Runs the jobs of some queues in this process. The job table stays the truth: this may be killed at any moment.

    ``kinds`` are the handlers by kind; jobs of other kinds are left to others. ``scratch`` is a folder of the executors
    of this machine. ``run()`` goes on until it is cancelled; it then claims nothing more, gives running jobs
    ``settings.drain_s`` seconds and hands the rest back; cancelled a second time it hands back at once.
    """

    def __init__(
        self,
        store: AttemptStore,
        changes: Changes,
        kinds: Mapping[str, JobKind],
        delegation: Delegation,
        *,
        queues: Sequence[str],
        scratch: Path,
        settings: ComputeSettings,
        observer: Observer,
    ) -> None:
        self.id: Final = new_executor_id()
        self._changes = changes
        self._kinds = kinds
        self._delegation = delegation
        self._queues = tuple(queues)
        self._scratch = scratch
        self._settings = settings
        self._observer = observer
        self._store = store
        self._writer = Writer(store)
        self._running: dict[Ticket, Attempt] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._settled: list[Settlement] = []
        self._wake = asyncio.Event()
        self._look_due = True
        self._stopping = False
        self._flush: asyncio.TimerHandle | None = None
        self._refusals = 0
        self._paused_until = 0.0

    @property
    def running(self) -> int:
        """Attempts under way."""
        return len(self._running)

    async def run(self) -> None:
        """Run jobs until cancelled, then drain."""
        await asyncio.to_thread(clear_abandoned, self._scratch)
        serve = asyncio.create_task(self._serve(), name="executor")
        cancelled = False
        while not serve.done():
            try:
                await asyncio.shield(serve)
            except asyncio.CancelledError:
                if serve.cancelled():
                    raise
                self._hand_back() if cancelled else self._begin_drain()
                cancelled = True
        await serve
        if cancelled:
            raise asyncio.CancelledError

    def _begin_drain(self) -> None:
        self._stopping = True
        asyncio.get_running_loop().call_later(self._settings.drain_s, self._hand_back)
        self._wake.set()

    def _hand_back(self) -> None:
        self._writer.give_up()
        for attempt in self._running.values():
            attempt.stop(Stop.DRAINED)
        self._wake.set()

    async def _serve(self) -> None:
        keeper = Keeper(self._store, self.id, self._settings.lease_s, lambda: self._running, self._orphaned)
        helpers = [asyncio.create_task(one) for one in (keeper.keep(), keep_recovering(self._store), self._listen())]
        try:
            while not self._stopping or self._running or self._settled:
                self._wake.clear()
                await self._turn()
                await self._wake.wait()
        finally:
            for helper in helpers:
                helper.cancel()
            await asyncio.gather(*helpers, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            seen = self._changes.count()
            self._look_due = True
            self._wake.set()
            await self._changes.wait(seen, self._settings.poll_s)

    async def _turn(self) -> None:
        """End attempts, write what was said, claim what there is room for: in one transaction, if there is anything."""
        settled = list(self._settled)
        noted = self._noted()
        wanted = self._wanted()
        claimable = bool(settled) or await self._look(wanted)
        if not (settled or noted or (claimable and wanted.count)):
            return
        claims = await self._writer.turn(settled, noted, wanted if claimable and wanted.count else None)
        del self._settled[: len(settled)]
        if self._stopping and not self._running and not self._settled:
            self._wake.set()
        for claim in claims:
            self._begin(claim)
        if claims:
            self._queues = (*self._queues[1:], self._queues[0])
            self._look_due = True
            self._wake.set()

    async def _look(self, wanted: Wanted) -> bool:
        if not self._look_due:
            return False
        self._look_due = False
        try:
            seen = await self._store.look(wanted)
        except Unavailable as error:
            _log.warning("the job table can't be read now", reason=error.detail)
            return False
        except Exception:  # noqa: BLE001 # without it no job would ever run again
            _log.exception("looking for jobs failed and is tried again")
            return False
        for ticket in seen.cancelled:
            if ticket in self._running:
                self._running[ticket].stop(Stop.CANCELLED)
        return seen.claimable

    def _noted(self) -> dict[Ticket, Notes]:
        taken = {ticket: attempt.journal.take() for ticket, attempt in self._running.items()}
        return {ticket: notes for ticket, notes in taken.items() if notes}

    def _wanted(self) -> Wanted:
        lease = timedelta(seconds=self._settings.lease_s)
        return Wanted(self.id, self._queues, tuple(self._kinds), self._room(), lease)

    def _room(self) -> int:
        if self._stopping or asyncio.get_running_loop().time() < self._paused_until:
            return 0
        free = max(self._settings.slots - len(self._running), 0)
        if not self._refusals:
            return free
        # After a refusal one job finds out whether tokens can be had again; those that have theirs are no hindrance.
        asking = any(not attempt.is_admitted for attempt in self._running.values())
        return 0 if asking else min(free, 1)

    def _begin(self, claim: Claim) -> None:
        folder = self._scratch / self.id / f"{claim.ticket.job_id}.{claim.ticket.fence}"
        journal = Journal(self._heard)
        mandate = Mandate(claim, self._delegation, self._store, journal)
        attempt = Attempt(claim, self._kinds[claim.job.kind], mandate, journal, folder, admitted=self._admitted)
        self._running[claim.ticket] = attempt
        if self._stopping:
            attempt.stop(Stop.DRAINED)
        task = asyncio.create_task(self._follow(attempt), name=f"attempt at job {claim.ticket.job_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, attempt: Attempt) -> None:
        began = asyncio.get_running_loop().time()
        try:
            outcome = await attempt.run()
        finally:
            del self._running[attempt.ticket]
            self._wake.set()
        if outcome is None:
            return
        name = type(outcome).__name__.lower()
        self._observer.attempt_ended(attempt.claim.job, name, asyncio.get_running_loop().time() - began)
        self._count_refusals(isinstance(outcome, HandedBack))
        self._settled.append(Settlement(attempt.ticket, outcome, attempt.journal.take_last()))

    def _admitted(self) -> None:
        if self._refusals:
            self._refusals, self._paused_until = 0, 0.0
            self._look_due = True
            self._wake.set()

    def _count_refusals(self, refused: bool) -> None:
        if not refused:
            self._admitted()
            return
        pause_s = min(0.5 * 2**self._refusals, LONGEST_PAUSE_S)
        self._refusals = min(self._refusals + 1, 10)
        self._paused_until = asyncio.get_running_loop().time() + pause_s

    def _orphaned(self, tickets: Sequence[Ticket]) -> None:
        """Claims whose commit was answered by an outage: nobody runs them, so they go back."""
        reason = "the worker claimed the job without learning so"
        self._settled += [Settlement(ticket, HandedBack(reason)) for ticket in tickets]
        self._wake.set()

    def _heard(self) -> None:
        if self._flush is None:
            self._flush = asyncio.get_running_loop().call_later(FLUSH_S, self._flush_now)

    def _flush_now(self) -> None:
        self._flush = None
        self._wake.set()


@contextlib.asynccontextmanager
async def run_beside(executor: Executor) -> AsyncGenerator[None]:
    """Run the executor as long as the block; leaving it drains."""
    task = asyncio.create_task(executor.run(), name="executor")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
