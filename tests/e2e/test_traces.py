"""One trace through every hop: gateway, services, the job's worker and its calls, in both shapes of the platform."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.shapes import Platform, embedded, separate

from datalab.kernel.testing.otlp import Collector, Seen, collector

pytestmark = [pytest.mark.xdist_group("traces"), pytest.mark.timeout(600)]

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{CALLER}-01"
PATIENCE_S = 120
ROWS = b"a,b,label\n" + b"".join(
    b"%d,%d,%s\n" % (n % 7, n * 37 % 101, b"yes" if n * 37 % 101 > 50 else b"no") for n in range(600)
)


def traced(listening: Collector) -> dict[str, str]:
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": listening.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}


@pytest.fixture
def listening() -> Iterator[Collector]:
    with collector() as found:
        yield found


@pytest.fixture
def in_one_process(tmp_path: Path, listening: Collector) -> Iterator[Platform]:
    with embedded(tmp_path / "home", traced(listening)) as platform:
        yield platform


@pytest.fixture
def in_five_processes(tmp_path: Path, postgres_url: str, redis_url: str, listening: Collector) -> Iterator[Platform]:
    servers = {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url, **traced(listening)}
    platform = separate(tmp_path / "home", servers)
    migrated = platform.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    try:
        yield platform.start()
    finally:
        platform.__exit__(None, None, None)


def train(platform: Platform) -> str:
    """A model trained on a dataset of the data service by a worker; gives the credential that was used."""
    key = platform.admin_key()
    with httpx.Client(base_url=platform.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        body = {"Content-Type": "text/csv"}
        client.put("/api/v1/data/datasets/points?mode=replace", content=ROWS, headers=body).raise_for_status()
        asked = client.post(
            "/api/v1/ai/models/points/train?secret=hunter2",
            json={"dataset": "points", "target": "label"},
            headers={"traceparent": TRACEPARENT},
        )
        asked.raise_for_status()
        job = f"/api/v1/compute/jobs/{asked.json()['id']}"
        until(lambda: client.get(job).json()["state"] in ("succeeded", "failed", "dead"))
        assert client.get(job).json()["state"] == "succeeded", client.get(job).text
    return key


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def way_up(span: Seen, spans: list[Seen]) -> list[tuple[str, str]]:
    """From the span to the caller: of each the service and the name."""
    by_id = {one.span_id: one for one in spans}
    way = [(span.service, span.name)]
    while span.parent_id in by_id:
        span = by_id[span.parent_id]
        way.append((span.service, span.name))
    assert span.parent_id == CALLER, "a piece of the trace has lost its parent"
    return way


def whole_trace(listening: Collector) -> list[Seen]:
    """The trace, once the attempt's span has come and with it the gateway's, which all others hang on."""
    until(lambda: {"job train", "POST /api/v1/ai/{path}"} <= {span.name for span in listening.spans(TRACE)})
    spans = listening.spans(TRACE)
    for span in spans:
        way_up(span, spans)
    return spans


SUBMITTED_BY_AI = [
    ("ai-service", "POST /api/v1/ai/models/{name}/train"),
    ("api-gateway", "forward to /api/v1/ai"),
    ("api-gateway", "POST /api/v1/ai/{path}"),
]


def only(spans: list[Seen], service: str, name: str) -> Seen:
    (found,) = [span for span in spans if (span.service, span.name) == (service, name)]
    return found


def nothing_secret(listening: Collector, platform: Platform, key: str) -> None:
    everything = repr(listening.spans())
    secrets = [key, "hunter2", "Bearer", "eyJ", str(platform.environment.get("JWT_SECRET", key))]
    assert [one for one in secrets if one in everything] == []


def test_a_job_from_one_request_is_one_trace_through_five_processes_and_the_worker(
    in_five_processes: Platform, listening: Collector
):
    key = train(in_five_processes)
    for process in in_five_processes.processes.values():
        process.stop()
    spans = whole_trace(listening)
    submitting = [
        ("compute-service", "POST /api/v1/compute/jobs"),
        ("ai-service", "POST compute"),
        *SUBMITTED_BY_AI,
    ]
    attempt = only(spans, "ai-worker", "job train")
    assert way_up(attempt, spans) == [("ai-worker", "job train"), *submitting]
    assert attempt.attributes["datalab.job.outcome"] == "succeeded"
    asked = next(span for span in spans if span.name == "POST /api/v1/data/query" and span.kind == "SPAN_KIND_SERVER")
    assert way_up(asked, spans)[1:3] == [("ai-worker", "POST data"), ("ai-worker", "job train")]
    exchanged = only(spans, "api-gateway", "POST /api/v1/auth/token")
    assert way_up(exchanged, spans)[1:3] == [("ai-worker", "POST gateway"), ("ai-worker", "job train")]
    fitted = only(spans, "ai-worker", "pool train")
    assert way_up(fitted, spans)[1] == ("ai-worker", "job train")
    nothing_secret(listening, in_five_processes, key)


def test_the_hops_show_in_one_process_as_well(in_one_process: Platform, listening: Collector):
    key = train(in_one_process)
    assert in_one_process.processes["up"].stop() == 0
    spans = whole_trace(listening)
    attempt = only(spans, "ai-worker", "job train")
    assert way_up(attempt, spans) == [("ai-worker", "job train"), *SUBMITTED_BY_AI]
    read = only([span for span in spans if span.name == "data.query_stream"], "data-service", "data.query_stream")
    assert way_up(read, spans)[1] == ("ai-worker", "job train")
    nothing_secret(listening, in_one_process, key)
