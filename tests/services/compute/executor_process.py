"""A worker process for tests that kill it, with jobs of the kinds echo, fail and hold.

It tells of each job that it has begun (``begun <id>``) or was told is submitted (``submitted <id>``).
"""

import asyncio
import importlib
import os
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import JsonValue

from datalab.contracts.identity import Role
from datalab.contracts.jobs import Job, JobContext, JobKind, JobState, JobSubmission
from datalab.kernel import failpoint
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import parse_database_url
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.identity import caller
from datalab.services.compute.adapters.job_metrics import JobMetrics
from datalab.services.compute.adapters.table_changes import TableChanges
from datalab.services.compute.app import Dependencies, build_executor, compute_api
from datalab.services.compute.executor.executor import run_beside
from datalab.services.compute.settings import ComputeSettings

from .work import KNOWN, Desk, Gateway, echo, fail, hold

SUBMITTER = caller(Role.EDITOR, "ada")
LEASE_S = 2.0


Tell = Callable[[str, str], None]


def telling(kind: JobKind, told: Tell) -> JobKind:
    async def handler(context: JobContext) -> Mapping[str, JsonValue]:
        told("begun", context.job.id)
        return await kind.handler(context)

    return JobKind(kind.name, kind.queue, kind.spec, handler)


async def submit_told(dependencies: Dependencies, told: Tell, key: str, kind: str, **options: object) -> Job:
    submission = JobSubmission.model_validate({"kind": kind, "tags": ["faults"], **options})
    job = await compute_api(dependencies)(SUBMITTER).submit(submission, key)
    told("submitted", job.id)
    return job


async def use_everything(dependencies: Dependencies, told: Tell) -> None:
    """Submit jobs of all sorts, cancel some, retry some, and wait for them: all failpoints but a lease's are on the way."""
    api = compute_api(dependencies)(SUBMITTER)
    submit = partial(submit_told, dependencies, told)

    async def ended(job: Job, *states: JobState) -> None:
        while (await api.get_job(job.id)).state not in (states or tuple(one for one in JobState if one.ended)):
            seen = dependencies.changes.count()
            await dependencies.changes.wait(seen, 0.05)

    top = await submit("top", "echo")
    await submit("child", "echo", depends_on=[top.id])
    bad = await submit("bad", "fail", spec={"error": "InvalidInput", "times": 1}, run_at="2020-01-01T00:00:00Z")
    waiting = await submit("waiting", "echo", depends_on=[bad.id])
    held = await submit("held", "hold")
    late = await submit("late", "echo", queue="work.none", deadline="2020-01-01T00:00:00Z")
    await ended(held, JobState.RUNNING)
    await api.cancel(held.id)
    for job in (held, waiting, late, top):
        await ended(job)
    await api.retry(bad.id)
    await ended(bad)
    await asyncio.sleep(LEASE_S / 2)  # leases are renewed three times in their time
    told("done", bad.id)


async def main(url: str, scratch: str, scenario: str, told: Tell) -> None:
    database = Database(parse_database_url(url), "compute")
    parts = app_parts()
    dependencies = Dependencies(
        settings=ComputeSettings(poll_s=0.05, lease_s=1 if scenario == "hold" else 30),
        parts=parts,
        database=database,
        outbox=Outbox(database),
        changes=TableChanges(database),
        metrics=JobMetrics(parts.metrics),
        kinds=KNOWN,
    )
    desk = Desk()
    kinds = [telling(kind(desk), told) for kind in (echo, fail, hold)]
    async with database, dependencies.changes:
        executor = build_executor(dependencies, kinds, Gateway(), queues=["work"], scratch=Path(scratch))
        async with run_beside(executor):
            if scenario == "everything":
                await use_everything(dependencies, told)
                return
            if scenario == "hold":
                await submit_told(dependencies, told, "held", "hold")
            await asyncio.Event().wait()


def run_scenario(url: str, scratch: str, scenario: str, name: str, out: Connection) -> None:
    """Run in a process of its own, which dies at the failpoint ``name``."""
    os.environ[failpoint.VARIABLE] = name
    importlib.reload(failpoint)
    asyncio.run(main(url, scratch, scenario, lambda what, job_id: out.send(f"{what} {job_id}")))
