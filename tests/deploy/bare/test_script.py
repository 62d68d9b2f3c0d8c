"""The script that brings a release to a bare host."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.deploy.bare.programs import judged

from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import Host
from datalab.deploy.renderers.scripts import DEPLOY, NOT_WELL, render_scripts


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
    assert told[first + 1 : first + 6] == [
        "+ await 200 of http://127.0.0.1:8000/ready",
        "+ watch the answers of port 8000 for 8 s",
        "+ supervisorctl restart datalab:api-gateway-1",
        "+ await 200 of http://127.0.0.1:8010/ready",
        "+ watch the answers of port 8010 for 8 s",
    ]


def test_the_gateway_is_restarted_after_the_services_behind_it(script: Path) -> None:
    told = _run(script, "--dry-run", "--with", "systemd").stdout

    restarted = [line.split()[-1] for line in told.splitlines() if "systemctl restart" in line]
    assert restarted[4] == "datalab-api-gateway.service"
    assert len(restarted) == 9


def test_the_way_back_installs_and_migrates_nothing(script: Path) -> None:
    told = _run(script, "--dry-run", "--with", "systemd", "--installed").stdout

    assert not [word for word in ("uv sync", "migrate", "deploy env", "watch the answers") if word in told]
    assert "+ systemctl restart datalab-data-service.service" in told


@pytest.mark.parametrize(("failed", "runs"), [(10, "old"), (3, "new")])
def test_a_release_that_fails_requests_is_taken_back(
    script: Path, host: Host, tmp_path: Path, failed: int, runs: str
) -> None:
    _release(host, "old", 0)
    _release(host, "new", failed)
    Path(host.root, "current").symlink_to("releases/old")

    done = _on_a_pretended_host(script, tmp_path, "--with", "supervisor", "--release", "new")

    assert done.returncode == (0 if runs == "new" else NOT_WELL), done.stderr
    assert Path(host.root, "current").readlink() == Path("releases", runs)
    assert ("failed 10 of 10 requests" in done.stderr) == (runs == "old")
    assert not Path(host.root, "leaving").is_symlink()


def test_what_ran_before_a_run_that_was_broken_off_is_gone_back_to(script: Path, host: Host, tmp_path: Path) -> None:
    _release(host, "old", 0)
    _release(host, "new", 10)
    Path(host.root, "current").symlink_to("releases/new")
    Path(host.root, "leaving").symlink_to("releases/old")

    done = _on_a_pretended_host(script, tmp_path, "--with", "supervisor", "--release", "new")

    assert "releases/old runs again" in done.stderr
    assert Path(host.root, "current").readlink() == Path("releases/old")


def test_what_is_not_installed_can_not_be_gone_back_to(script: Path, host: Host, tmp_path: Path) -> None:
    done = _on_a_pretended_host(script, tmp_path, "--with", "supervisor", "--release", "gone", "--installed")

    assert done.returncode == 1
    assert "release gone isn't installed on this host" in done.stderr


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


def _release(host: Host, name: str, failed: int) -> None:
    """One whose Python finds every service ready, and tells that so many more requests failed each time it is asked."""
    folder = Path(host.root, "releases", name)
    (folder / "venv/bin").mkdir(parents=True)
    (folder / ".complete").touch()
    counting = f'echo x >>{folder}/asked; n=$(wc -l <{folder}/asked); echo "$((n * {failed})) $((n * {failed}))"'
    for program, does in (("python", f'case "$*" in *answers) {counting} ;; esac'), ("datalab", "echo 1.2.3")):
        (folder / "venv/bin" / program).write_text(f"#!/bin/sh\n{does}\n")
        (folder / "venv/bin" / program).chmod(0o755)


def _on_a_pretended_host(script: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it where what changes a host changes nothing, and root is whoever asks."""
    programs = folder / "programs-of-the-host"
    programs.mkdir()
    for name in ("useradd", "install", "runuser", "chown", "chmod", "supervisorctl", "uv"):
        (programs / name).write_text("#!/bin/sh\n")
    (programs / "id").write_text("#!/bin/sh\necho 0\n")
    for program in programs.iterdir():
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "OBSERVED_S": "0"}
    return subprocess.run(
        ["bash", script, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def _run(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", script, *arguments], env=os.environ, capture_output=True, text=True, check=False, timeout=60
    )
