"""What runs is told of the files that changed under it, and of no others."""

from pathlib import Path

import pytest
from tests.deploy.fake_engine import Engine

from datalab.deploy.apply.compose.docker_compose import DockerCompose
from datalab.deploy.apply.compose.new_files import changed_files, read_anew
from datalab.deploy.plan import Profile, plan

PLAN = plan(Profile.PRODUCTION)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("infrastructure/nginx/nginx.conf", ["docker exec lab-nginx-1 sh -c 'kill -s HUP 1'"]),
        (
            "infrastructure/monitoring/prometheus/rules/alerts.yml",
            ["docker exec lab-prometheus-1 sh -c 'kill -s HUP 1'"],
        ),
        (
            "infrastructure/monitoring/alertmanager/alertmanager.yml",
            ["docker exec lab-alertmanager-1 sh -c 'kill -s HUP 1'"],
        ),
        ("infrastructure/monitoring/grafana/dashboards/datalab-ai.json", ["docker restart lab-grafana-1"]),
        ("infrastructure/sql/init.sql", []),
        ("docker-compose.prod.yml", []),
    ],
)
def test_a_changed_file_is_told_to_who_reads_it(changed: str, told: list[str]):
    engine = Engine()
    read_anew(DockerCompose(engine, Path(), "docker-compose.prod.yml", "lab", "1"), PLAN.components, {changed})
    assert [str(each) for each in engine.changes] == told


def test_a_file_that_comes_goes_or_differs_has_changed():
    assert changed_files({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}) == {"b", "c", "d"}
