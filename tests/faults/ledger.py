"""What was acknowledged, and whether the platform still knows it."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.faults.story import AI, COMPUTE, DATA, ENDS

Ids = tuple[int, ...] | None
"""The rows of a dataset by their numbers; ``None``: it isn't there."""
PATIENCE_S = 300.0


@dataclass
class Kept:
    """A dataset: as it was acknowledged last, and as it may be too when the last answer didn't come."""

    name: str
    ids: Ids = None
    may_be: list[Ids] = field(default_factory=list)

    @property
    def in_doubt(self) -> bool:
        """Whether the last change may or may not have happened."""
        return bool(self.may_be)

    def allowed(self) -> list[Ids]:
        """Every state in which it may be found."""
        return [None if ids is None else tuple(sorted(ids)) for ids in (self.ids, *self.may_be)]


@dataclass
class Ledger:
    """All that one writer was told, and what it saw that must not be."""

    datasets: dict[str, Kept] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)
    """Acknowledged jobs and their kinds."""
    charts: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def settle(self, client: httpx.Client) -> None:
        """Compare everything with what the platform says; what is right and can change no more is forgotten."""
        for job_id, kind in list(self.jobs.items()):
            self._settle_job(client, job_id, kind)
        for kept in list(self.datasets.values()):
            self._settle_dataset(client, kept)
        for name in self.charts:
            answer = client.get(f"/api/v1/viz/charts/{name}")
            if answer.status_code != 200:
                self.faults.append(f"chart {name} is lost: {answer.text}")
            self.counts["charts checked"] += 1

    def _settle_job(self, client: httpx.Client, job_id: str, kind: str) -> None:
        job = ended(client, job_id)
        if job.get("state") != "succeeded":
            self.faults.append(f"{kind} job {job_id}: {job}")
        ends = ends_of(client, job_id)
        if ends != 1:
            self.faults.append(f"{kind} job {job_id} has {ends} ends")
        self.counts["jobs checked"] += 1
        del self.jobs[job_id]

    def _settle_dataset(self, client: httpx.Client, kept: Kept) -> None:
        found = rows(client, kept.name)
        if found not in kept.allowed():
            self.faults.append(f"{kept.name} has {found}, and may have {kept.allowed()}")
        self.counts["datasets checked"] += 1
        if kept.in_doubt:
            self.counts["in doubt: done" if found != kept.allowed()[0] else "in doubt: not done"] += 1
            client.delete(f"{DATA}/datasets/{kept.name}")
        if kept.in_doubt or kept.ids is None:
            del self.datasets[kept.name]


def ended(client: httpx.Client, job_id: str) -> dict[str, Any]:
    """The job once it has ended, or as it is when that takes too long."""
    until = time.monotonic() + PATIENCE_S
    while True:
        answer = client.get(f"{COMPUTE}/jobs/{job_id}")
        job = answer.json()
        if answer.status_code != 200 or job["state"] in ENDS or time.monotonic() > until:
            return dict(job)
        time.sleep(0.2)


def ends_of(client: httpx.Client, job_id: str) -> int:
    """How often it ended, as those who follow it are told."""
    text = client.get(f"{COMPUTE}/jobs/{job_id}/events").text.replace('": "', '":"')
    return sum(text.count(f'"state":"{state}"') for state in ENDS)


def rows(client: httpx.Client, name: str) -> Ids:
    """The dataset as it is; the count of its rows must agree with the rows."""
    found: list[int] = []
    while True:
        page = {"select": "id", "order": "id", "limit": 10_000, "offset": len(found)}
        answer = client.get(f"{DATA}/datasets/{name}/rows", params=page)
        if answer.status_code == 404:
            return None
        assert answer.status_code == 200, f"{name}: {answer.text}"
        got = [row["id"] for row in answer.json()]
        found += got
        if len(got) < 10_000:
            break
    told = client.get(f"{DATA}/datasets/{name}").json()["rows"]
    assert told == len(found), f"{name} tells of {told} rows and has {len(found)}"
    return tuple(found)


def model_faults(client: httpx.Client, names: Sequence[str]) -> list[str]:
    """What is wrong with the versions of these models: numbers without gaps, each job registered once."""
    faults: list[str] = []
    for name in names:
        answer = client.get(f"{AI}/models/{name}/versions", params={"limit": 1000})
        if answer.status_code == 404:
            continue
        versions = answer.json()["items"]
        numbers = sorted(one["version"] for one in versions)
        jobs = [one["job_id"] for one in versions]
        if numbers != list(range(1, len(numbers) + 1)) or len(jobs) != len(set(jobs)):
            faults.append(f"model {name}: versions {numbers} by jobs {jobs}")
    return faults
