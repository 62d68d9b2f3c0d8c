"""The compute service put together."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from datalab.catalog import COMPUTE
from datalab.contracts.compute import ComputeApi
from datalab.contracts.errors import Unavailable
from datalab.contracts.identity import ApiFor, Caller
from datalab.contracts.jobs import JobKind
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import check_schema
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.http.app import AppParts, create_app
from datalab.kernel.pool.confine import offered_confinement
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile
from datalab.kernel.upkeep import upkeep
from datalab.services.compute.actions import ComputeActions, ComputeDeps
from datalab.services.compute.adapters.job_metrics import JobMetrics
from datalab.services.compute.adapters.job_table import JobTable
from datalab.services.compute.adapters.table_changes import TableChanges
from datalab.services.compute.executor.executor import Executor
from datalab.services.compute.executor.recovery import keep_recovering
from datalab.services.compute.jobs import compute_job_kinds, python_profile, python_refusal
from datalab.services.compute.model.kinds import KNOWN_KINDS, KnownKind
from datalab.services.compute.ports import Delegation
from datalab.services.compute.routes import attach
from datalab.services.compute.settings import ComputeSettings

RECOVER_S = 5.0
"""How often lost jobs and missed deadlines are looked for here; workers do it each second, if there are any."""

LENGTHS_S = 5.0
"""How often the lengths of the queues are counted for the metrics."""


def host_refusals() -> Mapping[str, str]:
    """What this host can't run."""
    reason = python_refusal(offered_confinement())
    return {} if reason is None else {"python": reason}


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the service and its executors are given.

    ``outbox`` is that of ``database`` and ``changes`` watches it: the executor and the API of one process share both, so
    that what one does wakes the other. ``refusals``: kinds of job that can't be run here, each with the reason; unless
    given, it is ``python`` on a host that can't confine users' code.
    """

    settings: ComputeSettings
    parts: AppParts
    database: Database
    outbox: Outbox
    changes: TableChanges
    metrics: JobMetrics
    kinds: Mapping[str, KnownKind] = field(default_factory=lambda: KNOWN_KINDS)
    refusals: Mapping[str, str] = field(default_factory=host_refusals)


def pool_profiles(settings: ComputeSettings) -> tuple[Profile, ...]:
    """The kinds of process that the service's own jobs need."""
    profile = python_profile(
        memory_bytes=settings.python_memory_bytes,
        file_bytes=settings.python_file_bytes,
        concurrency=settings.slots,
    )
    return (profile,)


def job_kinds(pool: Pool) -> tuple[JobKind, ...]:
    """The kinds of job that the service's own workers run; ``pool`` has the profiles of :func:`pool_profiles`."""
    return compute_job_kinds(pool)


def compute_api(dependencies: Dependencies) -> ApiFor[ComputeApi]:
    """The service for each caller, in this process."""
    deps = _deps(dependencies)

    def bound(caller: Caller) -> ComputeApi:
        return ComputeActions(deps, caller)

    return bound


def build_executor(
    dependencies: Dependencies,
    kinds: Sequence[JobKind],
    delegation: Delegation,
    *,
    queues: Sequence[str],
    scratch: Path,
) -> Executor:
    """An executor of these kinds of job, to be ``run()`` inside ``async with dependencies.changes``."""
    return Executor(
        JobTable(dependencies.database, dependencies.outbox),
        dependencies.changes,
        {kind.name: kind for kind in kinds},
        delegation,
        queues=queues,
        scratch=scratch,
        settings=dependencies.settings,
        observer=dependencies.metrics,
    )


def build(dependencies: Dependencies) -> FastAPI:
    """The service's app. Its lifespan watches the job table, takes back what lost workers held, counts the queues."""
    parts = dependencies.parts
    app = create_app(COMPUTE, parts, lifespan=lambda _: _alive(dependencies))
    attach(app, _deps(dependencies), dependencies.settings.heartbeat_s)

    parts.readiness.add("database", partial(check_schema, dependencies.database), required=True)
    for kind, reason in dependencies.refusals.items():
        parts.readiness.add(f"kind:{kind}", _refusing(reason), required=False)
    return app


def _deps(dependencies: Dependencies) -> ComputeDeps:
    store = JobTable(dependencies.database, dependencies.outbox)
    return ComputeDeps(store, dependencies.changes, dependencies.kinds, dependencies.refusals)


@asynccontextmanager
async def _alive(dependencies: Dependencies) -> AsyncGenerator[None]:
    store = JobTable(dependencies.database, dependencies.outbox)
    async with dependencies.changes:
        tasks = [
            asyncio.create_task(keep_recovering(store, RECOVER_S), name="recovery of jobs"),
            asyncio.create_task(_count(store, dependencies.metrics), name="lengths of queues"),
        ]
        settings = dependencies.settings
        kept = timedelta(days=settings.jobs_days), timedelta(days=settings.keys_days)
        try:
            async with upkeep("ended jobs", partial(store.forget, *kept)):
                yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _count(store: JobTable, metrics: JobMetrics) -> None:
    while True:
        with suppress(Unavailable):
            metrics.show_lengths(await store.lengths())
        await asyncio.sleep(LENGTHS_S)


def _refusing(reason: str) -> Callable[[], Awaitable[str]]:
    async def check() -> str:
        raise Unavailable(reason)

    return check
