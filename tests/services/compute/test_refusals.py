"""What the API of jobs refuses; nothing of it depends on the database."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from datalab.kernel.database.url import DatabaseUrl, SqliteFolder

from .conftest import ADA, VIEWER, bearer
from .test_routes import JOBS, post


@pytest.fixture
def database_url(tmp_path: Path) -> DatabaseUrl:
    """One kind is enough."""
    return SqliteFolder(tmp_path / "databases")


async def test_a_stranger_is_refused_everywhere(http: httpx.AsyncClient) -> None:
    for method, path in (("POST", JOBS), ("GET", JOBS), ("GET", f"{JOBS}/x"), ("GET", f"{JOBS}/x/events")):
        assert (await http.request(method, path)).status_code == 401


async def test_a_viewer_may_look_but_not_submit_cancel_or_retry(http: httpx.AsyncClient) -> None:
    assert (await http.get(JOBS, headers=bearer(VIEWER))).status_code == 200
    for path in (JOBS, f"{JOBS}/x/cancel", f"{JOBS}/x/retry"):
        answer = await http.post(path, json={"kind": "echo"}, headers=bearer(VIEWER))
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_an_unknown_kind_is_refused_with_the_known_ones(http: httpx.AsyncClient) -> None:
    answer = await post(http, ADA, "dance")
    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown_job_kind"
    for name in ("'dance'", "echo", "fail", "hold"):
        assert name in answer.json()["detail"]


async def test_a_spec_that_does_not_fit_its_kind_is_refused_by_field(http: httpx.AsyncClient) -> None:
    answer = await post(http, ADA, "fail", spec={"times": "often", "colour": "red"})
    assert answer.status_code == 422
    assert {error["where"] for error in answer.json()["errors"]} == {"body.spec.times", "body.spec.colour"}


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"run_at": "2030-01-01T00:00:00"}, "run_at"),
        ({"deadline": "0001-01-01T00:00:00+14:00"}, "deadline"),
        ({"tags": ["a\u0000b"]}, "tags"),
        ({"queue": "elsewhere"}, "queue"),
        ({"depends_on": ["nothing"]}, "depends_on"),
        ({"timeout_s": -1}, "timeout_s"),
        ({"priority": 101}, "priority"),
        ({"spec": {"say": 2**70}}, "spec"),
        ({"spec": {"say": "\ud800"}}, "spec"),
    ],
)
async def test_a_bad_value_is_refused_by_name(http: httpx.AsyncClient, options: dict[str, Any], where: str) -> None:
    body = json.dumps({"kind": "echo", "spec": {}} | options)
    answer = await http.post(JOBS, content=body, headers=bearer(ADA) | {"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert where in answer.json()["detail"]


async def test_an_unusable_key_is_refused(http: httpx.AsyncClient) -> None:
    answer = await post(http, ADA, key="k" * 256)
    assert (answer.status_code, "Idempotency-Key" in answer.json()["detail"]) == (422, True)


async def test_a_made_up_cursor_is_refused(http: httpx.AsyncClient) -> None:
    for cursor in ("\x00\x00", "abc", "é", "eHh4"):
        answer = await http.get(JOBS, params={"cursor": cursor}, headers=bearer(ADA))
        assert (answer.status_code, "cursor" in answer.json()["detail"]) == (422, True)


async def test_an_unknown_parameter_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.get(JOBS, params={"stat": "queued"}, headers=bearer(ADA))
    assert (answer.status_code, "stat" in answer.text) == (422, True)


async def test_a_last_event_id_that_no_stream_gave_is_refused(http: httpx.AsyncClient) -> None:
    path = (await post(http, ADA)).headers["Location"]
    for given in ("x", "-1", "9" * 30):
        answer = await http.get(f"{path}/events", headers=bearer(ADA) | {"Last-Event-ID": given})
        assert (answer.status_code, "Last-Event-ID" in answer.json()["detail"]) == (422, True)


async def test_an_ended_job_cant_be_cancelled_and_a_queued_one_not_retried(http: httpx.AsyncClient) -> None:
    path = (await post(http, ADA)).headers["Location"]
    early = await http.post(f"{path}/retry", headers=bearer(ADA))
    assert (early.status_code, early.json()["code"]) == (409, "job_not_ended")
    assert (await http.post(f"{path}/cancel", headers=bearer(ADA))).json()["state"] == "cancelled"
    late = await http.post(f"{path}/cancel", headers=bearer(ADA))
    assert (late.status_code, late.json()["code"]) == (409, "job_ended")
