"""What is rendered for monitoring, as files."""

import json

import httpx
import pytest
import yaml
from tests.deploy.monitoring.files import TELLING, rendered
from tests.deploy.monitoring.series import PARTS, all_queries, dashboards, names_in, panel_queries, rules
from tests.e2e.shapes import embedded

from datalab.catalog import SERVICES
from datalab.deploy.choices import Choices, Database, Monitoring
from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.topology.component import Role
from datalab.deploy.topology.monitoring import scraped
from datalab.deploy.watching.page import alerts_page

PROMETHEUS = "infrastructure/monitoring/prometheus/prometheus.yml"
DIRECT = "infrastructure/monitoring/prometheus/prometheus-direct.yml"
SUPERVISOR = "infrastructure/monitoring/prometheus/prometheus-supervisor.yml"
ALERTMANAGER = "infrastructure/monitoring/alertmanager/alertmanager.yml"
EXPORTED = {
    "node_memory_MemAvailable_bytes",
    "node_memory_MemTotal_bytes",
    "node_cpu_seconds_total",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
    "pg_up",
    "pg_stat_activity_count",
    "pg_settings_max_connections",
    "pg_stat_database_xact_commit",
    "redis_up",
    "redis_memory_used_bytes",
    "redis_connected_clients",
}
"""Of exporters that are not ours: found by them in the test that runs them."""
PROMETHEUS_OWN = {"up", "ALERTS"}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return rendered()


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of all metrics of a running platform."""
    with embedded(tmp_path_factory.mktemp("exposed") / "home") as platform:
        lines = httpx.get(f"{platform.url}/metrics", timeout=60).text.splitlines()
    return {line.split()[2] for line in lines if line.startswith("# TYPE ")}


def test_every_file_can_be_read(files: dict[str, str]):
    for name, text in files.items():
        read = json.loads if name.endswith(".json") else yaml.safe_load
        assert isinstance(read(text), dict), name


def test_the_same_plan_gives_the_same_bytes(files: dict[str, str]):
    assert rendered() == files


def test_without_monitoring_nothing_is_rendered():
    assert rendered(Choices(monitoring=Monitoring(enabled=False))) == {}


def answering(decided: Plan) -> set[str]:
    """What a deployment has that shows metrics."""
    own = {each.name for each in decided.with_role(Role.SERVICE, Role.WORKER)}
    return own | {each.name for each in decided.components if each.name.endswith("-exporter")}


@pytest.mark.parametrize("name", [PROMETHEUS, DIRECT, SUPERVISOR])
def test_everything_that_shows_metrics_is_scraped_once(files: dict[str, str], name: str):
    jobs = [job["job_name"] for job in yaml.safe_load(files[name])["scrape_configs"]]
    assert len(jobs) == len(set(jobs))
    assert set(jobs) == {each for each, _ in scraped()} == answering(plan(Profile.PRODUCTION))


def test_containers_are_found_by_name_all_instances_of_each(files: dict[str, str]):
    for job in yaml.safe_load(files[PROMETHEUS])["scrape_configs"]:
        port = dict(scraped())[job["job_name"]]
        (found,) = job["dns_sd_configs"]
        assert (found["names"], found["type"], found["port"]) == ([job["job_name"]], "A", port)


def test_a_bare_host_is_scraped_on_loopback(files: dict[str, str]):
    for job in yaml.safe_load(files[DIRECT])["scrape_configs"]:
        assert job["static_configs"] == [{"targets": [f"127.0.0.1:{dict(scraped())[job['job_name']]}"]}]


def test_under_supervisor_every_instance_is_scraped():
    files = rendered(Choices(replicas={"api-gateway": 3, "data-worker": 2, "viz-worker": 0}))
    jobs = {job["job_name"]: job["static_configs"] for job in yaml.safe_load(files[SUPERVISOR])["scrape_configs"]}
    targets = {name: found[0]["targets"] for name, found in jobs.items()}
    assert targets["api-gateway"] == ["127.0.0.1:8000", "127.0.0.1:8010", "127.0.0.1:8020"]
    assert targets["data-worker"] == ["127.0.0.1:9001", "127.0.0.1:9011"]
    assert targets["viz-worker"] == []
    assert targets["node-exporter"] == ["127.0.0.1:9100"]


def test_what_is_scraped_listens_there_and_lets_prometheus_in():
    decided = plan(Profile.PRODUCTION)
    for name, port in scraped():
        component = decided.component(name)
        assert port in {each.number for each in component.ports}, name
        assert "prometheus" in component.callers, name
        assert component.networks & decided.component("prometheus").networks, name


def test_a_database_elsewhere_has_no_exporter_of_ours_but_its_loss_is_still_told():
    files = rendered(Choices(database=Database(host="db.example.org")))
    jobs = {job["job_name"] for job in yaml.safe_load(files[PROMETHEUS])["scrape_configs"]}
    assert "postgres-exporter" not in jobs
    assert "PostgresDown" not in rules(files, "alert")
    assert "DatabaseUnreachable" in rules(files, "alert")


def test_every_series_that_is_named_exists(files: dict[str, str], exposed: set[str]):
    recorded = set(rules(files, "record"))
    for place, query in all_queries(files):
        names = {PARTS.sub("", name) if name.startswith("datalab_") else name for name in names_in(query)}
        assert names or query.startswith("vector("), (place, query)
        assert names <= exposed | EXPORTED | recorded | PROMETHEUS_OWN, place


def test_every_recording_is_read_by_something(files: dict[str, str]):
    read = {name for _, query in all_queries(files) for name in names_in(query)}
    assert set(rules(files, "record")) <= read


def test_every_alert_says_how_urgent_it_is_what_it_means_and_where_to_read_on(files: dict[str, str]):
    page = alerts_page()
    for name, (rule,) in rules(files, "alert").items():
        assert rule["labels"]["severity"] in {"page", "warn"}, name  # pyright: ignore[reportArgumentType]
        notes = rule["annotations"]
        assert set(notes) == {"summary", "description", "runbook_url"}, name
        assert notes["runbook_url"] == f"docs/reference/alerts.md#{name.lower()}"  # pyright: ignore[reportArgumentType]
        assert f"\n### {name}\n" in page


def test_the_runbooks_may_be_elsewhere():
    files = rendered(Choices(monitoring=Monitoring(runbooks="https://wiki.example.org/datalab/")))
    (down,) = rules(files, "alert")["ServiceDown"]
    assert down["annotations"]["runbook_url"] == "https://wiki.example.org/datalab/alerts.md#servicedown"  # pyright: ignore[reportArgumentType]


def test_alertmanager_knows_secrets_only_as_files():
    receivers = {each["name"]: each for each in yaml.safe_load(rendered(TELLING)[ALERTMANAGER])["receivers"]}
    (pager,) = receivers["page"]["pagerduty_configs"]
    assert pager["routing_key_file"] == "/etc/datalab/pagerduty"
    assert "routing_key" not in pager
    for name in ("page", "warn"):
        (slack,) = receivers[name]["slack_configs"]
        assert slack["api_url_file"] == "/etc/datalab/slack"
        assert "api_url" not in slack


def test_the_files_with_secrets_are_mounted_where_alertmanager_looks():
    files = plan(Profile.PRODUCTION, TELLING).component("alertmanager").files
    assert {(each.source, each.path) for each in files} >= {
        ("/etc/datalab/pagerduty", "/etc/datalab/pagerduty"),
        ("/etc/datalab/slack", "/etc/datalab/slack"),
    }


def test_prometheus_forgets_when_it_is_told_to():
    decided = plan(Profile.PRODUCTION, Choices(monitoring=Monitoring(retention_days=7)))
    kept = [part for part in decided.component("prometheus").command if "retention" in part]
    assert kept == ["--storage.tsdb.retention.time=7d"]


def test_there_is_a_dashboard_for_every_service_and_one_over_all(files: dict[str, str]):
    assert set(dashboards(files)) == {"datalab-overview", *(f"datalab-{name}" for name in SERVICES)}


def test_panels_neither_overlap_nor_share_a_number(files: dict[str, str]):
    for uid, dashboard in dashboards(files).items():
        panels = dashboard["panels"]
        assert isinstance(panels, list)
        assert len({panel["id"] for panel in panels}) == len(panels), uid
        taken: set[tuple[int, int]] = set()
        for panel in panels:
            place = panel["gridPos"]
            assert place["x"] + place["w"] <= 24
            cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            assert not cells & taken, (uid, panel["title"])
            taken |= cells


def test_what_operators_watch_has_its_panel(files: dict[str, str]):
    watched = {
        "datalab-gateway": ("datalab_authentication_failures_total", "service:latency_seconds:p95_5m"),
        "datalab-data": ("pg_stat_activity_count", "datalab_cache_requests_total", "datalab_http_request"),
        "datalab-ai": ("datalab_jobs", "datalab_http_request_duration_seconds_bucket"),
        "datalab-compute": ("datalab_jobs", "datalab_job_attempt_duration_seconds_bucket", "up"),
        "datalab-viz": ("datalab_cache_requests_total", "datalab_memory_bytes"),
    }
    for uid, names in watched.items():
        queries = [query for place, query in panel_queries(files) if place.startswith(f"{uid}:")]
        for name in names:
            assert any(name in query for query in queries), (uid, name)


def test_grafana_finds_the_source_that_the_dashboards_name(files: dict[str, str]):
    place = "infrastructure/monitoring/grafana/provisioning/datasources/prometheus.yml"
    (source,) = yaml.safe_load(files[place])["datasources"]
    named = {
        panel["datasource"]["uid"]
        for dashboard in dashboards(files).values()
        for panel in dashboard["panels"]  # pyright: ignore[reportGeneralTypeIssues]
        if "datasource" in panel
    }
    assert named == {source["uid"]}
