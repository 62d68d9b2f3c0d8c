"""An attempt acts for its job's owner as long as it lasts, by tokens that each last much shorter."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from datalab.contracts.errors import Forbidden, Unauthenticated, Unavailable
from datalab.contracts.jobs import JobContext, JobKind, JobState
from datalab.kernel.testing.eventually import eventually
from datalab.services.compute.model.attempt import Settlement, Stopped, Ticket

from .conftest import Compute
from .work import QUEUE, Echo

SHORT = timedelta(seconds=0.4)


@pytest.fixture(autouse=True)
def short_tokens(compute: Compute) -> None:
    compute.gateway.lifetime = SHORT


async def renewed(compute: Compute, times: int) -> None:
    """Wait until so many tokens were asked for."""

    async def so_many() -> bool:
        return len(compute.gateway.asked) >= times

    await eventually(so_many)


async def passed(moment: datetime) -> None:
    """Wait until it is later than that."""
    await asyncio.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0) + 0.1)


async def test_whoever_was_given_the_caller_at_the_start_sees_its_newer_tokens(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold")
    await compute.begun(job.id)
    await renewed(compute, 1)
    await compute.until(job.id, lambda _: bool(compute.desk.contexts))
    caller = compute.desk.contexts[0].caller
    first = caller.identity
    await renewed(compute, 4)
    assert caller.identity.token_id != first.token_id
    assert caller.identity.expires_at > first.expires_at
    compute.desk.go_on.set()
    assert (await compute.end(job.id)).state is JobState.SUCCEEDED


async def test_every_token_of_an_attempt_is_kept_out_of_its_log(compute: Compute) -> None:
    def says_its_token(_: Compute) -> JobKind:
        async def handler(context: JobContext) -> Mapping[str, JsonValue]:
            await renewed(compute, 3)
            await context.log(context.caller.token.get_secret_value())
            return {}

        return JobKind("echo", QUEUE, Echo, handler)

    await compute.start_executor(kinds=[says_its_token(compute)])
    job = await compute.submit("echo")
    await compute.end(job.id)
    found = await compute.store.happenings(job.id, None, after=0, kind=None, limit=100)
    assert "token-for" not in repr(found)


async def test_an_attempt_whose_owner_is_disabled_is_stopped_and_fails(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", retries=5)
    await compute.begun(job.id)
    await compute.until(job.id, lambda _: bool(compute.desk.contexts))
    compute.gateway.refusal = Forbidden("the account is disabled")
    ended = await compute.end(job.id)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.detail == "the account is disabled"
    assert compute.desk.cancelled == [job.id]


async def test_an_attempt_without_its_lease_gets_no_new_token(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold")
    await compute.begun(job.id)
    await compute.until(job.id, lambda _: bool(compute.desk.contexts))
    lost = await compute.store.turn([Settlement(Ticket(job.id, 1), Stopped())], {}, None)
    assert lost == []
    asked = len(compute.gateway.asked)
    caller = compute.desk.contexts[0].caller
    await passed(caller.identity.expires_at + timedelta(seconds=2))
    assert len(compute.gateway.asked) <= asked + 1
    compute.desk.go_on.set()


async def test_an_attempt_that_ignores_being_stopped_gets_no_new_token(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", spec={"stubborn": True}, timeout_s=0.1)
    await compute.end(job.id)
    asked = len(compute.gateway.asked)
    await asyncio.sleep(1.5)
    assert len(compute.gateway.asked) == asked


async def test_a_token_that_ran_out_while_the_gateway_was_away_costs_the_job_no_retry(compute: Compute) -> None:
    refused: list[str] = []

    async def handler(context: JobContext) -> Mapping[str, JsonValue]:
        if refused:
            return {}
        compute.gateway.refusal = Unavailable("the gateway is away")
        await passed(context.caller.identity.expires_at)
        refused.append(context.job.id)
        compute.gateway.refusal = None
        raise Unauthenticated("the access token has expired; sign in again")

    await compute.start_executor(kinds=[JobKind("echo", QUEUE, Echo, handler)])
    job = await compute.submit("echo", retries=0)
    ended = await compute.end(job.id)
    assert ended.state is JobState.SUCCEEDED
    assert (ended.attempt, refused) == (1, [job.id])


async def test_a_refusal_while_the_token_is_good_is_the_jobs_own(compute: Compute) -> None:
    compute.gateway.lifetime = timedelta(minutes=15)
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": "Unauthenticated"}, retries=0)
    assert (await compute.end(job.id)).state is not JobState.SUCCEEDED
    assert len(compute.desk.runs) == 1
