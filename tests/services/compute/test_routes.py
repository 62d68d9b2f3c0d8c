"""The API of jobs over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from datalab.contracts.identity import Caller
from datalab.services.compute.settings import ComputeSettings

from .conftest import ADA, ADMIN, BOB, Compute, bearer

JOBS = "/api/v1/compute/jobs"


@dataclass(frozen=True)
class ServerEvent:
    id: int
    kind: str
    data: dict[str, Any]


def parsed(body: str) -> list[ServerEvent]:
    events: list[ServerEvent] = []
    for block in body.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith((":", "retry")))
        if fields:
            events.append(
                ServerEvent(int(fields["id"]), fields["event"], httpx.Response(200, text=fields["data"]).json())
            )
    return events


async def post(http: httpx.AsyncClient, who: Caller, kind: str = "echo", **options: Any) -> httpx.Response:
    key = options.pop("key", None)
    headers = bearer(who) | ({"Idempotency-Key": key} if key else {})
    return await http.post(JOBS, json={"kind": kind, "spec": {}} | options, headers=headers)


async def test_a_submission_is_accepted_with_the_jobs_location(http: httpx.AsyncClient) -> None:
    answer = await post(http, ADA, tags=["nightly"], priority=5)
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["Location"] == f"{JOBS}/{job['id']}"
    assert (job["state"], job["tags"], job["priority"], job["queue"]) == ("queued", ["nightly"], 5, "work")
    found = await http.get(answer.headers["Location"], headers=bearer(ADA))
    assert found.json() == job


async def test_the_same_key_gives_the_same_job(http: httpx.AsyncClient) -> None:
    first = await post(http, ADA, key="once", tags=["a"])
    again = await post(http, ADA, key="once", tags=["a"])
    assert again.json() == first.json()
    assert len((await http.get(JOBS, headers=bearer(ADA))).json()["items"]) == 1


async def test_a_key_used_for_another_submission_is_refused(http: httpx.AsyncClient) -> None:
    await post(http, ADA, key="once", tags=["a"])
    answer = await post(http, ADA, key="once", tags=["b"])
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_mismatch")


async def test_a_key_is_its_owners_own(http: httpx.AsyncClient) -> None:
    first, other = await post(http, ADA, key="once"), await post(http, BOB, key="once")
    assert first.json()["id"] != other.json()["id"]


async def test_jobs_of_others_are_not_there(http: httpx.AsyncClient) -> None:
    path = (await post(http, ADA)).headers["Location"]
    for method, suffix in (("GET", ""), ("POST", "/cancel"), ("POST", "/retry"), ("GET", "/logs"), ("GET", "/events")):
        answer = await http.request(method, path + suffix, headers=bearer(BOB))
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
    assert (await http.get(JOBS, headers=bearer(BOB))).json()["items"] == []


async def test_an_administrator_sees_everybodys_jobs(http: httpx.AsyncClient) -> None:
    path = (await post(http, ADA)).headers["Location"]
    assert (await http.get(path, headers=bearer(ADMIN))).status_code == 200
    assert len((await http.get(JOBS, headers=bearer(ADMIN))).json()["items"]) == 1


async def test_a_job_can_only_wait_for_jobs_that_its_owner_may_see(http: httpx.AsyncClient) -> None:
    hers = (await post(http, ADA)).json()["id"]
    answer = await post(http, BOB, depends_on=[hers])
    assert (answer.status_code, hers in answer.json()["detail"]) == (422, True)


async def test_pages_are_newest_first_and_complete(http: httpx.AsyncClient) -> None:
    made = [(await post(http, ADA)).json()["id"] for _ in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await http.get(JOBS, params=params, headers=bearer(ADA))).json()
        seen += [job["id"] for job in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


async def test_jobs_are_found_by_state_kind_and_tag(http: httpx.AsyncClient) -> None:
    tagged = (await post(http, ADA, tags=["x", "y"])).json()["id"]
    other = (await post(http, ADA, "hold")).json()["id"]
    await http.post(f"{JOBS}/{other}/cancel", headers=bearer(ADA))

    async def found(**params: str) -> list[str]:
        answer = await http.get(JOBS, params=params, headers=bearer(ADA))
        return [job["id"] for job in answer.json()["items"]]

    assert await found(tag="x") == [tagged]
    assert await found(tag="z") == []
    assert await found(kind="hold") == [other]
    assert await found(state="cancelled") == [other]
    assert await found(state="queued") == [tagged]


async def test_events_stream_with_ids_and_end_with_the_job(compute: Compute, http: httpx.AsyncClient) -> None:
    await compute.start_executor()
    path = (await post(http, ADA, spec={"say": "hi"})).headers["Location"]
    answer = await http.get(f"{path}/events", headers=bearer(ADA))
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"].startswith("no-cache")
    events = parsed(answer.text)
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert (events[0].kind, events[0].data["state"]) == ("state", "queued")
    assert (events[-1].kind, events[-1].data["state"]) == ("state", "succeeded")
    assert [event.data["message"] for event in events if event.kind == "log"] == ["hi"]


async def test_a_stream_resumes_after_the_last_event_id(compute: Compute, http: httpx.AsyncClient) -> None:
    await compute.start_executor()
    path = (await post(http, ADA)).headers["Location"]
    whole = parsed((await http.get(f"{path}/events", headers=bearer(ADA))).text)
    for last in range(1, len(whole)):
        rest = await http.get(f"{path}/events", headers=bearer(ADA) | {"Last-Event-ID": str(last)})
        assert parsed(rest.text) == whole[last:]
    over = await http.get(f"{path}/events", headers=bearer(ADA) | {"Last-Event-ID": str(len(whole))})
    assert over.status_code == 204


async def test_logs_come_as_pages_and_as_a_stream(compute: Compute, http: httpx.AsyncClient) -> None:
    await compute.start_executor()
    job = (await post(http, ADA, spec={"say": "one\ntwo"})).json()["id"]
    path = f"{JOBS}/{job}/logs"
    streamed = parsed((await http.get(path, headers=bearer(ADA) | {"Accept": "text/event-stream"})).text)
    assert [(event.kind, event.data["message"]) for event in streamed] == [("log", "one"), ("log", "two")]
    page = (await http.get(path, headers=bearer(ADA))).json()
    assert [line["message"] for line in page["items"]] == ["one", "two"]
    assert page["next_cursor"] is None
    rest = (await http.get(path, params={"after": page["items"][0]["sequence"]}, headers=bearer(ADA))).json()
    assert [line["message"] for line in rest["items"]] == ["two"]


@pytest.mark.parametrize("settings", [ComputeSettings(drain_s=0, poll_s=0.1)])
async def test_a_running_jobs_logs_promise_more(compute: Compute, http: httpx.AsyncClient) -> None:
    await compute.start_executor()
    job = (await post(http, ADA, "hold")).json()["id"]
    await compute.begun(job)
    assert (await http.get(f"{JOBS}/{job}/logs", headers=bearer(ADA))).json()["next_cursor"] is not None


async def test_readiness_tells_of_the_schema(http: httpx.AsyncClient) -> None:
    answer = await http.get("/ready")
    assert (answer.status_code, answer.json()["checks"]["database"]["ok"]) == (200, True)
