"""A disk that is full: a clear error that says so, nothing half there, and work again without a restart."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.e2e.shapes import Platform
from tests.faults.ledger import ended, ends_of, rows
from tests.faults.outage import until
from tests.faults.small_disk import MIB, admin_key, full, on_small_disk, why_not
from tests.faults.story import AI, COMPUTE, CSV, DATA, csv

pytestmark = [pytest.mark.xdist_group("full-disk"), pytest.mark.timeout(300)]

SPILLS = (
    "SELECT max(t) AS m FROM (SELECT repeat('x', 200) || range AS t FROM range(2000000) ORDER BY t DESC LIMIT 1900000)"
)
QUICK = {
    "DATALAB_COMPUTE_LEASE_S": "2",
    "DATALAB_DATA_QUERY_MEMORY_MIB": "256",
    "DATALAB_DATA_QUERY_THREADS": "1",
    "DATALAB_DATA_RECONCILE_S": "2",
}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    home = tmp_path_factory.mktemp("disk") / "home"
    home.mkdir()
    if reason := why_not(home):
        pytest.skip(f"no small disk can be mounted here: {reason}")
    with on_small_disk(home, 64 * MIB, QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def client(platform: Platform) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {admin_key(platform)}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=90) as client:
        assert client.put(f"{DATA}/datasets/known", content=csv(range(200)), headers=CSV).status_code == 201
        yield client


def refused(answer: httpx.Response) -> None:
    """It says that a disk is full, in the words of a problem."""
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full"), answer.text
    assert "full" in answer.json()["detail"]
    assert answer.headers["retry-after"]


def at_last(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The first refusal: what room the files still have within them is used up first."""
    return until(lambda: answer if (answer := ask()).status_code >= 500 else None)


def left(platform: Platform) -> list[str]:
    """What is left of uploads, and of tables that nobody has."""
    return sorted(path.name for path in (platform.home / "data" / "uploads").iterdir())


def test_an_upload_to_a_full_disk_leaves_nothing_and_succeeds_later(platform: Platform, client: httpx.Client):
    with full(platform.home):
        for mode, name in (("create", "new"), ("append", "known"), ("replace", "known")):
            refused(client.put(f"{DATA}/datasets/{name}?mode={mode}", content=csv(range(5000)), headers=CSV))
        assert client.get("/health").status_code == 200
    until(lambda: not left(platform))
    assert (rows(client, "new"), rows(client, "known")) == (None, tuple(range(200)))
    assert client.put(f"{DATA}/datasets/new", content=csv(range(5000)), headers=CSV).status_code == 201
    assert len(rows(client, "new") or ()) == 5000


def test_an_upload_that_fills_the_disk_itself_leaves_nothing(platform: Platform, client: httpx.Client):
    more = ((f"{n},{n},a,yes\n" * 1000).encode() for n in range(10_000))
    refused(client.put(f"{DATA}/datasets/huge", content=more, headers=CSV))
    until(lambda: not left(platform))
    assert rows(client, "huge") is None
    assert client.put(f"{DATA}/datasets/huge", content=csv(range(10)), headers=CSV).status_code == 201


def test_a_query_that_finds_no_room_to_spill_says_so(platform: Platform, client: httpx.Client):
    with full(platform.home):
        refused(client.post(f"{DATA}/query", json={"sql": SPILLS}))
    assert client.post(f"{DATA}/query", json={"sql": "SELECT count(*) AS n FROM known"}).status_code == 200


def test_what_needs_a_row_in_the_database_says_that_it_is_full_and_reading_goes_on(
    platform: Platform, client: httpx.Client
):
    with full(platform.home):
        refused(at_last(lambda: client.post("/api/v1/auth/api-keys", json={"name": "more"})))
        refused(at_last(lambda: submitted(client, "sql", {"sql": "SELECT 1 AS one"})))
        assert client.get(f"{DATA}/datasets/known").status_code == 200
        assert client.get(f"{DATA}/datasets/known/rows").status_code == 200
    assert client.post("/api/v1/auth/api-keys", json={"name": "more"}).status_code == 201


def submitted(client: httpx.Client, kind: str, spec: dict[str, Any]) -> httpx.Response:
    return client.post(f"{COMPUTE}/jobs", json={"kind": kind, "spec": spec, "retries": 100})


def test_jobs_that_ran_when_the_disk_filled_have_one_end(platform: Platform, client: httpx.Client):
    statement = "SELECT sum(a.range * b.range % 7) AS s FROM range(20000) AS a, range(20000) AS b"
    answers = [
        submitted(client, "sql", {"sql": statement, "into": "summed"}),
        submitted(client, "train", {"model": "judge", "dataset": "known", "target": "big", "alias": "champion"}),
    ]
    jobs = [answer.json()["id"] for answer in answers]
    for job in jobs:
        until(lambda job=job: client.get(f"{COMPUTE}/jobs/{job}").json()["state"] != "queued")
    with full(platform.home):
        refused(at_last(lambda: submitted(client, "sql", {"sql": "SELECT 1 AS one"})))
    for job in jobs:
        assert ended(client, job)["state"] == "succeeded"
        assert ends_of(client, job) == 1
    assert client.get(f"{DATA}/datasets/summed").json()["rows"] == 1
    versions = client.get(f"{AI}/models/judge/versions").json()["items"]
    assert [one["version"] for one in versions] == [1]
    predicted = client.post(f"{AI}/models/judge/predict", json={"rows": [{"size": 9, "kind": "a"}]})
    assert predicted.status_code == 200, predicted.text
