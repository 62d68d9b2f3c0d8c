"""How a real swarm's updates end, and that it is noticed: two small services in place of the platform."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.engine import ensure_engine
from tests.deploy.standins.made import ensure_images
from tests.deploy.swarm import remove_stack, swarm

from datalab.deploy.apply.command import CommandFailed, Shell
from datalab.deploy.apply.lifecycle import NotWell
from datalab.deploy.apply.swarm.docker_swarm import DockerSwarm
from datalab.deploy.apply.swarm.parts import part
from datalab.deploy.apply.swarm.rolling import SwarmRolling
from datalab.deploy.apply.swarm.secrets import SECRETS
from datalab.deploy.plan import Profile, plan
from datalab.deploy.topology.images import REDIS
from datalab.deploy.yaml_text import to_yaml

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(600), pytest.mark.xdist_group("engine")]

SERVING = "exec redis-server --save ''"


class Stack:
    """A stack of two services, ``one`` and ``other``, and of tasks that end."""

    def __init__(self, folder: Path, name: str) -> None:
        (folder / SECRETS).write_text(to_yaml({"version": "3.12", "secrets": {}}))
        runner = Shell(print)
        self.swarm = DockerSwarm(runner, folder, name, {})
        self.rolling = SwarmRolling(runner, self.swarm, plan(Profile.PRODUCTION))

    def bring(self, release: str, name: str, command: str = SERVING) -> None:
        self.swarm.deploy(part(_files(release, command), [name]))
        self.rolling.settle(name)

    def run(self, name: str, command: str) -> None:
        self.swarm.deploy(part(_files("1", command), [name]))
        self.rolling.finish(name)

    def releases(self, name: str) -> list[str]:
        """The releases of the instances that are well."""
        service = self.swarm.service(name)
        (release,) = (each.removeprefix("RELEASE=") for each in service.template["ContainerSpec"]["Env"])
        return [release for task in self.swarm.tasks(service) if task.is_well and task.current]


def _files(release: str, command: str) -> dict[str, str]:
    """Not 10.0.0.0/8, where a swarm's own networks are."""
    document = {
        "version": "3.12",
        "services": {
            **{name: _service(release, command) for name in ("one", "other")},
            **{name: _task(command) for name in ("ending", "failing")},
        },
        "networks": {"inside": {"driver": "overlay", "ipam": {"config": [{"subnet": "172.29.214.0/24"}]}}},
    }
    return {"docker-stack.yml": to_yaml(document)}


def _made(command: str) -> dict[str, Any]:
    in_memory = [{"type": "tmpfs", "target": folder} for folder in ("/tmp", "/data")]
    shell = ["sh", "-c", command]
    return {"image": REDIS.name, "command": shell, "init": True, "volumes": in_memory, "networks": ["inside"]}


def _service(release: str, command: str) -> dict[str, Any]:
    update = {"parallelism": 1, "delay": "1s", "order": "start-first", "monitor": "5s", "max_failure_ratio": 0}
    return {
        **_made(command),
        "environment": {"RELEASE": release},
        "stop_grace_period": "5s",
        "healthcheck": {
            "test": ["CMD", "redis-cli", "ping"],
            "interval": "3s",
            "timeout": "20s",
            "retries": 3,
            "start_period": "20s",
            "start_interval": "2s",
        },
        "deploy": {
            "mode": "replicated",
            "replicas": 2,
            "endpoint_mode": "dnsrr",
            "restart_policy": {"condition": "any", "delay": "2s"},
            "update_config": {**update, "failure_action": "rollback"},
            "rollback_config": {**update, "failure_action": "pause"},
        },
    }


def _task(command: str) -> dict[str, Any]:
    restart = {"condition": "on-failure", "delay": "1s", "max_attempts": 10}
    return {**_made(command), "deploy": {"mode": "replicated-job", "replicas": 1, "restart_policy": restart}}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    ensure_engine()
    ensure_images((REDIS.name,))
    name = f"dlt-{secrets.token_hex(4)}"
    with swarm():
        try:
            stack = Stack(tmp_path_factory.mktemp("swarm"), name)
            for each in ("one", "other"):
                stack.bring("1", each)
            yield stack
        finally:
            remove_stack(name)


def test_one_service_is_brought_to_a_release_and_the_other_stays(stack: Stack):
    stack.bring("2", "one")
    assert stack.releases("one") == ["2", "2"]
    assert stack.releases("other") == ["1", "1"]


def test_a_task_that_ends_well_is_waited_for(stack: Stack):
    stack.run("ending", "sleep 2")
    stack.run("ending", "sleep 2")


def test_a_task_that_fails_is_given_up_with_what_it_wrote(stack: Stack):
    with pytest.raises(CommandFailed, match=r"failed 3 times; .*\n.*no such column"):
        stack.run("failing", "echo no such column; exit 3")
    assert stack.swarm.full("failing") not in stack.swarm.names("service")


def test_an_update_that_the_swarm_rolls_back_is_not_well_and_the_old_instances_stay(stack: Stack):
    before = stack.releases("other")
    with pytest.raises(NotWell, match=r"other: rollback completed \(task: non-zero exit \(7\)\)"):
        stack.bring("bad", "other", "exit 7")
    assert stack.releases("other") == before


def test_what_was_rolled_back_is_brought_to_a_good_release(stack: Stack):
    stack.bring("3", "other")
    assert stack.releases("other") == ["3", "3"]


def test_an_update_that_is_paused_is_not_well(stack: Stack):
    how = ("--detach", "--update-failure-action", "pause", "--image", "redis:nowhere")
    stack.swarm.change("service", "update", *how, stack.swarm.full("one"))
    with pytest.raises(NotWell, match="paused"):
        stack.rolling.settle("one")
