"""The pool: every worker process of one platform process."""

import asyncio
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from datalab.kernel.pool.confine import Confinement
from datalab.kernel.pool.errors import PoolClosed
from datalab.kernel.pool.lane import Lane, LaneSnapshot
from datalab.kernel.pool.profile import Profile
from datalab.kernel.pool.scratch import Scratch
from datalab.kernel.pool.stream import OnLog, OnProgress, Stream, Task

UNREAD_S: Final = 60.0


class Pool:
    """Owns all children; starts none before the first call, leaves none behind when closed.

    ``scratch`` is the folder in which children get their private folders; ``import_path`` holds folders to import from
    beyond what the interpreter knows. ``variables`` is the environment of which a child gets a harmless few.
    """

    def __init__(
        self,
        profiles: Iterable[Profile],
        *,
        scratch: Path,
        import_path: Sequence[Path] = (),
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self._scratch: Final = Scratch(scratch)
        own = os.environ if variables is None else variables
        self._lanes: Final = {profile.name: Lane(profile, self._scratch, import_path, own) for profile in profiles}
        self._closed = False

    async def __aenter__(self) -> Self:
        """The pool itself; nothing is started."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def call(
        self,
        profile: str,
        entry: str,
        arguments: Mapping[str, Any],
        *,
        timeout_s: float,
        queue_s: float | None = None,
        on_progress: OnProgress | None = None,
        on_log: OnLog | None = None,
    ) -> Any:
        """Run ``function(arguments, channel)`` of ``entry`` (``package.module:function``) in a child.

        ``timeout_s`` counts from when a child begins, ``queue_s`` (the same unless given) while all are taken.
        Callbacks may be coroutine functions; chunks that the task sends are dropped. Errors:

        - DeadlineExceeded, MemoryLimitExceeded (contracts): stopped for time or memory;
        - any PlatformError that the task raised, as the same class if its module is imported here;
        - WorkerFailed: it raised something else; WorkerDied: its process ended;
        - PoolBusy: no child was free within ``queue_s``; PoolClosed: the pool is or was closed.

        Cancelling the call kills the child at once.
        """
        stream = self.stream(
            profile,
            entry,
            arguments,
            timeout_s=timeout_s,
            queue_s=queue_s,
            on_progress=on_progress,
            on_log=on_log,
        )
        async with stream:
            return await stream.result()

    def stream(
        self,
        profile: str,
        entry: str,
        arguments: Mapping[str, Any],
        *,
        timeout_s: float,
        queue_s: float | None = None,
        unread_s: float = UNREAD_S,
        on_progress: OnProgress | None = None,
        on_log: OnLog | None = None,
    ) -> Stream:
        """The same, for a task that sends bytes: ``async with`` it, then ``header()``, ``async for``, ``result()``.

        ``timeout_s`` counts only while we wait for the child, not while its reader holds a chunk; a reader who asks for
        nothing for ``unread_s`` loses the child with DeadlineExceeded. Raises :class:`KeyError` for an unknown profile.
        """
        if self._closed:
            raise PoolClosed("the platform is shutting down, so no work is begun")
        queue_s = timeout_s if queue_s is None else queue_s
        task = Task(entry, arguments, timeout_s, queue_s, unread_s, on_progress, on_log)
        return Stream(self._lanes[profile], task)

    def warm_up(self, profile: str) -> None:
        """Begin to start what the profile keeps ready, for a first call that is expected soon."""
        self._lanes[profile].warm_up()

    def snapshot(self) -> dict[str, LaneSnapshot]:
        """Counts by profile."""
        return {name: lane.snapshot() for name, lane in self._lanes.items()}

    def confinement(self, profile: str) -> Confinement | None:
        """Which walls stand around the profile's last started child, None before the first.

        :func:`datalab.kernel.pool.confine.offered_confinement` says what to expect without starting one.
        """
        return self._lanes[profile].confinement

    async def close(self) -> None:
        """Kill and reap all children, whatever they do, and remove their folders; calls under way get PoolClosed."""
        self._closed = True
        await asyncio.gather(*(lane.close() for lane in self._lanes.values()))
        await asyncio.to_thread(self._scratch.close)
