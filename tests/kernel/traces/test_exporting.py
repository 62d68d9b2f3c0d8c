"""Spans on their way to a collector, one that answers and some that don't."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from opentelemetry.context import Context

from datalab.kernel.testing.otlp import Collector, collector
from datalab.kernel.traces import exporting
from datalab.kernel.traces.context import context_of
from datalab.kernel.traces.spans import SpanKind, serving, step
from datalab.kernel.traces.tracing import tracing, wanted

PATIENCE_S = 60
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
UNSAMPLED = TRACEPARENT.removesuffix("01") + "00"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        yield found


def serve(service: str = "data-service", parent: Context | None = None) -> None:
    with serving(service, "GET /things", {}, kind=SpanKind.SERVER, parent=parent), step("inner", {"n": 1}):
        pass


async def test_a_stop_sends_what_waits_under_each_services_name(listening: Collector):
    async with tracing("1.2.3"):
        serve("data-service")
        serve("ai-service")
    found = {(span.service, span.name) for span in listening.spans()}
    assert found == {(name, what) for name in ("data-service", "ai-service") for what in ("GET /things", "inner")}
    assert {span.resource["service.version"] for span in listening.spans()} == {"1.2.3"}


async def test_the_operators_name_wins(listening: Collector, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "ours")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.version=mine")
    async with tracing("1.2.3"):
        serve()
    resource = listening.spans()[0].resource
    named = resource["service.name"], resource["deployment.environment.name"], resource["service.version"]
    assert named == ("ours", "test", "mine")


async def test_the_callers_decision_to_keep_no_trace_is_honoured(listening: Collector):
    async with tracing("1"):
        serve(parent=context_of(UNSAMPLED))
        serve(parent=context_of(TRACEPARENT))
    assert {span.name: span.parent_id for span in listening.spans()}["GET /things"] == TRACEPARENT.split("-")[2]
    assert len(listening.spans()) == 2


async def test_the_sampler_is_the_one_that_the_environment_names(listening: Collector, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_always_off")
    async with tracing("1"):
        serve()
        serve(parent=context_of(TRACEPARENT))
    assert {span.trace_id for span in listening.spans()} == {TRACEPARENT.split("-")[1]}


async def test_after_the_end_nothing_is_kept(listening: Collector):
    async with tracing("1"):
        pass
    serve()
    assert listening.spans() == []


async def test_a_collector_that_is_away_costs_only_spans(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free.getsockname()[1]}")
        monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "64")
        monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "16")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        async with asyncio.timeout(PATIENCE_S), tracing("1"):
            for _ in range(1000):
                serve()
    assert "Queue full" in caplog.text
    await ended()


async def test_a_collector_that_never_answers_holds_no_stop_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "FLUSH_S", 0.2)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "3")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        async with asyncio.timeout(PATIENCE_S), tracing("1"):
            serve()
        await ended()


async def ended() -> None:
    """The threads that send have given up."""
    for thread in threading.enumerate():
        if thread.name in ("last spans", "OtelBatchSpanRecordProcessor"):
            await asyncio.to_thread(thread.join, PATIENCE_S)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    ("variables", "answer"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": " "}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_traces_are_switched_on_by_the_standard_variables(variables: dict[str, str], answer: bool):
    assert wanted(variables) is answer


@pytest.mark.parametrize(
    "variables",
    [
        {"OTEL_TRACES_EXPORTER": "zipkin"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
    ],
)
async def test_what_is_not_spoken_is_said_and_the_platform_runs_without(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(ValueError, match="OTEL_"):
        wanted(variables)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    async with tracing("1"):
        serve()


def test_switched_off_nothing_of_the_sdk_is_loaded():
    code = (
        "import asyncio, sys, datalab.host.one_process as one\n"
        "async def run():\n"
        "    async with one.tracing('1'): pass\n"
        "asyncio.run(run())\n"
        "print([n for n in sys.modules if n.startswith(('opentelemetry.sdk', 'opentelemetry.exporter', 'requests'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
