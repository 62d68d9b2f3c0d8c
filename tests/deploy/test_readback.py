"""What is planted in a rendered file is found by the target's own reader and the comparison with the topology."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from datalab.deploy.apply.files import write_all
from datalab.deploy.apply.reading.containers import NotReadable
from datalab.deploy.checking import Checkable, check
from datalab.deploy.choices import Choices
from datalab.deploy.plan import Profile, plan
from datalab.deploy.renderers.compose import FILES
from datalab.deploy.rendering import Target, committed, render

pytestmark = [
    pytest.mark.deploy,
    pytest.mark.skipif(shutil.which("docker") is None, reason="there is no docker here to read with"),
]

Mutation = Callable[[dict[str, Any]], object]


def _service(name: str, change: Callable[[dict[str, Any]], object]) -> Mutation:
    return lambda document: change(document["services"][name])


def _set(name: str, *path: str, value: Any) -> Mutation:
    def change(service: dict[str, Any]) -> None:
        for key in path[:-1]:
            service = service[key]
        service[path[-1]] = value

    return _service(name, change)


def _without(name: str, *path: str) -> Mutation:
    def change(service: dict[str, Any]) -> None:
        for key in path[:-1]:
            service = service[key]
        del service[path[-1]]

    return _service(name, change)


IN_COMPOSE: dict[str, Mutation] = {
    "a memory limit is gone": _without("data-service", "deploy", "resources", "limits", "memory"),
    "a memory limit is higher": _set("ai-service", "deploy", "resources", "limits", "memory", value="64G"),
    "a CPU limit is gone": _without("redis", "deploy", "resources", "limits", "cpus"),
    "a process limit is gone": _without("viz-worker", "deploy", "resources", "limits", "pids"),
    "a reservation is gone": _without("api-gateway", "deploy", "resources", "reservations"),
    "a port is open to the world": _set("postgres", "ports", value=["5432:5432"]),
    "a port is published that was not": _set("data-service", "ports", value=["127.0.0.1:8001:8001"]),
    "the edge's port is another": _set("nginx", "ports", value=["8088:8080", "443:8443"]),
    "a probe asks the wrong port": _set(
        "viz-service", "healthcheck", "test", value=["CMD", "python", "-m", "datalab.host.probe", "8001"]
    ),
    "a probe asks nothing": _set("compute-service", "healthcheck", "test", value=["CMD", "true"]),
    "a probe is switched off": _set("ai-service", "healthcheck", value={"disable": True}),
    "a probe is asked too rarely": _set("redis", "healthcheck", "interval", value="10m"),
    "a probe has no patience": _set("postgres", "healthcheck", "timeout", value="1s"),
    "a secret stands in clear": _set("api-gateway", "environment", "JWT_SECRET", value="correct-horse-battery-staple"),
    "a secret has a default": _set("redis", "environment", "REDIS_PASSWORD", value="${SOME_OTHER_PASSWORD:-changeme}"),
    "a secret is given to a stranger": _set("viz-worker", "environment", "JWT_SECRET", value="${JWT_SECRET}"),
    "a variable is gone": _without("data-service", "environment", "REDIS_URL"),
    "a variable points elsewhere": _set("ai-worker", "environment", "DATA_SERVICE_URL", value="http://example.com"),
    "a replica is missing": _set("api-gateway", "deploy", "replicas", value=1),
    "the stop grace is too short": _set("api-gateway", "stop_grace_period", value="5s"),
    "it runs as root": _set("data-worker", "user", value="0:0"),
    "its root can be written": _set("compute-service", "read_only", value=False),
    "a capability is kept": _set("nginx", "cap_drop", value=["NET_RAW"]),
    "a capability is added": _set("nginx", "cap_add", value=["SYS_ADMIN"]),
    "it is privileged": _set("compute-worker", "privileged", value=True),
    "privileges may grow": _set("compute-worker", "security_opt", value=[]),
    "it sees the host's processes": _set("viz-service", "pid", value="host"),
    "it is on the host's network": lambda document: (
        document["services"]["redis"].pop("networks"),
        document["services"]["redis"].update(network_mode="host"),
    ),
    "it joins a network that isn't its own": _set("nginx", "networks", value=["edge", "database"]),
    "it has the engine's socket": _set("prometheus", "volumes", value=["/var/run/docker.sock:/var/run/docker.sock"]),
    "a volume is gone": _set("data-service", "volumes", value=[]),
    "a file may be written": _set("nginx", "volumes", value=["tls:/tls", "./infrastructure/nginx:/etc/nginx/datalab"]),
    "what it waits for is another": _set(
        "api-gateway", "depends_on", "migrate", value={"condition": "service_started"}
    ),
    "it isn't started again": _set("data-service", "restart", value="no"),
    "its logs grow without end": _set("ai-service", "logging", value={"driver": "json-file"}),
    "its image has no version": _set("data-service", "image", value="datalab/data-service:latest"),
    "its image is another's": _set("viz-worker", "image", value="datalab/data-service:0.1.0"),
    "its command is another": _set("viz-worker", "command", value=["datalab", "up"]),
    "its entry point is another": _set("viz-worker", "entrypoint", value=["sh", "-c", "sleep 1d"]),
    "it is built from another target": _set("viz-worker", "build", "target", value="data-service"),
    "a component is missing": lambda document: document["services"].pop("node-exporter"),
    "a component is one too many": lambda document: document["services"].update(miner={"image": "miner:1"}),
    "a network has other addresses": lambda document: document["networks"]["edge"]["ipam"]["config"].insert(
        0, {"subnet": "10.9.8.0/24"}
    ),
    "a key that there is none of": _set("redis", "memory_limits", value="1G"),
}

IN_SWARM: dict[str, Mutation] = {
    "a memory limit is gone": _without("data-service", "deploy", "resources", "limits", "memory"),
    "a secret is gone": _set("api-gateway", "secrets", value=["datalab_jwt_secret"]),
    "a secret is another's": _set("viz-service", "secrets", value=["datalab_jwt_secret"]),
    "a secret stands in clear": _set("redis", "environment", "REDIS_PASSWORD", value="changeme"),
    "a failed update goes on": _set("viz-service", "deploy", "update_config", "failure_action", value="continue"),
    "all are updated at once": _set("api-gateway", "deploy", "update_config", "parallelism", value=0),
    "the old goes before the new is there": _set("api-gateway", "deploy", "update_config", "order", value="stop-first"),
    "an update has no delay": _without("ai-service", "deploy", "update_config", "delay"),
    "a replica is missing": _set("data-service", "deploy", "replicas", value=1),
    "a volume may wander": _without("postgres", "deploy", "placement"),
    "it isn't started again": _set("redis", "deploy", "restart_policy", "condition", value="none"),
    "the stop grace is too short": _set("api-gateway", "stop_grace_period", value="5s"),
    "a probe asks nothing": _set("compute-service", "healthcheck", "test", value=["CMD", "true"]),
    "a port is open to the world": _set("postgres", "ports", value=["5432:5432"]),
    "it runs as root": _set("data-worker", "user", value="0:0"),
    "a file is gone": _set("nginx", "configs", value=[]),
    "the edge hides behind the mesh": _set(
        "nginx",
        "ports",
        value=[
            {"target": 8080, "published": 80, "protocol": "tcp", "mode": "ingress"},
            {"target": 8443, "published": 443, "protocol": "tcp", "mode": "host"},
        ],
    ),
    "a task is started for ever": _set("migrate", "deploy", "mode", value="replicated"),
    "a host isn't measured": _set("node-exporter", "deploy", "mode", value="replicated"),
    "the host may be written": _set(
        "node-exporter", "volumes", value=[{"type": "bind", "source": "/", "target": "/host"}]
    ),
    "a name stands for the service": _without("api-gateway", "deploy", "endpoint_mode"),
    "an exporter can't read its password": _set("redis-exporter", "secrets", value=["datalab_redis_password"]),
}


CHOSEN = (
    "size = 'large'",
    "object_store = { own = true }",
    "object_store = { url = 's3://lab/tables', endpoint = 'https://s3.example.org' }",
    "database = { host = 'db.example.org' }",
    "edge = { certificate_folder = '/etc/ssl/ours', https_port = 8443 }",
    "logs = { loki = 'https://loki.example.org' }",
    "monitoring = { enabled = false }",
)


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return committed()


@pytest.fixture
def clone(files: dict[str, str], tmp_path: Path) -> Path:
    write_all(files, tmp_path)
    return tmp_path


@pytest.mark.parametrize("profile", Profile)
def test_every_compose_file_is_what_the_topology_says(clone: Path, profile: Profile):
    assert check(Checkable.COMPOSE, plan(profile), clone).differences == ()


def test_the_stack_is_what_the_topology_says(clone: Path):
    assert check(Checkable.SWARM, plan(Profile.PRODUCTION), clone).differences == ()


@pytest.mark.parametrize("chosen", CHOSEN)
@pytest.mark.parametrize("target", [Target.COMPOSE, Target.SWARM])
def test_what_an_operator_chooses_is_read_back_too(tmp_path: Path, target: Target, chosen: str):
    decided = plan(Profile.PRODUCTION, Choices.model_validate(tomllib.loads(chosen)))
    write_all(render(target, decided), tmp_path)
    assert check(Checkable(target), decided, tmp_path).differences == ()


@pytest.mark.parametrize("planted", IN_COMPOSE)
def test_what_is_planted_in_a_compose_file_is_found(clone: Path, planted: str):
    _plant(clone / FILES[Profile.PRODUCTION], IN_COMPOSE[planted])
    assert _found(Checkable.COMPOSE, clone)


@pytest.mark.parametrize("planted", IN_SWARM)
def test_what_is_planted_in_a_stack_is_found(clone: Path, planted: str):
    _plant(clone / "docker-stack.yml", IN_SWARM[planted])
    assert _found(Checkable.SWARM, clone)


def _plant(path: Path, mutation: Mutation) -> None:
    before = path.read_text()
    document = yaml.safe_load(before)
    mutation(document)
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    assert yaml.safe_load(before) != document


def _found(target: Checkable, clone: Path) -> bool:
    """Whether the reader refuses the file, or a difference is told."""
    try:
        return bool(check(target, plan(Profile.PRODUCTION), clone).differences)
    except NotReadable:
        return True
