"""A job that reads another service by an Api bound at its start goes on past the end of its first token."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue
from tests.conformance.platform import World, open_world

from datalab.client.session import Session
from datalab.contracts.gateway import UserChange
from datalab.contracts.identity import Role
from datalab.contracts.jobs import Job, JobContext, JobKind, JobState, JobSubmission, SqlJob
from datalab.contracts.model import PageRequest
from datalab.host.delegation import RemoteDelegation
from datalab.host.minting import service_credential
from datalab.host.one_process import running
from datalab.host.wiring import compute
from datalab.host.wiring.gateway import LocalDelegation
from datalab.services.compute.ports import Delegation

pytestmark = [pytest.mark.xdist_group("renewal"), pytest.mark.timeout(180)]

ROADS = {"in process": "in process", "over HTTP": "own port"}
QUEUE = "data.renewal"
READ = JobSubmission(kind="sql", spec={"sql": "SELECT 1"}, queue=QUEUE, retries=0)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A platform whose access tokens are good for two seconds."""
    before = dict(os.environ)
    try:
        async with open_world(tmp_path / "home", {"DATALAB_ACCESS_TOKEN_S": "2"}) as opened:
            yield opened
    finally:
        os.environ.clear()
        os.environ.update(before)


class Reader:
    """A handler that binds the data service once and reads when it is told to, however late that is."""

    def __init__(self, world: World, road: str) -> None:
        self._world, self._road = world, road
        self.first_expiry: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()
        self.go_on = asyncio.Event()

    async def read(self, context: JobContext) -> Mapping[str, JsonValue]:
        """How many datasets there are."""
        data = self._world.by_road(ROADS[self._road], context.caller).data
        self.first_expiry.set_result(context.caller.identity.expires_at)
        await self.go_on.wait()
        return {"datasets": len((await data.list_datasets(PageRequest())).items)}

    async def past_the_first_token(self) -> None:
        """Return once the attempt's first token is good no more."""
        expiry = await self.first_expiry
        await asyncio.sleep(max((expiry - datetime.now(UTC)).total_seconds(), 0) + 0.1)


def delegation(world: World, road: str, session: Session) -> Delegation:
    """How the worker gets its tokens: from the gateway of this process, or by asking it over HTTP."""
    if road == "in process":
        return LocalDelegation(world.platform.gateway.issuer)
    secret = service_credential("compute")
    return RemoteDelegation(session, [world.address], "compute", secret, world.platform.site.verifier)


@asynccontextmanager
async def working(world: World, road: str, reader: Reader, scratch: Path) -> AsyncIterator[None]:
    """A worker of the queue as long as the block."""
    session, dependencies = Session(), world.platform._compute
    executor = compute.build_executor(
        dependencies,
        [JobKind("sql", "data", SqlJob, reader.read)],
        delegation(world, road, session),
        queues=[QUEUE],
        scratch=scratch,
    )
    try:
        async with running(executor.run()):
            yield
    finally:
        await session.close()


async def ended(world: World, job: Job) -> Job:
    """The job once it has ended, as an administrator reads it, whose token is as short."""
    async with asyncio.timeout(60):
        while True:
            api = world.by_road("in process", await world.caller()).compute
            found = await api.get_job(job.id)
            if found.state.ended:
                return found
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("road", ROADS)
async def test_an_api_bound_at_the_start_is_good_past_the_first_tokens_end(world: World, road: str, tmp_path: Path):
    reader = Reader(world, road)
    async with working(world, road, reader, tmp_path / "scratch"):
        job = await world.by_road("in process", await world.caller(Role.EDITOR)).compute.submit(READ)
        await reader.past_the_first_token()
        reader.go_on.set()
        done = await ended(world, job)
    assert (done.state, done.error, done.result) == (JobState.SUCCEEDED, None, {"datasets": 0})


@pytest.mark.parametrize("road", ROADS)
async def test_a_job_whose_owner_is_disabled_meanwhile_is_stopped(world: World, road: str, tmp_path: Path):
    reader = Reader(world, road)
    async with working(world, road, reader, tmp_path / "scratch"):
        owner = await world.caller(Role.EDITOR)
        job = await world.by_road("in process", owner).compute.submit(READ)
        await reader.first_expiry
        admin = world.platform.gateway.api(await world.caller())
        await admin.change_user(owner.identity.subject, UserChange(disabled=True))
        done = await ended(world, job)
    assert (done.state, done.error and done.error.code) == (JobState.FAILED, "subject_refused")
