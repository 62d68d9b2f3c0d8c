"""The children of one profile: who works, who waits, who is replaced."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import structlog

from datalab.kernel.pool.confine import Confinement
from datalab.kernel.pool.environment import child_environment
from datalab.kernel.pool.errors import PoolBusy, PoolClosed, WorkerDied
from datalab.kernel.pool.profile import Profile
from datalab.kernel.pool.scratch import Scratch, discard
from datalab.kernel.pool.worker import NotReady, Worker, start_worker, wait_until_ready

START_S: Final = 120.0
"""Seconds in which a child must have imported what its profile preloads, on a busy machine."""

log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LaneSnapshot:
    """Children of one profile: at work, ready or warming, and how many were ever started and ever killed in mid-work."""

    running: int
    warm: int
    started: int
    killed: int


class Lane:
    """Lends children to one call at a time, at most ``concurrency`` of them."""

    def __init__(
        self, profile: Profile, scratch: Scratch, import_path: Sequence[Path], variables: Mapping[str, str]
    ) -> None:
        self.profile: Final = profile
        self.confinement: Confinement | None = None
        self._scratch: Final = scratch
        self._import_path: Final = import_path
        self._variables: Final = variables
        self._slots: Final = asyncio.Semaphore(profile.concurrency)
        self._parked: Final[deque[asyncio.Future[Worker]]] = deque()
        self._children: Final[set[Worker]] = set()
        self._starts: Final[set[asyncio.Task[Worker]]] = set()
        self._errands: Final[set[asyncio.Task[None]]] = set()
        self._running = self._started = self._killed = 0
        self._closed = False

    def snapshot(self) -> LaneSnapshot:
        """How many there are now."""
        return LaneSnapshot(self._running, len(self._parked), self._started, self._killed)

    async def acquire(self, queue_s: float) -> Worker:
        """A ready child, ours until released or retired; raises :class:`PoolBusy`, :class:`PoolClosed`, WorkerDied."""
        await self._take_slot(queue_s)
        try:
            worker = await self._ready_child()
        except BaseException:
            self._slots.release()
            raise
        self._running += 1
        return worker

    def release(self, worker: Worker) -> None:
        """Take a child back after its work; it is replaced when it has done its share."""
        self._return_slot()
        if self._closed or worker.tasks_left <= 0 or not worker.alive:
            self._run_errand(self._bury(worker))
        else:
            self._park(_finished(worker))
        self._fill_up()

    def retire(self, worker: Worker) -> None:
        """Kill a child in mid-work, at once, and warm another."""
        worker.kill()
        self._killed += 1
        self._return_slot()
        self._run_errand(self._bury(worker))
        self._fill_up()

    def warm_up(self) -> None:
        """Start what is kept ready, before the first call asks for it."""
        self._fill_up()

    async def close(self) -> None:
        """Kill and reap every child."""
        self._closed = True
        self._parked.clear()
        for worker in self._children:
            worker.kill()
        await asyncio.gather(*self._starts, return_exceptions=True)
        while self._children or self._errands:
            await asyncio.gather(*[self._bury(worker) for worker in self._children], *self._errands)

    @property
    def closed(self) -> bool:
        """Whether it was closed, so that a child's death has that cause."""
        return self._closed

    def _no_more_work(self) -> PoolClosed:
        return PoolClosed(f"the pool's profile {self.profile.name!r} takes no more work")

    async def _take_slot(self, queue_s: float) -> None:
        try:
            async with asyncio.timeout(queue_s):
                await self._slots.acquire()
        except TimeoutError as error:
            raise PoolBusy(
                f"all {self.profile.concurrency} workers of profile {self.profile.name!r} were busy for {queue_s:g} s",
                retry_after_s=1,
            ) from error

    def _return_slot(self) -> None:
        self._running -= 1
        self._slots.release()

    async def _ready_child(self) -> Worker:
        while True:
            if self._closed:
                raise self._no_more_work()
            task = self._unpark() or self._begin_start()
            worker = await self._wait_for(task)
            if worker.alive:
                return worker
            self._run_errand(self._bury(worker))

    async def _wait_for(self, task: asyncio.Future[Worker]) -> Worker:
        try:
            worker = await asyncio.shield(task)
        except asyncio.CancelledError:
            self._park(task)
            raise
        if worker.idle_timer is not None:
            worker.idle_timer.cancel()
        return worker

    def _unpark(self) -> asyncio.Future[Worker] | None:
        if not self._parked:
            return None
        done = next((task for task in self._parked if task.done()), self._parked[0])
        self._parked.remove(done)
        return done

    def _park(self, task: asyncio.Future[Worker]) -> None:
        self._parked.appendleft(task)
        task.add_done_callback(self._rest)

    def _rest(self, task: asyncio.Future[Worker]) -> None:
        """A parked child is ready: give it back if nobody wants it for long."""
        if task not in self._parked:
            return
        if task.exception() is not None:
            self._parked.remove(task)
            return
        give_back = partial(self._give_back, task)
        task.result().idle_timer = asyncio.get_running_loop().call_later(self.profile.idle_s, give_back)

    def _give_back(self, task: asyncio.Future[Worker]) -> None:
        if task in self._parked:
            self._parked.remove(task)
            self._run_errand(self._bury(task.result()))

    def _fill_up(self) -> None:
        while (
            not self._closed
            and len(self._parked) < self.profile.warm
            and len(self._parked) + self._running < self.profile.concurrency
        ):
            self._park(self._begin_start())

    def _begin_start(self) -> asyncio.Task[Worker]:
        task = asyncio.create_task(self._start())
        self._starts.add(task)
        task.add_done_callback(self._starts.discard)
        return task

    async def _start(self) -> Worker:
        """Not to be cancelled, or a process that is being started could be lost sight of: closing kills it instead."""
        try:
            return await self._start_child()
        except Exception as error:
            if self._closed:
                raise self._no_more_work() from error
            told = error.told if isinstance(error, NotReady) else None
            log.exception("worker_not_started", profile=self.profile.name, told=told)
            why = str(error) or f"it was not ready within {START_S:g} s"
            raise WorkerDied(f"a worker of profile {self.profile.name!r} could not be started: {why}") from error

    async def _start_child(self) -> Worker:
        for folder in (*self.profile.reads, *self.profile.writes):
            if not folder.exists():
                folder.mkdir(parents=True)
        scratch = self._scratch.make(self.profile.name)
        environment = child_environment(self._variables, self.profile, scratch=scratch, import_path=self._import_path)
        worker = await start_worker(self.profile, environment, scratch, partial(discard, scratch))
        self._children.add(worker)
        self._started += 1
        try:
            if self._closed:
                worker.kill()
            async with asyncio.timeout(START_S):
                await wait_until_ready(worker)
        except BaseException:
            worker.kill()
            self._run_errand(self._bury(worker))
            raise
        self.confinement = worker.confinement
        return worker

    async def _bury(self, worker: Worker) -> None:
        await worker.reap()
        self._children.discard(worker)

    def _run_errand(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


def _finished(worker: Worker) -> asyncio.Future[Worker]:
    future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
    future.set_result(worker)
    return future
