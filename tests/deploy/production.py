"""The production stack on this machine, brought up as an operator does, at loopback ports of its own."""

import json
import os
import random
import secrets
import ssl
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import httpx
from tests.deploy.engine import docker
from tests.deploy.images import ROOT, TARGETS, ensure_ours, name_of
from tests.deploy.standins.made import ensure_images

from datalab.deploy.topology.images import NGINX, PGBOUNCER, POSTGRES, REDIS, REPOSITORY
from datalab.kernel.testing.ports import free_port

FILE = "docker-compose.prod.yml"
UP_WITHIN_S = 900
CHOICES = """name = "{name}"
version = "{version}"
subnet = "10.{subnet}.0.0/16"

[ports]
postgres = 0
redis = 0

[edge]
address = "127.0.0.1"
http_port = {http_port}
https_port = {https_port}
rate_limit = 2000
rate_limit_burst = 4000

[monitoring]
enabled = false

[environment]
DATALAB_RATE_LIMIT = "60"
DATALAB_RATE_LIMIT_BURST = "120"
"""


class Production:
    """One stack: ``datalab deploy`` in a folder that holds nothing but its choices."""

    target = "compose"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.https_port = free_port()
        self.url = f"https://localhost:{self.https_port}"
        self._ports = {"http_port": free_port(), "https_port": self.https_port}
        self._subnet = random.randint(64, 127)
        self.name = f"dlt-{secrets.token_hex(4)}"

    @staticmethod
    def prepare() -> None:
        """Have the engine and the images."""
        ensure_ours()
        ensure_images((POSTGRES.name, REDIS.name, NGINX.name))

    def choose(self, version: str) -> None:
        """Choose a version; its images are those of the working tree unless others are named so."""
        text = CHOICES.format(name=self.name, version=version, subnet=self._subnet, **self._ports)
        (self.folder / "datalab.toml").write_text(text)
        docker("tag", name_of(PGBOUNCER.target or ""), f"{PGBOUNCER.name}:{PGBOUNCER.version}")
        for target in TARGETS:
            docker("tag", name_of(target), f"{REPOSITORY}/{target}:{version}")

    def spoil(self, version: str, target: str, module: str, appended: str) -> None:
        """Make one image of a version a bad one: a line at the end of one of its modules."""
        recipe = (
            f"FROM {name_of(target)}\nUSER root\n"
            f"RUN printf '%s\\n' {json.dumps(appended)} >> "
            f'"$(python -c "import importlib.util as u; print(u.find_spec({module!r}).origin)")"\n'
            "USER 10001:10001\n"
        )
        docker("build", "--quiet", "--tag", f"{REPOSITORY}/{target}:{version}", "-", stdin=recipe)

    def deploy(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """``datalab deploy …``, as an operator runs it."""
        done = subprocess.run(
            self.command(*arguments), cwd=self.folder, capture_output=True, text=True, check=False, timeout=UP_WITHIN_S
        )
        assert not check or done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def command(self, *arguments: str) -> list[str]:
        """The command's arguments."""
        return [sys.executable, "-m", "datalab.cli.main", "deploy", *arguments]

    def demo(self) -> subprocess.CompletedProcess[str]:
        """``datalab demo`` through the edge."""
        environment = os.environ | {"SSL_CERT_FILE": self.authority(), "DATALAB_TOKEN": self.token()}
        return subprocess.run(
            [sys.executable, "-m", "datalab.cli.main", "demo", "--url", self.url],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=UP_WITHIN_S,
        )

    def authority(self) -> str:
        """The edge's certificate, as a file."""
        path = self.folder / "edge.pem"
        path.write_text(self.inside("nginx", "cat", "/tls/fullchain.pem") + "\n")
        return str(path)

    def token(self) -> str:
        """An administrator's key."""
        made = self.inside("api-gateway", "datalab", "token", "create", "--role=admin", "--json")
        return str(json.loads(made)["token"])

    def somebody(self) -> str:
        """The access token of another account."""
        account = {"name": f"somebody_{secrets.token_hex(3)}", "password": secrets.token_urlsafe(16), "role": "viewer"}
        with httpx.Client(
            base_url=f"{self.url}/api/v1/auth", verify=ssl.create_default_context(cafile=self.authority())
        ) as edge:
            made = edge.post("/users", json=account, headers={"Authorization": f"Bearer {self.token()}"})
            made.raise_for_status()
            form = {"grant_type": "password", "username": account["name"], "password": account["password"]}
            signed_in = edge.post("/token", data=form)
            signed_in.raise_for_status()
            return str(signed_in.json()["access_token"])

    def versions(self) -> dict[str, set[str]]:
        """The versions that run, by component, of our own images."""
        found: dict[str, set[str]] = {}
        for each in json.loads(self.deploy("status", self.target, "--json").stdout)["instances"]:
            ours = each["release"].startswith(REPOSITORY) and not each["release"].startswith(PGBOUNCER.name)
            if ours and each["state"] == "running":
                found.setdefault(each["component"], set()).add(each["release"].rpartition(":")[2])
        return found

    def inside(self, service: str, *command: str) -> str:
        """What a command prints inside an instance of a service."""
        return self.compose("exec", "--no-TTY", service, *command)

    def compose(self, *arguments: str) -> str:
        """``docker compose …`` on the stack."""
        return docker("compose", "--project-directory", str(self.folder), "--file", str(self.folder / FILE), *arguments)

    def end(self, versions: Iterable[str]) -> None:
        """Leave nothing behind."""
        if (self.folder / FILE).exists():
            self.compose("down", "--volumes", "--timeout", "1")
        self.forget(versions)

    def forget(self, versions: Iterable[str]) -> None:
        """Take the versions' images away."""
        for version in versions:
            docker("image", "rm", "--force", *(f"{REPOSITORY}/{target}:{version}" for target in TARGETS))
