"""A job table on both databases, with executors and an app over it."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from datalab.contracts.identity import Caller, Role
from datalab.contracts.jobs import Job, JobKind, JobState, JobSubmission
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.schemas import bring_to_head
from datalab.services.compute.actions import ComputeActions
from datalab.services.compute.adapters.job_metrics import JobMetrics
from datalab.services.compute.adapters.job_table import JobTable
from datalab.services.compute.adapters.table_changes import TableChanges
from datalab.services.compute.app import Dependencies, build, build_executor, compute_api
from datalab.services.compute.executor.executor import Executor, run_beside
from datalab.services.compute.settings import ComputeSettings

from .work import KINDS, KNOWN, Desk, Gateway

WAIT_S = 60
"""When a test that waits for something gives up; nothing is asserted about how long it takes."""


@dataclass
class Compute:
    """A compute service: its database, its actions for a caller, and executors as a test asks for them."""

    dependencies: Dependencies
    scratch: Path
    gateway: Gateway
    desk: Desk
    stack: AsyncExitStack
    executors: list[Executor] = field(default_factory=list[Executor])

    @property
    def store(self) -> JobTable:
        return JobTable(self.dependencies.database, self.dependencies.outbox)

    def api(self, who: Caller) -> ComputeActions:
        found = compute_api(self.dependencies)(who)
        assert isinstance(found, ComputeActions)
        return found

    async def start_executor(
        self, queues: Sequence[str] = ("work",), kinds: Sequence[JobKind] | None = None
    ) -> Executor:
        """Run an executor until the test ends."""
        executor = self.executor(queues, kinds)
        await self.stack.enter_async_context(run_beside(executor))
        return executor

    def executor(self, queues: Sequence[str] = ("work",), kinds: Sequence[JobKind] | None = None) -> Executor:
        executor = build_executor(
            self.dependencies,
            kinds or [kind(self.desk) for kind in KINDS],
            self.gateway,
            queues=queues,
            scratch=self.scratch,
        )
        self.executors.append(executor)
        return executor

    async def submit(self, kind: str = "echo", who: Caller | None = None, **options: object) -> Job:
        submission = JobSubmission.model_validate({"kind": kind, **options})
        return await self.api(who or ADA).submit(submission)

    async def job(self, job_id: str) -> Job:
        return await self.api(ADMIN).get_job(job_id)

    async def until(self, job_id: str, reached: Callable[[Job], bool]) -> Job:
        """The job once it is so."""
        changes = self.dependencies.changes
        async with asyncio.timeout(WAIT_S):
            while True:
                seen = changes.count()
                job = await self.job(job_id)
                if reached(job):
                    return job
                await changes.wait(seen, 0.1)

    async def end(self, job_id: str) -> Job:
        """The job once it has ended."""
        return await self.until(job_id, lambda job: job.state.ended)

    async def begun(self, job_id: str) -> Job:
        """The job once it runs."""
        return await self.until(job_id, lambda job: job.state is JobState.RUNNING)

    async def states(self, job_id: str) -> list[str]:
        """The states that the job went through, as its events tell, without mere messages about one."""
        found = await self.store.happenings(job_id, None, after=0, kind=None, limit=10_000)
        told = [event.state.value for event in found.events if event.state is not None]
        return [state for index, state in enumerate(told) if index == 0 or told[index - 1] != state]

    async def ends(self, job_id: str) -> list[str]:
        """Each end that the job's events tell of."""
        return [state for state in await self.states(job_id) if JobState(state).ended]


ADA = caller(Role.EDITOR, "ada")
BOB = caller(Role.EDITOR, "bob")
VIEWER = caller(Role.VIEWER, "vera")
ADMIN = caller(Role.ADMIN, "root")


@pytest.fixture
def settings() -> ComputeSettings:
    return ComputeSettings(slots=4, lease_s=30, poll_s=0.1, drain_s=30, heartbeat_s=0.05)


@pytest.fixture
async def compute(database_url: DatabaseUrl, tmp_path: Path, settings: ComputeSettings) -> AsyncGenerator[Compute]:
    database = Database(database_url, "compute")
    await bring_to_head(database)
    parts = app_parts()
    dependencies = Dependencies(
        settings=settings,
        parts=parts,
        database=database,
        outbox=Outbox(database),
        changes=TableChanges(database),
        metrics=JobMetrics(parts.metrics),
        kinds=KNOWN,
    )
    async with database, AsyncExitStack() as stack:
        await stack.enter_async_context(dependencies.changes)
        yield Compute(dependencies, tmp_path / "scratch", Gateway(), Desk(), stack)


@pytest.fixture
async def http(compute: Compute) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=build(compute.dependencies))
    async with httpx.AsyncClient(transport=transport, base_url="http://compute") as client:
        yield client


def bearer(who: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {who.token.get_secret_value()}"}
