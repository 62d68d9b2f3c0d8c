"""What somebody changes by hand in a service that a swarm runs is told; the services were recorded from a swarm."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datalab.deploy.readback.facts import differences
from datalab.deploy.readback.running_swarm import running_swarm_facts

RECORDED = Path(__file__).with_name("running_services.json").read_text()


def _of(name: str, *path: str | int) -> Callable[[dict[str, Any]], Any]:
    def found(told: dict[str, Any]) -> Any:
        part: Any = next(each["Spec"] for each in told["services"] if each["Spec"]["Name"] == f"datalab_{name}")
        for key in path:
            part = part[key]
        return part

    return found


_CONTAINER = ("TaskTemplate", "ContainerSpec")
CHANGED: dict[str, tuple[Callable[[dict[str, Any]], Any], str, Any]] = {
    "data-service: image": (_of("data-service", *_CONTAINER), "Image", "datalab/data-service:miner"),
    "data-service: command": (_of("data-service", *_CONTAINER), "Args", ["sleep", "1d"]),
    "data-service: user": (_of("data-service", *_CONTAINER), "User", "0:0"),
    "data-service: read-only root": (_of("data-service", *_CONTAINER), "ReadOnly", False),
    "data-service: dropped capabilities": (_of("data-service", *_CONTAINER), "CapabilityDrop", None),
    "data-service: anything else": (_of("data-service", *_CONTAINER), "CapabilityAdd", ["CAP_SYS_ADMIN"]),
    "data-service: variable LOG_LEVEL": (_of("data-service", *_CONTAINER), "Env", ["LOG_LEVEL=debug"]),
    "data-service: stop grace s": (_of("data-service", *_CONTAINER), "StopGracePeriod", 1_000_000_000),
    "data-service: health check": (_of("data-service", *_CONTAINER), "Healthcheck", {"Test": ["NONE"]}),
    "data-service: secrets": (_of("data-service", *_CONTAINER), "Secrets", []),
    "data-service: memory limit": (_of("data-service", "TaskTemplate", "Resources", "Limits"), "MemoryBytes", 2**34),
    "data-service: networks": (_of("data-service", "TaskTemplate"), "Networks", []),
    "data-service: placement": (_of("data-service", "TaskTemplate"), "Placement", {}),
    "data-service: restart": (_of("data-service", "TaskTemplate", "RestartPolicy"), "Condition", "none"),
    "data-service: logs": (_of("data-service", "TaskTemplate"), "LogDriver", None),
    "data-service: replicas": (_of("data-service", "Mode", "Replicated"), "Replicas", 7),
    "data-service: update": (_of("data-service", "UpdateConfig"), "Order", "stop-first"),
    "data-service: a name for": (_of("data-service", "EndpointSpec"), "Mode", "vip"),
    "nginx: ports": (_of("nginx", "EndpointSpec", "Ports", 0), "PublishMode", "ingress"),
    "nginx: files": (_of("nginx", *_CONTAINER), "Configs", []),
    "nginx: in memory": (_of("nginx", *_CONTAINER), "Mounts", []),
    "node-exporter: mounts": (_of("node-exporter", *_CONTAINER, "Mounts", 0), "ReadOnly", False),
    "node-exporter: runs": (_of("node-exporter"), "Mode", {"Replicated": {"Replicas": 1}}),
    "migrate: runs": (_of("migrate"), "Mode", {"Replicated": {"Replicas": 1}}),
}


def _facts(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return running_swarm_facts(told["services"], told["networks"], "datalab")


@pytest.mark.parametrize("aspect", CHANGED)
def test_a_change_by_hand_is_told(aspect: str):
    told = json.loads(RECORDED)
    find, key, value = CHANGED[aspect]
    find(told)[key] = value
    found = differences(_facts(json.loads(RECORDED)), _facts(told))
    assert any(str(each).startswith(f"{aspect} is") for each in found)


def test_what_nobody_changed_does_not_differ():
    assert differences(_facts(json.loads(RECORDED)), _facts(json.loads(RECORDED))) == ()
