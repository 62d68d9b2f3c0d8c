"""What runs is told of the files that changed under it, and of no others."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from datalab.deploy.apply.command import Command
from datalab.deploy.apply.compose.docker_compose import DockerCompose
from datalab.deploy.apply.compose.new_files import changed_files, read_anew
from datalab.deploy.plan import Profile, plan

PLAN = plan(Profile.PRODUCTION)


class Engine:
    """A runner of commands before an engine in which every component runs once."""

    def __init__(self) -> None:
        self.changes: list[str] = []

    def ask(self, command: Command) -> str:
        if command.arguments[1] == "ps":
            label = next(each for each in command.arguments if ".service=" in each)
            return label.rpartition("=")[2]
        return json.dumps([_container(name) for name in command.arguments[2:]])

    def change(self, command: Command) -> str:
        self.changes.append(str(command))
        return ""

    def write(self, files: Mapping[str, str], folder: Path) -> None: ...

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:
        return until()

    def pause(self, seconds: float) -> None: ...


def _container(name: str) -> dict[str, object]:
    return {
        "Id": name,
        "Name": f"/lab-{name}-1",
        "Created": "2026-01-01",
        "Image": "an image",
        "RestartCount": 0,
        "Config": {
            "Image": "an image",
            "Labels": {"com.docker.compose.service": name, "com.docker.compose.config-hash": "1"},
        },
        "State": {"Status": "running", "OOMKilled": False},
        "NetworkSettings": {"Networks": {}},
    }


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
    assert engine.changes == told


def test_a_file_that_comes_goes_or_differs_has_changed():
    assert changed_files({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"}) == {"b", "c", "d"}
