"""The Dockerfiles as they are rendered, and as they stand in the clone."""

import re
from pathlib import Path

import pytest

from datalab.catalog import SERVICES
from datalab.deploy.renderers.dockerfile import PLACE, UID, UV, render_dockerfiles
from datalab.deploy.topology.images import DEBIAN_BASE, PYTHON_BASE

ROOT = Path(__file__).parents[2]
WHOLE = f"{PLACE}/Dockerfile"
FILES = render_dockerfiles()
DOCKERFILES = sorted(name for name in FILES if Path(name).name.startswith("Dockerfile"))
TARGETS = (*(service.deployed_name for service in SERVICES.values()), "pgbouncer")


def _stages(text: str) -> dict[str, str]:
    """The text of each stage by its name."""
    parts = re.split(r"^FROM \S+ AS (\S+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_clone_holds_what_is_rendered(name: str):
    assert (ROOT / name).read_text() == FILES[name], "run `datalab deploy render` and commit what it writes"


def test_rendering_twice_gives_the_same_bytes():
    assert render_dockerfiles() == FILES


def test_one_file_has_a_target_for_every_image():
    assert set(TARGETS) <= set(_stages(FILES[WHOLE]))


@pytest.mark.parametrize("target", TARGETS)
def test_each_image_has_a_file_of_its_own_with_the_same_stage(target: str):
    apart = _stages(FILES[f"{PLACE}/Dockerfile.{target}"])
    assert set(TARGETS) & set(apart) == {target}
    assert apart[target].strip() == _stages(FILES[WHOLE])[target].strip()


@pytest.mark.parametrize("name", DOCKERFILES)
def test_bases_are_arguments_and_nothing_else_is_pulled(name: str):
    text = FILES[name]
    assert "# syntax" not in text
    stages = set(_stages(text))
    for source in re.findall(r"^FROM (\S+)", text, flags=re.MULTILINE):
        assert source in stages | {"${BASE}", "${DEBIAN_BASE}"}
    assert set(re.findall(r"(?:from=|--from=)([\w-]+)", text)) <= stages
    assert f"ARG BASE={PYTHON_BASE}" in text or f"ARG DEBIAN_BASE={DEBIAN_BASE}" in text


@pytest.mark.parametrize("target", TARGETS)
def test_every_image_runs_as_a_numbered_account_that_is_asked_for_its_health(target: str):
    stage = _stages(FILES[WHOLE])[target]
    assert f"USER {UID}:{UID}" in stage
    assert "HEALTHCHECK" in stage
    assert "STOPSIGNAL" in stage
    assert not re.search(r"SECRET|TOKEN", stage)


def test_packages_come_by_the_lock_and_never_with_those_of_development():
    text = FILES[WHOLE]
    syncs = re.findall(r"uv sync [^\\\n]*", text)
    assert syncs
    for sync in syncs:
        assert "--frozen" in sync
        assert "--no-dev" in sync or "--only-group build" in sync
    assert f"uv=={UV}" in text


def test_whatever_reaches_a_registry_may_be_told_whom_to_trust():
    for step in re.split(r"\n(?=[A-Z])", FILES[WHOLE]):
        if "uv sync" in step or "npm ci" in step:
            assert "--mount=type=secret,id=ca" in step


def test_the_context_holds_neither_what_is_built_nor_what_is_secret():
    lines = FILES[".dockerignore"].splitlines()
    assert "*" in lines
    assert {"src/datalab/console/assets", "console/node_modules", "**/.env*"} <= set(lines)
    assert not [line for line in lines if line.startswith("src/datalab/console/assets*")]
