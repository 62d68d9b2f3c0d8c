"""Who is told of what, as Alertmanager itself decides."""

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.deploy.monitoring.files import TELLING, rendered, written
from tests.deploy.monitoring.programs import run
from tests.deploy.monitoring.series import rules
from tests.deploy.monitoring.servers import alertmanager

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(300), pytest.mark.usefixtures("programs")]

PATIENCE_S = 60


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """The configuration of a deployment that tells PagerDuty and Slack."""
    return written(rendered(TELLING), tmp_path) / "alertmanager/alertmanager.yml"


def test_alertmanager_takes_its_configuration_with_and_without_receivers(told: Path, monitoring: Path):
    for path in (told, monitoring / "alertmanager/alertmanager.yml"):
        done = run("amtool", "check-config", str(path))
        assert done.returncode == 0, done.stdout + done.stderr


def test_alertmanager_refuses_a_route_to_nobody_that_it_knows(told: Path):
    told.write_text(told.read_text().replace("receiver: page", "receiver: paging"))
    assert run("amtool", "check-config", str(told)).returncode != 0


def test_every_alarm_goes_to_the_receiver_of_its_urgency(told: Path):
    for name, (rule,) in rules(rendered(TELLING), "alert").items():
        labels: Any = rule["labels"]
        named = [f"{key}={value}" for key, value in labels.items()]
        done = run("amtool", "config", "routes", "test", f"--config.file={told}", f"alertname={name}", *named)
        assert done.stdout.split() == [labels["severity"]], (name, done.stderr)


def test_an_alarm_of_no_urgency_goes_nowhere(told: Path):
    done = run("amtool", "config", "routes", "test", f"--config.file={told}", "alertname=Own")
    assert done.stdout.split() == ["nobody"]


def alarm(name: str, severity: str, signal: str, service: str) -> dict[str, dict[str, str]]:
    return {"labels": {"alertname": name, "severity": severity, "signal": signal, "service": service}}


SERVICE_DOWN = alarm("ServiceDown", "page", "down", "data")
SAME_SERVICE = (
    alarm("LatencyCritical", "page", "latency", "data"),
    alarm("ErrorRateCritical", "page", "errors", "data"),
    alarm("InstanceDown", "warn", "down", "data"),
    alarm("LatencyObjectiveMissed", "warn", "objective", "data"),
)
ANOTHER_SERVICE = (alarm("LatencyCritical", "page", "latency", "ai"), alarm("InstanceDown", "warn", "down", "ai"))
ITS_WARNING = alarm("LatencyHigh", "warn", "latency", "ai")


def test_what_a_worse_alarm_explains_is_not_told(monitoring: Path):
    sent = [SERVICE_DOWN, *SAME_SERVICE, *ANOTHER_SERVICE, ITS_WARNING]
    silent = {names(each) for each in (*SAME_SERVICE, ITS_WARNING)}
    with alertmanager(monitoring / "alertmanager/alertmanager.yml") as url:
        httpx.post(f"{url}/api/v2/alerts", json=sent, timeout=30).raise_for_status()
        until = time.monotonic() + PATIENCE_S
        while (states := judged(url)) != {names(each): names(each) in silent for each in sent}:
            assert time.monotonic() < until, states
            time.sleep(0.5)


def names(sent: dict[str, dict[str, str]]) -> tuple[str, str]:
    return sent["labels"]["alertname"], sent["labels"]["service"]


def judged(url: str) -> dict[tuple[str, str], bool]:
    """Every alarm that Alertmanager has, and whether another one silences it."""
    known = httpx.get(f"{url}/api/v2/alerts", timeout=30).json()
    return {names(each): bool(each["status"]["inhibitedBy"]) for each in known}
