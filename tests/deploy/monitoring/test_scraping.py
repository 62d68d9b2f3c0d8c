"""A real Prometheus with the rendered files over a real platform: all is reached, every question has an answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.deploy.monitoring.files import rendered, written
from tests.deploy.monitoring.series import all_queries, names_in, rules
from tests.deploy.monitoring.servers import alertmanager, prometheus, server
from tests.e2e.shapes import Platform, separate
from tests.services.viz.specs import BARS

from datalab.catalog import SERVICES
from datalab.deploy.topology.monitoring import scraped
from datalab.deploy.watching.objectives import OBJECTIVES
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.postgres import fresh_database
from datalab.kernel.testing.redis import fresh_redis

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(900), pytest.mark.usefixtures("programs")]

PATIENCE_S = 120
LONG = {"service:latency_seconds:p95_baseline", "service:availability:ratio30d"}
"""Recorded once a minute, the first after an hour of traffic: told apart by the tests of alarms."""
NOT_YET = {"ALERTS"}
"""Nothing is wrong."""
ROWS = b"a,b,label\n" + b"".join(b"%d,%d,%s\n" % (n % 7, n % 11, b"yes" if n % 2 else b"no") for n in range(200))


def until(true: Callable[[], Any], told: Callable[[], object]) -> None:
    """Return once it is so."""
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, told()
        time.sleep(0.2)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, postgres_server: str, redis_server: str) -> Iterator[Platform]:
    """Five services and a worker, each a process."""
    home = tmp_path_factory.mktemp("scraped") / "home"
    with fresh_database(postgres_server) as database, fresh_redis(redis_server) as redis:
        yield from running(separate(home, {"DATABASE_URL": database, "REDIS_URL": redis}))


def running(made: Platform) -> Iterator[Platform]:
    """The platform, started, with a worker that shows its metrics."""
    made.urls["worker"] = f"http://127.0.0.1:{free_port()}"
    made.processes["worker"].environment["DATALAB_METRICS_ADDRESS"] = urlsplit(made.urls["worker"]).netloc
    migrated = made.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    with made:
        yield made


@pytest.fixture(scope="module")
def client(platform: Platform) -> Iterator[httpx.Client]:
    """An administrator who had the platform do a little of everything."""
    headers = {"Authorization": f"Bearer {platform.admin_key()}"}
    with httpx.Client(base_url=platform.url, headers=headers, timeout=120) as connected:
        work(connected)
        yield connected


def work(client: httpx.Client) -> None:
    """One of each thing that something watches."""
    csv = {"Content-Type": "text/csv"}
    client.put("/api/v1/data/datasets/points?mode=replace", content=ROWS, headers=csv).raise_for_status()
    jobs = [
        client.post("/api/v1/compute/jobs", json={"kind": "sql", "spec": {"sql": "SELECT 1"}}),
        client.post("/api/v1/ai/models/points/train", json={"dataset": "points", "target": "label"}),
    ]
    for job in jobs:
        path = f"/api/v1/compute/jobs/{job.raise_for_status().json()['id']}"
        until(
            lambda path=path: client.get(path).json()["state"] == "succeeded",
            lambda path=path: client.get(path).text,
        )
    ask(client)
    refused = client.get("/api/v1/auth/me", headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 401


def ask(client: httpx.Client) -> None:
    """A query, an inference, a chart."""
    rows = {"rows": [{"a": 1, "b": 2}]}
    client.post("/api/v1/data/query", json={"sql": "SELECT count(*) FROM points"}).raise_for_status()
    client.post("/api/v1/ai/models/points/predict", json=rows).raise_for_status()
    client.post("/api/v1/viz/render?format=svg", json={"spec": BARS}).raise_for_status()


@pytest.fixture(scope="module")
def seeing(
    platform: Platform,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: str,
    redis_server: str,
    programs: None,
) -> Iterator[httpx.Client]:
    """Prometheus with the configuration of a bare host, whose ports are those of the test; it asks each second."""
    folder = written(rendered(), tmp_path_factory.mktemp("seeing"))
    with ExitStack() as stack:
        metrics = {"path": "/metrics", "address": "--web.listen-address="}
        source = f"{postgres_server}?sslmode=disable"
        urls = {
            **{each.deployed_name: platform.urls[each.name] for each in SERVICES.values()},
            **{each.worker: platform.urls["worker"] for each in SERVICES.values() if each.worker},
            "node-exporter": stack.enter_context(server("prometheus-node-exporter", **metrics)),
            "postgres-exporter": stack.enter_context(
                server("prometheus-postgres-exporter", **metrics, DATA_SOURCE_NAME=source)
            ),
            "redis-exporter": stack.enter_context(
                server(
                    "prometheus-redis-exporter",
                    f"-redis.addr={redis_server}",
                    path="/metrics",
                    address="-web.listen-address=",
                )
            ),
            "alertmanager": stack.enter_context(alertmanager(folder / "alertmanager/alertmanager.yml")),
        }
        configuration = folder / "prometheus/prometheus-direct.yml"
        configuration.write_text(on_these_ports(configuration.read_text(), urls))
        url = stack.enter_context(prometheus(configuration))
        yield stack.enter_context(httpx.Client(base_url=f"{url}/api/v1", timeout=60))


def on_these_ports(text: str, urls: dict[str, str]) -> str:
    """The configuration with the test's ports for the usual ones, and a second for a quarter of a minute."""
    for name, port in (*scraped(), ("alertmanager", 9093)):
        assert f"127.0.0.1:{port}\n" in text
        text = text.replace(f"127.0.0.1:{port}\n", f"{urlsplit(urls[name]).netloc}\n")

    return text.replace("_interval: 15s", "_interval: 1s").replace("scrape_timeout: 10s", "scrape_timeout: 1s")


def asked(prometheus_: httpx.Client, query: str) -> list[dict[str, Any]]:
    """What Prometheus answers; fails when it can't."""
    answer = prometheus_.post("/query", data={"query": query}).json()
    assert answer["status"] == "success", (query, answer)
    return answer["data"]["result"]


def targets(prometheus_: httpx.Client) -> dict[str, str]:
    """The health of everything that is scraped, by job; the reason with what isn't well."""
    active = prometheus_.get("/targets").json()["data"]["activeTargets"]
    return {each["labels"]["job"]: each["lastError"] or each["health"] for each in active}


def test_all_that_is_scraped_answers(seeing: httpx.Client):
    until(lambda: set(targets(seeing).values()) == {"up"}, lambda: targets(seeing))
    assert set(targets(seeing)) == {name for name, _ in scraped()}


def test_alertmanager_is_found(seeing: httpx.Client):
    until(
        lambda: seeing.get("/alertmanagers").json()["data"]["activeAlertmanagers"],
        lambda: seeing.get("/alertmanagers").text,
    )


def test_every_series_that_is_named_is_there(seeing: httpx.Client, client: httpx.Client):
    named = {name for _, query in all_queries(rendered()) for name in names_in(query)} - LONG - NOT_YET

    def lacking() -> set[str]:
        ask(client)
        return named - set(seeing.get("/label/__name__/values").json()["data"])

    until(lambda: not lacking(), lacking)


def test_every_question_is_one_that_prometheus_can_answer(seeing: httpx.Client):
    for place, query in all_queries(rendered()):
        assert isinstance(asked(seeing, query), list), place


def test_every_rule_is_worked_out_without_an_error(seeing: httpx.Client):
    expected = sum(len(them) for kind in ("record", "alert") for them in rules(rendered(), kind).values())

    def states() -> list[tuple[str, str, str]]:
        groups = seeing.get("/rules").json()["data"]["groups"]
        return [(rule["name"], rule["health"], rule.get("lastError", "")) for each in groups for rule in each["rules"]]

    until(lambda: {health for _, health, _ in states()} == {"ok"}, states)
    assert len(states()) == expected


def test_each_service_is_counted_once(seeing: httpx.Client):
    def counted() -> dict[str, float]:
        return {
            each["metric"]["service"]: float(each["value"][1]) for each in asked(seeing, "service:instances_up:sum")
        }

    until(lambda: counted() == dict.fromkeys(SERVICES, 1.0), counted)


@pytest.mark.parametrize("service", ["gateway", "data", "ai", "viz"])
def test_an_objective_times_what_it_speaks_of(seeing: httpx.Client, client: httpx.Client, service: str):
    ask(client)
    objective = OBJECTIVES[service]
    timed = f"{objective.histogram}_count{{{objective.selector}}}"
    until(lambda: asked(seeing, timed), lambda: seeing.get("/label/route/values").text)


def test_nothing_of_ours_is_wrong(seeing: httpx.Client):
    firing = asked(seeing, 'ALERTS{alertstate="firing",service!="node"}')
    assert [each["metric"]["alertname"] for each in firing] == []
