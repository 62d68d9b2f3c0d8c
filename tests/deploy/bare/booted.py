"""A Debian that systemd boots, in a container on this host's network, with DataLab's clone and wheel beside it."""

import hashlib
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

from tests.deploy.bare.installation import CLONE
from tests.deploy.engine import DockerFailed, EngineMissing, docker

from datalab.deploy.apply.files import write_all

SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
PACKAGES = ("systemd-sysv", "dbus", "python3", "ca-certificates", "procps", "logrotate")
IMAGE = f"datalab-test/systemd:{hashlib.sha256(' '.join((SUITE, *PACKAGES)).encode()).hexdigest()[:12]}"
# What systemd needs to be the first process of a container, whether the host has the first or the second cgroups.
OPTIONS = (
    "--network=host",
    "--cgroupns=host",
    "--cap-add=SYS_ADMIN",
    "--security-opt=seccomp=unconfined",
    "--security-opt=apparmor=unconfined",
    "--volume=/sys/fs/cgroup:/sys/fs/cgroup:rw",
    "--tmpfs=/run",
    "--tmpfs=/run/lock",
    "--tmpfs=/tmp:exec",
    "--stop-signal=SIGRTMIN+3",
)
CERTIFICATES = "/etc/ssl/certs"


class Booted:
    """The container, until it is closed."""

    def __init__(self, folder: Path, wheel: Path, files: Mapping[str, str]) -> None:
        self._name = f"dlt-systemd-{uuid.uuid4().hex[:8]}"
        self._folder = folder
        self._wheel = wheel
        self._files = files

    def boot(self, variables: str) -> None:
        """Start it, and lay the operator's file where the script looks for it."""
        ensure_image()
        for name in ("pyproject.toml", "uv.lock"):
            shutil.copy(CLONE / name, self._folder / name)
        write_all(self._files, self._folder)
        uv = Path(shutil.which("uv") or CLONE / ".cache/uv/bin/uv").resolve()
        cache = subprocess.run([uv, "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()
        mounted = (
            f"{self._folder}:/clone:ro",
            f"{self._wheel}:/wheel/{self._wheel.name}:ro",
            f"{uv}:/usr/local/bin/uv:ro",
            f"{cache}:/root/.cache/uv",
            f"{CERTIFICATES}:{CERTIFICATES}:ro",
        )
        volumes = [f"--volume={each}" for each in mounted]
        docker("run", "--detach", "--name", self._name, *OPTIONS, *volumes, IMAGE, "/lib/systemd/systemd")
        self.sh("until systemctl is-system-running --wait | grep -Eq 'running|degraded'; do sleep 1; done", 100)
        self.sh(
            "install -d -m 0755 /opt/datalab && cat >/opt/datalab/.env && chmod 0600 /opt/datalab/.env", stdin=variables
        )

    def sh(self, script: str, timeout_s: float = 100, stdin: str | None = None) -> str:
        """What a script prints that is run in it. Raises DockerFailed."""
        certificates = f"SSL_CERT_FILE={CERTIFICATES}/ca-certificates.crt"
        return docker(
            "exec", "--interactive", "--env", certificates, self._name, "bash", "-c", script,
            stdin=stdin or "", timeout_s=timeout_s,
        )  # fmt: skip

    def close(self) -> None:
        """Take it away."""
        docker("rm", "--force", "--volumes", self._name)


def ensure_image() -> None:
    """Make it unless it is there. Raises EngineMissing."""
    try:
        docker("image", "inspect", IMAGE)
    except DockerFailed:
        _make()


def _make() -> None:
    if shutil.which("debootstrap") is None:
        _must("apt-get", "install", "-y", "-qq", "--no-install-recommends", "debootstrap")
    with tempfile.TemporaryDirectory(prefix="datalab-systemd-", dir="/var/tmp") as folder:
        root, archive = f"{folder}/root", f"{folder}/root.tar"
        _must("debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, root, MIRROR)
        _must("tar", "--numeric-owner", "-C", root, "-cf", archive, ".")
        docker("import", archive, IMAGE)


def _must(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EngineMissing(f"{' '.join(command[:4])} …: {(done.stderr or done.stdout).strip()[-2000:]}")
