"""A mixed load on a platform that may die at any moment, each writer keeping account of what it was told."""

import random
import threading
import time
from typing import Any

import httpx
from tests.faults.ledger import Kept, Ledger
from tests.faults.story import AI, COMPUTE, CSV, DATA, SPEC, VIZ, csv

from datalab.contracts.ids import new_id

HANG_S = 240.0
"""An answer that takes longer counts as a hang."""
AWAY = {502, 503, 504}
"""What may be answered while something is down, as a problem."""
REPEATED_S = 600.0
PAUSE_S = 0.1
AGAIN_S = 0.5
RETRIES = 100
_OPERATIONS = {
    "create": 3,
    "append": 5,
    "replace": 2,
    "delete": 2,
    "query": 5,
    "job": 2,
    "job_into": 2,
    "train": 0.3,
    "chart": 1,
    "render": 2,
}


class GivenUp(Exception):
    """Something that may be repeated was never answered."""


class Writer:
    """One caller who works on datasets, charts and a model of its own, one thing after the other."""

    def __init__(self, url: str, key: str, number: int, seed: int) -> None:
        self.ledger = Ledger()
        self.number = number
        self.model = f"model_{number}"
        self._random = random.Random(f"{seed}-{number}")
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=HANG_S)
        self._made = 0
        self._into = Kept(f"into_{number}")

    def work(self, stop: threading.Event) -> None:
        """One operation after the other until told to stop."""
        names, weights = list(_OPERATIONS), list(_OPERATIONS.values())
        while not stop.is_set():
            chosen = self._random.choices(names, weights)[0]
            try:
                getattr(self, f"_{chosen}")()
            except Exception as error:  # noqa: BLE001 - the test fails with all that was found
                self.ledger.faults.append(f"writer {self.number}, {chosen}: {type(error).__name__}: {error}")
            self.ledger.counts["operations"] += 1
            time.sleep(PAUSE_S)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _once(self, verb: str, path: str, **options: Any) -> httpx.Response | None:
        """The answer; none when the platform is down, which it must say clearly if it says anything."""
        try:
            answer = self._client.request(verb, path, **options)
        except httpx.TimeoutException as error:
            self.ledger.faults.append(f"{verb} {path} hung: {error!r}")
            return None
        except httpx.TransportError:
            self.ledger.counts["cut off"] += 1
            return None
        if answer.status_code >= 400 and answer.headers.get("content-type") != "application/problem+json":
            self.ledger.faults.append(f"{verb} {path}: no problem: {answer.status_code} {answer.text[:500]}")
        if answer.status_code in AWAY:
            self.ledger.counts[f"answered {answer.status_code}"] += 1
            return None
        if answer.status_code >= 500:
            self.ledger.faults.append(f"{verb} {path}: {answer.status_code} {answer.text[:500]}")
            return None
        self.ledger.counts["answers"] += 1
        return answer

    def _surely(self, verb: str, path: str, **options: Any) -> httpx.Response:
        """The answer of something that may be asked again and again. Raises GivenUp."""
        until = time.monotonic() + REPEATED_S
        while time.monotonic() < until:
            answer = self._once(verb, path, **options)
            if answer is not None:
                return answer
            self.ledger.counts["repeated"] += 1
            time.sleep(AGAIN_S)
        raise GivenUp(path)

    def _expect(self, answer: httpx.Response, *statuses: int) -> None:
        if answer.status_code not in statuses:
            request = answer.request
            self.ledger.faults.append(f"{request.method} {request.url}: {answer.status_code} {answer.text[:500]}")

    def _change(self, kept: Kept, ids: tuple[int, ...], content: bytes, mode: str) -> None:
        """An upload after which there are these rows: once and perhaps in doubt, or repeated under its key."""
        path, headers = f"{DATA}/datasets/{kept.name}?mode={mode}", {**CSV, "Idempotency-Key": new_id()}
        if self._random.random() < 0.5:
            answer = self._once("PUT", path, content=content, headers=headers)
        else:
            answer = self._surely("PUT", path, content=content, headers=headers)
        if answer is None:
            self._doubt(kept, ids)
            return
        self._expect(answer, 200, 201)
        kept.ids = ids
        self.ledger.counts["acknowledged uploads"] += 1

    def _doubt(self, kept: Kept, ids: tuple[int, ...] | None) -> None:
        """Nobody said whether these are its rows now; none if it was to be deleted."""
        kept.may_be.append(ids)
        self.ledger.counts["in doubt"] += 1

    def _some(self) -> Kept:
        known = [
            kept for kept in self.ledger.datasets.values() if not kept.in_doubt and kept.ids and kept != self._into
        ]
        return self._random.choice(known) if known else self._create()

    def _ids(self) -> tuple[int, ...]:
        self._made += 1
        first = self._made * 1000
        return tuple(range(first, first + self._random.randint(1, 200)))

    def _create(self) -> Kept:
        ids = self._ids()
        kept = Kept(f"set_{self.number}_{self._made}")
        self.ledger.datasets[kept.name] = kept
        self._change(kept, ids, csv(ids), "create")
        return kept

    def _append(self) -> None:
        kept, more = self._some(), self._ids()
        if not kept.in_doubt:
            self._change(kept, (*(kept.ids or ()), *more), csv(more), "append")

    def _replace(self) -> None:
        kept, ids = self._some(), self._ids()
        if not kept.in_doubt:
            self._change(kept, ids, csv(ids), "replace")

    def _delete(self) -> None:
        kept = self._some()
        if kept.in_doubt:
            return
        answer = self._once("DELETE", f"{DATA}/datasets/{kept.name}")
        if answer is None:
            self._doubt(kept, None)
            return
        self._expect(answer, 200, 204)
        kept.ids = None
        self.ledger.counts["acknowledged deletions"] += 1

    def _query(self) -> None:
        kept = self._some()
        if kept.in_doubt:
            return
        body = {"sql": f"SELECT count(*) AS n FROM {kept.name}", "format": "json"}
        answer = self._once("POST", f"{DATA}/query", json=body)
        if answer is not None:
            self._expect(answer, 200)
            count = answer.json()["rows"][0][0] if answer.status_code == 200 else None
            if count != len(kept.ids or ()):
                self.ledger.faults.append(f"{kept.name}: counted {count} of {len(kept.ids or ())} rows")
            self.ledger.counts["queries answered"] += 1

    def _submit(self, kind: str, spec: dict[str, Any]) -> bool:
        body = {"kind": kind, "spec": spec, "retries": RETRIES}
        answer = self._surely("POST", f"{COMPUTE}/jobs", json=body, headers={"Idempotency-Key": new_id()})
        self._expect(answer, 202)
        if answer.status_code == 202:
            self.ledger.jobs[answer.json()["id"]] = kind
            self.ledger.counts[f"acknowledged {kind} jobs"] += 1
        return answer.status_code == 202

    def _job(self) -> None:
        self._submit("sql", {"sql": f"SELECT sum(range) AS s FROM range({self._random.randint(1, 3_000_000)})"})

    def _job_into(self) -> None:
        ids = self._ids()
        statement = f"SELECT range AS id FROM range({ids[0]}, {ids[-1] + 1})"
        self.ledger.datasets[self._into.name] = self._into
        if self._submit("sql", {"sql": statement, "into": self._into.name, "mode": "append"}):
            self._into.ids = (*(self._into.ids or ()), *ids)

    def _train(self) -> None:
        if "train" not in self.ledger.jobs.values():
            self._submit("train", {"model": self.model, "dataset": "known", "target": "big", "alias": "champion"})

    def _chart(self) -> None:
        name = f"chart_{self.number}_{self._random.randint(1, 5)}"
        body = {"title": name, "spec": SPEC, "dataset": "known"}
        self._expect(self._surely("PUT", f"{VIZ}/charts/{name}", json=body), 200, 201)
        self.ledger.charts.add(name)
        self.ledger.counts["acknowledged charts"] += 1

    def _render(self) -> None:
        if not self.ledger.charts:
            return
        name = self._random.choice(sorted(self.ledger.charts))
        answer = self._once("GET", f"{VIZ}/charts/{name}.svg")
        if answer is not None:
            self._expect(answer, 200)
            self.ledger.counts["charts drawn"] += 1

    def predicts(self) -> None:
        """Whether the model, if it is there, answers."""
        answer = self._client.get(f"{AI}/models/{self.model}")
        if answer.status_code == 200:
            body = {"rows": [{"id": 1, "size": 90, "kind": "a"}]}
            self._expect(self._client.post(f"{AI}/models/{self.model}/predict", json=body), 200)
