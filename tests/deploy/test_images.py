"""What our images hold, and that they hold nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.deploy.engine import docker
from tests.deploy.images import DOCKERFILE, TARGETS, build, ensure_ours, name_of

from datalab.catalog import SERVICES

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800)]

OF_SERVICES = tuple(service.deployed_name for service in SERVICES.values())
BUILDERS = ("gcc", "cc", "g++", "make", "uv", "npm", "node", "hatchling")
FOREIGN = {
    "api-gateway": ("duckdb", "pyarrow", "sklearn", "vl_convert", "obstore"),
    "data-service": ("sklearn", "onnxruntime", "vl_convert"),
    "ai-service": ("duckdb", "vl_convert"),
    "compute-service": ("duckdb", "pyarrow", "sklearn", "vl_convert", "obstore"),
    "viz-service": ("duckdb", "sklearn", "obstore"),
}
"""What only other services need."""


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    ensure_ours()


def _configured(target: str) -> Mapping[str, Any]:
    return json.loads(docker("image", "inspect", name_of(target)))[0]["Config"]


def _inside(target: str, script: str) -> str:
    return docker("run", "--rm", "--network=none", "--entrypoint", "sh", name_of(target), "-c", script)


@pytest.mark.parametrize("target", TARGETS)
def test_it_runs_as_nobody_special(target: str):
    assert _configured(target)["User"] == "10001:10001"
    assert _inside(target, "id -u") == "10001"


@pytest.mark.parametrize("target", TARGETS)
def test_it_says_what_it_is_and_how_it_is_asked(target: str):
    configured = _configured(target)
    labels = configured["Labels"]
    assert labels["org.opencontainers.image.title"] == target
    assert labels["org.opencontainers.image.version"]
    assert configured["Healthcheck"]["Test"][0] == "CMD"
    assert configured["StopSignal"] == ("SIGINT" if target == "pgbouncer" else "SIGTERM")


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_that_builds_is_in_it(target: str):
    assert _inside(target, f"for each in {' '.join(BUILDERS)}; do command -v $each; done; true") == ""
    assert _inside(target, "ls /build /tools /wheel /run/ca.pem /root/.cache 2>/dev/null; true") == ""


@pytest.mark.parametrize("target", TARGETS)
def test_no_secret_is_in_it(target: str):
    named = [each.partition("=")[0] for each in _configured(target)["Env"]]
    assert not [each for each in named if any(word in each for word in ("SECRET", "PASSWORD", "TOKEN", "KEY"))]
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", name_of(target))
    assert "BEGIN CERTIFICATE" not in history
    assert _inside(target, "find /app /run /tmp -type f 2>/dev/null; true") == ""


@pytest.mark.parametrize("target", OF_SERVICES)
def test_only_its_own_extras_are_in_it(target: str):
    asked = f"from importlib.util import find_spec; print([each for each in {FOREIGN[target]!r} if find_spec(each)])"
    assert _inside(target, f'python -c "{asked}"') == "[]"


@pytest.mark.parametrize("target", OF_SERVICES)
def test_all_of_it_is_compiled_and_no_tests_are_in_it(target: str):
    packages = "/opt/venv/lib/python3*/site-packages"
    sources = _inside(target, f"find {packages}/datalab -name '*.py' | wc -l")
    compiled = _inside(target, f"find {packages}/datalab -name '*.pyc' | wc -l")
    assert int(sources) == int(compiled) > 0
    assert _inside(target, f"find {packages} -type d -name tests | head -3") == ""


@pytest.mark.parametrize("target", OF_SERVICES)
def test_its_bill_of_materials_names_what_is_installed(target: str):
    bill = json.loads(_inside(target, "cat /usr/share/datalab/sbom.cdx.json"))
    listed = {(each["name"].lower(), each["version"]) for each in bill["components"]}
    script = (
        "import json; from importlib.metadata import distributions as d; "
        "print(json.dumps([[e.name.lower().replace('_', '-').replace('.', '-'), e.version] for e in d()]))"
    )
    installed = {(name, version) for name, version in json.loads(_inside(target, f'python -c "{script}"'))}
    assert installed - listed <= {("datalab-stack", version) for _, version in installed}
    assert bill["metadata"]["component"]["name"] == "datalab-stack"


def test_the_console_is_in_the_gateways_image_alone():
    asked = "ls /opt/venv/lib/python3*/site-packages/datalab/console/assets/index.html"
    assert _inside("api-gateway", asked)
    assert _inside("data-service", f"{asked} 2>/dev/null; true") == ""


def test_a_dockerfile_apart_builds_the_same_image():
    before = _configured("compute-service")
    build(("compute-service",), f"{DOCKERFILE}.compute-service")
    after = _configured("compute-service")
    assert {name: after[name] for name in ("Env", "Cmd", "User", "Labels")} == {
        name: before[name] for name in ("Env", "Cmd", "User", "Labels")
    }
