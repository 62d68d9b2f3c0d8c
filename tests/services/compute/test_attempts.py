"""How attempts end, and what that makes of their jobs."""

from pathlib import Path

import pytest

from datalab.contracts.errors import Forbidden, PlatformError, RateLimited, Unauthenticated, Unavailable
from datalab.contracts.jobs import JobEventKind, JobState
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder
from datalab.services.compute.executor.journal import HIDDEN

from .conftest import ADA, Compute


@pytest.fixture
def database_url(tmp_path: Path) -> DatabaseUrl:
    """How an attempt's end is judged doesn't depend on the database."""
    return SqliteFolder(tmp_path / "databases")


@pytest.mark.parametrize("error", ["InvalidInput", "NotFound", "Forbidden", "Conflict", "TooLarge", "DeadlineExceeded"])
async def test_what_is_wrong_with_the_request_is_not_tried_again(compute: Compute, error: str) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": error}, retries=5)
    ended = await compute.end(job.id)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.detail == "it went wrong"
    assert ended.attempt == 1


async def test_what_may_be_well_later_is_tried_until_the_retries_are_used_up(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": "InternalError"}, retries=1)
    ended = await compute.end(job.id)
    assert ended.state is JobState.DEAD
    assert ended.attempt == 2
    assert await compute.states(job.id) == ["queued", "running", "queued", "running", "dead"]


async def test_an_unforeseen_error_is_tried_again_and_does_not_tell_its_text(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": "nobody"}, retries=0)
    ended = await compute.end(job.id)
    assert ended.state is JobState.DEAD
    assert ended.error is not None
    assert "foresaw" not in ended.error.detail
    assert "RuntimeError" in ended.error.detail


async def test_a_job_that_fails_once_succeeds_on_its_next_attempt(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("fail", spec={"error": "InternalError", "times": 1})
    ended = await compute.end(job.id)
    assert ended.state is JobState.SUCCEEDED
    assert ended.result == {"attempt": 2}
    assert ended.error is None


async def test_an_attempt_past_its_time_is_stopped_and_fails(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", timeout_s=0.2)
    ended = await compute.end(job.id)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.code == "deadline_exceeded"
    assert "0.2 s" in ended.error.detail
    assert compute.desk.cancelled == [job.id]


async def test_a_handler_that_ignores_its_cancellation_still_fails_by_its_time(compute: Compute) -> None:
    await compute.start_executor()
    job = await compute.submit("hold", spec={"stubborn": True}, timeout_s=0.2)
    assert (await compute.end(job.id)).state is JobState.FAILED


@pytest.mark.parametrize(
    "refusal",
    [
        Unavailable("the gateway is away"),
        RateLimited("too many tokens"),
        Unauthenticated("the service's secret is wrong"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_while_no_token_is_to_be_had_a_job_stays_queued_and_spends_no_retry(
    compute: Compute, refusal: PlatformError
) -> None:
    compute.gateway.refusal = refusal
    await compute.start_executor()
    job = await compute.submit("echo", retries=0)
    await compute.until(job.id, lambda _: len(compute.gateway.asked) >= 3)
    compute.gateway.refusal = None
    ended = await compute.end(job.id)
    assert ended.state is JobState.SUCCEEDED
    assert ended.attempt == 1
    assert compute.desk.runs == [job.id]


@pytest.mark.parametrize("refused", ["hold", "echo"], ids=["the long one", "another one"])
async def test_after_a_refusal_jobs_begin_beside_one_that_goes_on_for_long(compute: Compute, refused: str) -> None:
    await compute.start_executor()
    if refused == "echo":
        long = await compute.submit("hold")
        await compute.until(long.id, lambda _: compute.desk.runs == [long.id])
    compute.gateway.refusal = Unavailable("the gateway is away")
    first = await compute.submit(refused)
    await compute.until(first.id, lambda _: [asked[3] for asked in compute.gateway.asked].count(first.id) >= 2)
    compute.gateway.refusal = None
    await compute.until(first.id, lambda _: first.id in compute.desk.runs)
    second = await compute.submit("echo")
    assert (await compute.end(second.id)).state is JobState.SUCCEEDED
    compute.desk.go_on.set()


async def test_an_owner_who_may_act_no_more_fails_the_job(compute: Compute) -> None:
    compute.gateway.refusal = Forbidden("the account is disabled")
    await compute.start_executor()
    ended = await compute.end((await compute.submit("echo", retries=3)).id)
    assert ended.state is JobState.FAILED
    assert ended.error is not None
    assert ended.error.detail == "the account is disabled"
    assert compute.desk.runs == []


async def test_a_result_without_a_json_form_fails_the_job(compute: Compute) -> None:
    from .work import QUEUE, Echo, JobContext, JobKind

    async def handler(_: JobContext) -> dict[str, object]:
        return {"answer": object()}

    await compute.start_executor(kinds=[JobKind("echo", QUEUE, Echo, handler)])  # pyright: ignore[reportArgumentType]
    ended = await compute.end((await compute.submit("echo")).id)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.FAILED, "invalid_result")


async def test_the_owners_token_never_reaches_the_log(compute: Compute) -> None:
    from .work import QUEUE, Echo, JobContext, JobKind

    async def handler(context: JobContext) -> dict[str, str]:
        token = context.caller.token.get_secret_value()
        await context.log(f"Authorization: Bearer {token}")
        await context.progress(0.1, token)
        return {}

    await compute.start_executor(kinds=[JobKind("echo", QUEUE, Echo, handler)])  # pyright: ignore[reportArgumentType]
    job = await compute.submit("echo")
    events = [event async for event in compute.api(ADA).events(job.id)]
    assert [event.message for event in events if event.kind is JobEventKind.LOG] == [f"Authorization: Bearer {HIDDEN}"]
    assert "token-for" not in repr(events)
