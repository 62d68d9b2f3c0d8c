"""What a clone holds is what the topology says, and nothing in it is a secret."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from datalab.deploy.choices import Choices
from datalab.deploy.environment import secret_names
from datalab.deploy.plan import Profile, plan
from datalab.deploy.rendering import RENDERERS, Target, committed, render

ROOT = Path(__file__).parents[2]
COMPOSE = ("docker-compose.yml", "docker-compose.staging.yml", "docker-compose.prod.yml", "docker-compose.test.yml")


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return committed()


def test_every_file_is_current(files: dict[str, str]):
    stale = [name for name, text in files.items() if not (ROOT / name).is_file() or (ROOT / name).read_text() != text]
    assert not stale, "`datalab deploy files` writes them"


def test_rendering_twice_gives_the_same_bytes(files: dict[str, str]):
    assert committed() == files


@pytest.mark.parametrize("target", RENDERERS)
@pytest.mark.parametrize("profile", Profile)
def test_every_target_renders_every_profile_twice_alike(target: Target, profile: Profile):
    assert render(target, plan(profile)) == render(target, plan(profile))


@pytest.mark.parametrize("name", COMPOSE)
def test_every_secret_is_a_reference_that_must_be_given(files: dict[str, str], name: str):
    secrets = secret_names(plan(Profile.PRODUCTION))
    for service in yaml.safe_load(files[name])["services"].values():
        for variable, value in service.get("environment", {}).items():
            if _is_secret(variable):
                source = re.match(r"^\$\{([A-Z_]+):\?", str(value))
                assert source, f"{variable} is {value}"
                assert source[1] in secrets


def test_the_stack_takes_every_secret_from_a_file(files: dict[str, str]):
    for service in yaml.safe_load(files["docker-stack.yml"])["services"].values():
        for variable, value in service.get("environment", {}).items():
            if _is_secret(variable):
                assert variable.endswith("_FILE")
                assert str(value).startswith("/run/secrets/")


@pytest.mark.parametrize("name", COMPOSE)
def test_nothing_listens_beyond_loopback_but_the_edge(files: dict[str, str], name: str):
    open_to_all = {
        port
        for service in yaml.safe_load(files[name])["services"].values()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }
    assert open_to_all == (
        set() if name in {"docker-compose.yml", "docker-compose.test.yml"} else {"80:8080", "443:8443"}
    )


def test_the_stack_opens_only_the_edge(files: dict[str, str]):
    services: dict[str, Any] = yaml.safe_load(files["docker-stack.yml"])["services"]
    published = {port["published"] for service in services.values() for port in service.get("ports", [])}
    assert published == {80, 443}


def test_nothing_runs_as_root_nor_writes_its_root(files: dict[str, str]):
    for name in (*COMPOSE, "docker-stack.yml"):
        for service in yaml.safe_load(files[name])["services"].values():
            assert not service["user"].startswith("0")
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]


def test_no_image_is_called_latest(files: dict[str, str]):
    images = [service["image"] for name in COMPOSE for service in yaml.safe_load(files[name])["services"].values()]
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_an_operators_choice_changes_what_it_names_alone():
    usual = render(Target.COMPOSE, plan(Profile.PRODUCTION))["docker-compose.prod.yml"]
    chosen = render(Target.COMPOSE, plan(Profile.PRODUCTION, Choices(replicas={"api-gateway": 5})))
    changed = [
        (before, after)
        for before, after in zip(usual.splitlines(), chosen["docker-compose.prod.yml"].splitlines(), strict=True)
        if before != after
    ]
    assert changed == [("      replicas: 3", "      replicas: 5")]


def _is_secret(variable: str) -> bool:
    return "PASSWORD" in variable or "SECRET" in variable or variable.endswith("PASS")
