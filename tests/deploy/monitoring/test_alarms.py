"""Every alarm is raised when it should be and not else, as Prometheus itself judges."""

import shutil
from pathlib import Path

import pytest
import yaml
from tests.deploy.monitoring.cases import CASES, QUIET, WELL, Case, Firing
from tests.deploy.monitoring.files import rendered
from tests.deploy.monitoring.programs import run
from tests.deploy.monitoring.series import rules

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(300), pytest.mark.usefixtures("programs")]

WHO = 'count by (alertname, about) (label_join(ALERTS{alertstate="firing"}, "about", "", "service", "worker"))'


def as_promtool_reads(case: Case, files: Path) -> dict[str, object]:
    """The case as one of promtool's tests."""
    series = {name: values for name, values in {**WELL, **case.series}.items() if values is not None}
    return {
        "rule_files": sorted(str(path) for path in (files / "prometheus/rules").iterdir()),
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "promql_expr_test": [
                    {"expr": WHO, "eval_time": f"{minute}m", "exp_samples": samples(alarms)}
                    for minute, alarms in case.at.items()
                ],
            }
        ],
    }


def samples(alarms: Firing) -> list[dict[str, object]]:
    def labels(name: str, about: str) -> str:
        return f'{{alertname="{name}", about="{about}"}}' if about else f'{{alertname="{name}"}}'

    return [{"labels": labels(*alarm), "value": 1} for alarm in sorted(alarms)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_these_alarms_and_no_others_are_raised(case: Case, monitoring: Path, tmp_path: Path):
    judged = tmp_path / "case.yml"
    judged.write_text(yaml.safe_dump(as_promtool_reads(case, monitoring)))
    done = run("promtool", "test", "rules", str(judged))
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alarm_has_a_case_in_which_it_is_raised_and_one_in_which_it_is_not():
    raised = {name for case in CASES for alarms in case.at.values() for name, _ in alarms}
    assert raised == set(rules(rendered(), "alert"))
    assert any(case.at == {30: QUIET} for case in CASES)


def test_a_wrong_expectation_is_noticed(monitoring: Path, tmp_path: Path):
    judged = tmp_path / "case.yml"
    wrong = Case("all is well", {}, {30: frozenset({("ServiceDown", "data")})})
    judged.write_text(yaml.safe_dump(as_promtool_reads(wrong, monitoring)))
    assert run("promtool", "test", "rules", str(judged)).returncode != 0


@pytest.mark.parametrize("name", ["prometheus.yml", "prometheus-direct.yml", "prometheus-supervisor.yml"])
def test_prometheus_takes_its_configuration_and_rules(monitoring: Path, name: str):
    done = run("promtool", "check", "config", str(monitoring / "prometheus" / name))
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_refuses_rules_that_it_can_not_read(monitoring: Path):
    alerts = monitoring / "prometheus/rules/alerts.yml"
    alerts.write_text(alerts.read_text().replace("for: 5m", "for: five minutes"))
    assert run("promtool", "check", "config", str(monitoring / "prometheus/prometheus.yml")).returncode != 0


def test_rules_are_checked_alone_too(monitoring: Path):
    assert shutil.which("promtool")
    done = run("promtool", "check", "rules", *map(str, sorted((monitoring / "prometheus/rules").iterdir())))
    assert done.returncode == 0, done.stdout + done.stderr
