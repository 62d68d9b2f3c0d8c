"""A story of writes told to a platform that may die at any of them, and what must hold after it is back."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

DATA, AI, COMPUTE, VIZ = "/api/v1/data", "/api/v1/ai", "/api/v1/compute", "/api/v1/viz"
CSV = {"content-type": "text/csv"}
ENDS = {"succeeded", "failed", "cancelled", "dead"}
PATIENCE_S = 60.0
SPEC = {"mark": "bar", "encoding": {"x": {"field": "kind", "type": "nominal"}}}
NOT_THERE, OK = 404, 200
FAR_DAY = "2999-01-01T00:00:00Z"
PATIENCE_TURNS = 10


def csv(ids: Iterable[int]) -> bytes:
    """Rows that can be told from others by their numbers."""
    lines = (f"{n},{n * 37 % 101},{'abc'[n % 3]},{'yes' if n * 37 % 101 > 50 else 'no'}" for n in ids)
    return ("id,size,kind,big\n" + "\n".join(lines) + "\n").encode()


class Died(Exception):
    """The platform stopped answering."""


@dataclass
class Told:
    """What was asked for, and what was acknowledged, in one life of the platform."""

    client: httpx.Client
    label: str
    """Names the life, and all that is made in it."""
    home: Path
    kept: dict[str, Sequence[int] | None] = field(default_factory=dict)
    """The rows of each dataset as they were last acknowledged; None for a deleted one."""
    asked: dict[str, Sequence[int] | None] = field(default_factory=dict)
    """The rows that were asked for last, acknowledged or not."""
    jobs: list[str] = field(default_factory=list)
    retried: set[str] = field(default_factory=set)
    charts: set[str] = field(default_factory=set)

    def call(self, verb: str, path: str, **options: Any) -> dict[str, Any]:
        """One call. Raises Died."""
        try:
            answer = self.client.request(verb, path, **options)
        except httpx.TransportError as error:
            raise Died(path) from error
        assert answer.status_code < 400, f"{self.label}: {verb} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    def change(self, name: str, ids: Sequence[int] | None, verb: str, path: str, **options: Any) -> None:
        """A change of a dataset after which it has these rows. Raises Died."""
        self.asked[name] = ids
        self.call(verb, f"{DATA}/datasets/{name}{path}", **options)
        self.kept[name] = ids

    def submit(self, kind: str, spec: dict[str, Any], **options: Any) -> str:
        """A job, acknowledged. Raises Died."""
        job = self.call("POST", f"{COMPUTE}/jobs", json={"kind": kind, "spec": spec, **options})
        self.jobs.append(job["id"])
        return str(job["id"])

    def ended(self, job_id: str) -> dict[str, Any]:
        """The job once it has ended. Raises Died."""
        until = time.monotonic() + PATIENCE_S
        job: dict[str, Any] = {}
        while time.monotonic() < until:
            job = self.call("GET", f"{COMPUTE}/jobs/{job_id}")
            if job["state"] in ENDS:
                return job
            time.sleep(0.05)
        raise AssertionError(f"{self.label}: job {job_id} has not ended: {job}")


Chapter = Callable[[Told], None]


def nothing(told: Told) -> None:
    """Starting alone is the story."""


def uploads(told: Told) -> None:
    """A dataset made, appended to, replaced, restored and described; another one taken away."""
    name, gone = f"crash_{told.label}", f"gone_{told.label}"
    told.change(name, range(40), "PUT", "", content=csv(range(40)), headers=CSV)
    told.change(name, range(80), "PUT", "?mode=append", content=csv(range(40, 80)), headers=CSV)
    told.change(name, range(100, 130), "PUT", "?mode=replace", content=csv(range(100, 130)), headers=CSV)
    told.change(name, range(80), "POST", "/restore", json={"version": 1})
    told.change(name, range(80), "PATCH", "", json={"description": "kept"})
    told.change(gone, range(5), "PUT", "", content=csv(range(5)), headers=CSV)
    told.change(gone, None, "DELETE", "")


def undeletes(told: Told) -> None:
    """A dataset taken away and brought back, then taken away for good."""
    for turn in range(PATIENCE_TURNS):
        name = f"back_{told.label}_{turn}"
        told.change(name, range(5), "PUT", "", content=csv(range(5)), headers=CSV)
        told.change(name, None, "DELETE", "")
        told.asked[name] = range(5)
        try:
            answer = told.client.post(f"{DATA}/datasets/{name}/undelete")
        except httpx.TransportError as error:
            raise Died(name) from error
        if answer.status_code == NOT_THERE:  # swept before it could be brought back
            told.asked[name] = None
            continue
        assert answer.status_code == OK, answer.text
        told.kept[name] = range(5)
        told.change(name, None, "DELETE", "")
        return


def another_writer(told: Told) -> None:
    """Somebody else commits to the table, then an upload finds the index behind."""
    import pyarrow.parquet as pq
    from deltalake import DeltaTable, write_deltalake

    name = f"shared_{told.label}"
    told.change(name, range(10), "PUT", "", content=csv(range(10)), headers=CSV)
    newest = max((told.home / "data" / "tables").iterdir(), key=lambda folder: folder.stat().st_mtime)
    rows = pq.read_table(DeltaTable(str(newest)).file_uris()[0])
    write_deltalake(str(newest), rows, mode="append")
    told.kept[name] = sorted([*range(10), *range(10)])
    told.change(name, range(5), "PUT", "?mode=replace", content=csv(range(5)), headers=CSV)


def rivals(told: Told) -> None:
    """Two make the same dataset at the same moment, again and again; one of them has it."""
    for turn in range(20):
        name = f"rivals_{told.label}_{turn}"
        told.asked[name] = range(30)
        answers: list[int] = []
        start = threading.Barrier(2)

        def make(name: str = name, answers: list[int] = answers, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                answer = told.client.put(f"{DATA}/datasets/{name}", content=csv(range(30)), headers=CSV)
            except httpx.TransportError:
                return
            answers.append(answer.status_code)

        both = [threading.Thread(target=make) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        if 200 in answers or 201 in answers:
            told.kept[name] = told.asked[name]
        if len(answers) < 2:
            raise Died(name)
        assert sorted(answers)[1] == 409, f"{told.label}: {answers}"


LEFT_BEHIND = "left_behind"
ENDLESS = "SELECT max(a.range * b.range % 7) AS m FROM range(10000000) AS a, range(10000000) AS b"


def slow_query(told: Told) -> None:
    """A query that lasts until its time is over."""
    body = {"sql": ENDLESS, "query_id": LEFT_BEHIND, "timeout_s": 5}
    try:
        told.client.post(f"{DATA}/query", json=body)
    except httpx.TransportError as error:
        raise Died("query") from error


def stop_query(told: Told) -> None:
    """Ask for the end of a query of which an earlier life had told."""
    told.call("DELETE", f"{DATA}/query/{LEFT_BEHIND}")


def charts(told: Told) -> None:
    """A chart on a dashboard, others taken away."""
    kept, passing = f"bars_{told.label}", f"passing_{told.label}"
    for name in (kept, passing):
        told.call("PUT", f"{VIZ}/charts/{name}", json={"title": name, "spec": SPEC, "dataset": "known"})
    told.charts.add(kept)
    for name in (kept, passing):
        told.call("PUT", f"{VIZ}/dashboards/{name}", json={"title": name, "tiles": [{"chart": kept}]})
    told.call("DELETE", f"{VIZ}/dashboards/{passing}")
    told.call("DELETE", f"{VIZ}/charts/{passing}")


def jobs(told: Told) -> None:
    """A chain of jobs; one cancelled, one cancelled while it runs; one tried again and one whose dependency was cancelled."""
    spec = {"sql": "SELECT * FROM known WHERE size > 50", "into": f"big_{told.label}"}
    first = told.submit("sql", spec, tags=["chain"])
    spec = {"sql": f"SELECT count(*) AS n FROM big_{told.label}", "into": f"counted_{told.label}"}
    second = told.submit("sql", spec, depends_on=[first])
    told.ended(second)
    waiting = told.submit("sql", {"sql": "SELECT 1 AS one"}, run_at=FAR_DAY)
    after = told.submit("sql", {"sql": "SELECT 1 AS one"}, depends_on=[waiting])
    told.call("POST", f"{COMPUTE}/jobs/{waiting}/cancel")
    told.ended(after)
    late = told.submit("sql", {"sql": "SELECT 1 AS one"}, run_at=FAR_DAY, deadline=soon())
    wrong = told.submit("sql", {"sql": "SELECT * FROM nothing_here"}, retries=0)
    told.ended(wrong)
    told.retried.add(wrong)
    told.call("POST", f"{COMPUTE}/jobs/{wrong}/retry")
    told.ended(wrong)
    endless = told.submit("sql", {"sql": ENDLESS}, timeout_s=60)
    while told.call("GET", f"{COMPUTE}/jobs/{endless}")["state"] == "queued":
        time.sleep(0.05)
    time.sleep(1)
    told.call("POST", f"{COMPUTE}/jobs/{endless}/cancel")
    assert told.ended(endless)["state"] == "cancelled"
    told.ended(late)


def soon() -> str:
    """A moment in which nobody comes so far as to run a job."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))


def training(told: Told) -> None:
    """A model trained by a job; if an earlier life began one that hasn't ended, by that."""
    listed = told.call("GET", f"{COMPUTE}/jobs", params={"kind": "train", "limit": 100})["items"]
    going = [job["id"] for job in listed if job["state"] not in ENDS]
    told.jobs += going
    for job_id in going or [train(told, "judge")]:
        assert told.ended(job_id)["state"] == "succeeded", f"{told.label}: {told.ended(job_id)}"


def another_training(told: Told) -> None:
    """A second model."""
    assert told.ended(train(told, "passing"))["state"] == "succeeded"


def train(told: Told, model: str) -> str:
    """The id of a job that trains a model, however often it is killed."""
    spec = {"model": model, "dataset": "known", "target": "big", "alias": "champion"}
    return told.submit("train", spec, retries=100)


def registry(told: Told) -> None:
    """An alias of the first model set and taken away, then the model."""
    name = told.call("GET", f"{AI}/models")["items"][0]["name"]
    told.call("PUT", f"{AI}/models/{name}/aliases/challenger", json={"version": 1})
    told.call("DELETE", f"{AI}/models/{name}/aliases/challenger")
    told.call("DELETE", f"{AI}/models/{name}")


def glance(told: Told) -> None:
    """What must hold by the index alone, at once when the platform is back. Raises Died."""
    for name, asked in told.asked.items():
        counts = {None if ids is None else len(ids) for ids in (asked, told.kept.get(name))}
        try:
            answer = told.client.get(f"{DATA}/datasets/{name}")
        except httpx.TransportError as error:
            raise Died(name) from error
        found = None if answer.status_code == NOT_THERE else answer.json()["rows"]
        assert found in counts, f"killed at {told.label}: {name} has {found} rows, and may have {counts}"
    for job_id in told.jobs:
        job = told.call("GET", f"{COMPUTE}/jobs/{job_id}")
        assert job["id"] == job_id


def check(told: Told) -> None:
    """What must hold in the end."""
    for name, asked in told.asked.items():
        ids = rows(told, name)
        may = [None if one is None else sorted(one) for one in (asked, told.kept.get(name))]
        assert ids in may, f"killed at {told.label}: {name} has the rows {ids}, and may have {may}"
    for job_id in told.jobs:
        _let_go(told, job_id)
        told.ended(job_id)
        _check_one_end(told, job_id)
    for name in told.charts:
        answer = told.client.get(f"{VIZ}/charts/{name}.svg")
        assert answer.status_code == 200, f"killed at {told.label}: {answer.text}"


def rows(told: Told, name: str) -> list[int] | None:
    """The numbers of the dataset's rows; None when there is no such dataset."""
    answer = told.client.get(f"{DATA}/datasets/{name}/rows?limit=1000&order=id")
    if answer.status_code == NOT_THERE:
        return None
    assert answer.status_code == 200, f"killed at {told.label}: {name}: {answer.text}"
    return [row["id"] for row in answer.json()]


def _let_go(told: Told, job_id: str) -> None:
    """Cancel a job that waits for a far day, when a death came before its cancelling."""
    job = told.call("GET", f"{COMPUTE}/jobs/{job_id}")
    if job["state"] == "queued" and job["run_at"] == FAR_DAY and job["deadline"] is None:
        told.call("POST", f"{COMPUTE}/jobs/{job_id}/cancel")


def _check_one_end(told: Told, job_id: str) -> None:
    """One end for each time that the job was queued by somebody."""
    text = told.client.get(f"{COMPUTE}/jobs/{job_id}/events", timeout=60).text
    events = [line.removeprefix("data:").strip() for line in text.splitlines() if line.startswith("data:")]
    ends = sum(f'"state":"{state}"' in event.replace('": "', '":"') for event in events for state in ENDS)
    most = 2 if job_id in told.retried else 1
    assert 1 <= ends <= most, f"killed at {told.label}: {job_id} ended {ends} times: {events}"


def check_models(client: httpx.Client, expected: set[str]) -> None:
    """These models are there and answer, each job registered once, and numbers have no gaps."""
    listed = {one["name"] for one in client.get(f"{AI}/models").json()["items"]}
    assert listed == expected
    for name in listed:
        versions = client.get(f"{AI}/models/{name}/versions").json()["items"]
        jobs_of = [version["job_id"] for version in versions]
        assert len(jobs_of) == len(set(jobs_of)), f"a job registered twice: {jobs_of}"
        assert sorted(one["version"] for one in versions) == list(range(1, len(versions) + 1))
        body = {"rows": [{"id": 1, "size": 90, "kind": "a"}]}
        assert len(client.post(f"{AI}/models/{name}/predict", json=body).json()["predictions"]) == 1
