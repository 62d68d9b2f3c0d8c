"""What five processes stand on goes away, hangs and comes back: clear errors in time, nothing lost, nobody restarts."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import psutil
import pytest
from tests.faults.outage import Lab, hanging, open_lab, until
from tests.faults.story import AI, COMPUTE, DATA

pytestmark = [pytest.mark.xdist_group("outages"), pytest.mark.timeout(300)]

SLOW = "SELECT sum(a.range * b.range % 7) AS s FROM range(20000) AS a, range(20000) AS b"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with open_lab(tmp_path_factory.mktemp("outages") / "home", DATALAB_COMPUTE_LEASE_S="2") as running:
        yield running


@pytest.fixture(autouse=True)
def well(lab: Lab) -> Iterator[None]:
    yield
    until(lab.works)
    assert [name for name, process in lab.platform.processes.items() if process.ended] == []


def refused(answer: httpx.Response, *statuses: int) -> str:
    """The code of a clear refusal."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    return str(answer.json()["code"])


def test_services_that_hang_are_given_up_and_hold_up_no_other(lab: Lab):
    with hanging(lab.pid("data"), lab.pid("ai")):
        answers = asked_together(
            lambda: lab.client.get(f"{DATA}/datasets"),
            lambda: lab.client.get(f"{AI}/models"),
            lambda: lab.upload("hung", range(5)),
            lambda: lab.client.post(f"{DATA}/query", json={"sql": "SELECT 1 AS one"}),
            lambda: lab.client.get(f"{COMPUTE}/jobs"),
            lambda: lab.client.get("/health"),
            lambda: lab.client.get("/health/data"),
        )
        for answer in answers[:3]:
            assert refused(answer, 503) == "unavailable"
            assert answer.headers["retry-after"]
        assert refused(answers[3], 504) == "outcome_unknown"
        assert [answer.status_code for answer in answers[4:]] == [200, 200, 503]
        assert answers[6].json()["status"] == "unready"
    until(lab.works)
    until(lambda: lab.client.get("/health/data").json()["ready"])
    until(lambda: lab.client.get(f"{DATA}/datasets/hung").status_code in (200, 404))
    if lab.client.get(f"{DATA}/datasets/hung").status_code == 200:
        assert lab.rows("hung") == 5


def test_without_redis_requests_go_on_and_what_is_revoked_stays_revoked(lab: Lab):
    lab.redis.kill()
    assert lab.upload("without_redis", range(10)).status_code == 201
    job = lab.submit("SELECT 1 AS one")
    assert job.status_code == 202
    assert lab.ended(job.json()["id"])["state"] == "succeeded"
    a_revoked_key_is_refused(lab)
    ready = lab.client.get("/ready").json()
    assert (ready["ready"], ready["status"], ready["checks"]["events"]["ok"]) == (True, "degraded", False)
    lab.redis.start()
    until(lambda: lab.client.get("/ready").json()["checks"]["events"]["ok"])
    assert lab.rows("without_redis") == 10
    until(lambda: audited(lab, "/api/v1/data/datasets/without_redis"))


def test_a_redis_that_hangs_delays_little_and_stops_nothing(lab: Lab):
    with hanging(lab.pid("redis")):
        assert lab.upload("hung_redis", range(10)).status_code == 201
        for _ in range(20):
            assert lab.client.get(f"{DATA}/datasets/hung_redis").status_code == 200
        assert lab.ended(lab.submit("SELECT 1 AS one").json()["id"])["state"] == "succeeded"
        a_revoked_key_is_refused(lab)
    until(lambda: lab.client.get("/ready").json()["checks"]["events"]["ok"])
    until(lambda: audited(lab, "/api/v1/data/datasets/hung_redis"))


def a_revoked_key_is_refused(lab: Lab) -> None:
    made = lab.client.post("/api/v1/auth/api-keys", json={"name": "passing"}).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert lab.client.get("/api/v1/auth/me", headers=headers).status_code == 200
    assert lab.client.delete(f"/api/v1/auth/api-keys/{made['id']}").is_success
    until(lambda: lab.client.get("/api/v1/auth/me", headers=headers).status_code == 401)


def audited(lab: Lab, resource: str) -> bool:
    entries = lab.client.get("/api/v1/audit", params={"service": "data", "limit": 100}).json()["items"]
    return any(entry["resource"] == resource and entry["outcome"] == "done" for entry in entries)


def test_postgres_restarts_under_uploads_and_jobs_and_what_was_acknowledged_is_whole(lab: Lab):
    running = lab.submit(SLOW).json()["id"]
    until(lambda: lab.client.get(f"{COMPUTE}/jobs/{running}").json()["state"] != "queued")
    answers: list[httpx.Response] = []
    uploads = threading.Thread(
        target=lambda: answers.extend(lab.upload(f"restarted_{n}", range(n + 1)) for n in range(8))
    )
    uploads.start()
    lab.postgres.kill()
    away = lab.client.get(f"{COMPUTE}/jobs")
    lab.postgres.start()
    assert refused(away, 503) == "unavailable"
    assert away.headers["retry-after"]
    uploads.join()
    for answer in answers:
        assert answer.status_code == 201 or refused(answer, 503) == "unavailable"
    until(lab.works)
    for number, answer in enumerate(answers):
        there = lab.client.get(f"{DATA}/datasets/restarted_{number}").status_code
        assert there == 200 or answer.status_code != 201
        if there == 200:
            assert lab.rows(f"restarted_{number}") == number + 1
    assert lab.ended(running)["state"] == "succeeded"
    assert ends_of(lab, running) == 1


@pytest.mark.faults
def test_a_postgres_that_hangs_is_given_up_in_time_and_the_pools_recover(lab: Lab):
    running = lab.submit(SLOW).json()["id"]
    until(lambda: lab.client.get(f"{COMPUTE}/jobs/{running}").json()["state"] != "queued")
    whole = [psutil.Process(lab.pid("postgres"))]
    with hanging(*(one.pid for one in (*whole, *whole[0].children(recursive=True)))):
        answers = together(lab, [f"{DATA}/datasets", f"{AI}/models", "/api/v1/auth/users"] * 4)
        sign_in = {"grant_type": "password", "username": "nobody", "password": "no password"}
        assert refused(lab.client.post("/api/v1/auth/token", data=sign_in), 503)
        assert refused(lab.upload("hung_postgres", range(5)), 503) == "unavailable"
        for answer in answers:
            assert refused(answer, 503) == "unavailable"
            assert answer.headers["retry-after"]
    until(lab.works)
    assert lab.ended(running)["state"] == "succeeded"
    assert ends_of(lab, running) == 1
    assert all(answer.status_code == 200 for answer in together(lab, [f"{DATA}/datasets", f"{AI}/models"] * 10))


def asked_together(*calls: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers to what is asked at once, in the same order."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return [asked.result() for asked in [threads.submit(call) for call in calls]]


def together(lab: Lab, paths: list[str]) -> list[httpx.Response]:
    return asked_together(*(partial(lab.client.get, path) for path in paths))


def ends_of(lab: Lab, job_id: str) -> int:
    """How often the job ended, as its followers were told."""
    text = lab.client.get(f"{COMPUTE}/jobs/{job_id}/events").text.replace('": "', '":"')
    return sum(text.count(f'"state":"{state}"') for state in ("succeeded", "failed", "cancelled", "dead"))
