"""The Docker engine that deployment tests run on: the machine's own, else one of theirs, installed and started here.

``python -m tests.deploy.engine`` brings it up and says where it is; ``… install`` only has its commands.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

PATIENCE_S = 90
DATA_ROOT = Path(os.environ.get("DATALAB_TEST_DOCKER_ROOT", "/var/tmp/datalab-docker"))
TRIXIE = Path("/etc/apt/sources.list.d/trixie.sources")
TRIXIE_SOURCE = """Types: deb
URIs: http://deb.debian.org/debian
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""
PIN = Path("/etc/apt/preferences.d/trixie")
PIN_TEXT = "Package: *\nPin: release n=trixie\nPin-Priority: 50\n"
PACKAGES = ("docker.io", "docker-cli", "docker-compose", "docker-buildx")


class EngineMissing(Exception):
    """There is no engine, and none can be installed; the message says why."""


class DockerFailed(Exception):
    """A command of the engine failed; the message is what it said."""


def docker(
    *arguments: str, stdin: str | None = None, timeout_s: float = 600, environment: Mapping[str, str] | None = None
) -> str:
    """Run one command of the engine and give what it printed. Raises DockerFailed."""
    done = subprocess.run(
        [_client(), *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if arguments[0] == "logs" else subprocess.PIPE,
        text=True,
        check=False,
        timeout=timeout_s,
        env=os.environ | {"DOCKER_BUILDKIT": "1"} | dict(environment or {}),
    )
    if done.returncode != 0:
        raise DockerFailed(f"docker {' '.join(arguments[:4])} …: {(done.stderr or done.stdout).strip()[-4000:]}")
    return done.stdout.strip()


def ensure_engine() -> None:
    """Have an engine that answers, with BuildKit and Compose. Raises EngineMissing."""
    if not _answers():
        install()
        _start()
    for plugin in ("buildx", "compose"):
        try:
            docker(plugin, "version")
        except DockerFailed as error:
            raise EngineMissing(f"the engine has no {plugin}: install docker-{plugin}") from error


def is_ours() -> bool:
    """Whether the engine that answers is one that was started here, so that it may be ended."""
    return _answers() and docker("info", "--format", "{{.DockerRootDir}}") == str(DATA_ROOT)


def cut_power() -> None:
    """Kill the engine and every container as a host does that loses its power, and start the engine again.

    Raises EngineMissing when it doesn't come back.
    """
    running = docker("ps", "--quiet").split()
    told = docker("inspect", "--format", "{{.State.Pid}}", *running) if running else ""
    engine = [each for each in psutil.process_iter(["cmdline"]) if str(DATA_ROOT) in (each.info["cmdline"] or ())]
    children = [child for each in engine for child in each.children(recursive=True)]
    for process in (*engine, *children, *(psutil.Process(int(pid)) for pid in told.split())):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(engine, PATIENCE_S)
    _start()


def _client() -> str:
    """Debian's client before another one that may lack its plugins."""
    return "/usr/bin/docker" if Path("/usr/bin/docker").exists() else shutil.which("docker") or "docker"


def _answers() -> bool:
    try:
        docker("info", timeout_s=20)
    except (DockerFailed, OSError, subprocess.TimeoutExpired):
        return False
    return True


def install() -> None:
    """Have the engine's commands, from Debian's packages. Raises EngineMissing."""
    if shutil.which("dockerd"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise EngineMissing(
            "no Docker engine answers; start one, or run as root on Debian so that one can be installed"
        )
    packages = PACKAGES
    if _codename() == "bookworm":  # its own Compose is too old
        TRIXIE.write_text(TRIXIE_SOURCE)
        PIN.write_text(PIN_TEXT)
        packages = tuple(f"{name}/trixie" for name in PACKAGES)
    _apt("update", "-qq")
    _apt("install", "-y", "-qq", "--no-install-recommends", *packages, "iptables", "ca-certificates")


def _apt(*arguments: str) -> None:
    _run(["apt-get", "-o", "Acquire::Retries=3", *arguments])


def _codename() -> str:
    lines = Path("/etc/os-release").read_text().splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("VERSION_CODENAME=")), "")


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    if done.returncode != 0:
        raise EngineMissing(f"{' '.join(command[:6])} …: {done.stderr.strip()[-2000:]}")


def _start() -> None:
    """Start a daemon with its own data root. It stays for the next run: images are kept in it."""
    DATA_ROOT.mkdir(parents=True, exist_ok=True)
    log = DATA_ROOT / "dockerd.log"
    with log.open("ab") as told:
        subprocess.Popen(
            ["dockerd", "--data-root", str(DATA_ROOT), "--storage-driver", "overlay2"],
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    until = time.monotonic() + PATIENCE_S
    while not _answers():
        if time.monotonic() > until:
            raise EngineMissing(f"dockerd didn't answer within {PATIENCE_S} s: {log.read_text()[-2000:]}")
        time.sleep(0.5)


if __name__ == "__main__":
    if sys.argv[1:] == ["install"]:
        install()
        sys.exit()
    ensure_engine()
    print(docker("info", "--format", "Docker {{.ServerVersion}} in {{.DockerRootDir}}"))
