"""The script that brings a release to a bare host."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.deploy.bare.programs import judged

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import Host
from datalab.deploy.renderers.scripts import DEPLOY, render_scripts


@pytest.fixture
def script(decided: Plan, host: Host, tmp_path: Path) -> Path:
    """It stands in a clone, as it does for people."""
    clone = tmp_path / "clone"
    (clone / DEPLOY).parent.mkdir(parents=True)
    (clone / DEPLOY).write_text(render_scripts(decided, host)[DEPLOY])
    (clone / "uv.lock").touch()
    (clone / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1.2.3"\n')
    return clone / DEPLOY


def test_it_is_sound(script: Path) -> None:
    content, said = judged("shellcheck", script)

    assert content, said


def test_a_dry_run_tells_every_step_and_does_none(script: Path, host: Host) -> None:
    told = _run(script, "--dry-run", "--with", "supervisor").stdout

    steps = ("uv sync --quiet --frozen", "run-datalab.sh migrate", "ln -sfn releases/1.2.3", "supervisorctl restart")
    places = [told.index(step) for step in steps]
    assert places == sorted(places)
    assert list(Path(host.root).iterdir()) == []


def test_each_instance_is_awaited_before_the_next_is_restarted(script: Path) -> None:
    told = _run(script, "--dry-run", "--with", "supervisor").stdout.splitlines()

    first = told.index("+ supervisorctl restart datalab:api-gateway-0")
    assert told[first + 1 : first + 4] == [
        "+ await 200 of http://127.0.0.1:8000/ready",
        "+ supervisorctl restart datalab:api-gateway-1",
        "+ await 200 of http://127.0.0.1:8010/ready",
    ]


def test_the_gateway_is_restarted_after_the_services_behind_it(script: Path) -> None:
    told = _run(script, "--dry-run", "--with", "systemd").stdout

    restarted = [line.split()[-1] for line in told.splitlines() if "systemctl restart" in line]
    assert restarted[4] == "datalab-api-gateway.service"
    assert len(restarted) == 9


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--dry-run", "--with", "launchd"), "takes systemd or supervisor, not launchd"),
        (("--dry-run", "--release", "../up"), "is no name for a release"),
        (("--fast",), "--fast is no option"),
    ],
)
def test_what_it_can_not_do_it_says(script: Path, arguments: tuple[str, ...], told: str) -> None:
    done = _run(script, *arguments)

    assert done.returncode == 1
    assert told in done.stderr


def _run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", script, *arguments], env=os.environ, capture_output=True, text=True, check=False, timeout=60
    )
