"""The platform in its two shapes, as real processes."""

import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import SecretStr
from tests.forking.forked import ForkedPlatform, run

from datalab.catalog import SERVICES
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.processes import PlatformProcess

RUN_S = 240
GENEROUS = {
    "DATALAB_RATE_LIMIT": "100000",
    "DATALAB_RATE_LIMIT_BURST": "100000",
    "DATALAB_RATE_LIMIT_SIGN_IN": "100000",
    "LOG_LEVEL": "warning",
}
"""Limits that a test doesn't meet unless it is about them."""


@dataclass
class Platform:
    """Running processes by name, and how to reach them."""

    home: Path
    environment: dict[str, str]
    processes: dict[str, PlatformProcess] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The gateway."""
        return self.urls["gateway"]

    def admin_key(self) -> str:
        """A key minted on the host."""
        made = self.run("token", "create", "--role", "admin", "--json", DATALAB_HOME=str(self.home))
        assert made.returncode == 0, made.stderr
        return str(json.loads(made.stdout)["token"])

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The command line in this platform's environment."""
        return run(arguments, {**os.environ, **self.environment, **environment}, RUN_S)

    def start(self, *names: str) -> Self:
        """Launch the named processes (all when none is named) in this order, then wait for each to be ready."""
        chosen = names or tuple(self.processes)
        for name in chosen:
            self.processes[name].launch()
        for name in chosen:
            self.processes[name].wait_ready()
        return self

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes.values():
            process.kill()


def embedded(home: Path, environment: Mapping[str, str] | None = None) -> Platform:
    """All in one process; SQLite under the home unless ``environment`` names servers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    variables = {**GENEROUS, "DATALAB_HOME": str(home), **(environment or {})}
    process = ForkedPlatform(
        ("up", "--port", str(port)), environment=variables, log=home / "up.log", ready_url=f"{url}/ready"
    )
    return Platform(home, variables, {"up": process}, {"gateway": url})


def separate(home: Path, servers: Mapping[str, str]) -> Platform:
    """Five services and a worker, each a process, on the databases and the Redis that ``servers`` names."""
    from datalab.services.gateway.model.service_secret import service_secret

    ports = {name: free_port() for name in SERVICES}
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    shared = {**GENEROUS, **servers, "DATALAB_HOME": str(home)}
    shared |= {f"{name.upper()}_SERVICE_URL": url for name, url in urls.items()}
    jwt_secret = secrets.token_urlsafe(48)
    credentials = {name: service_secret(SecretStr(jwt_secret), name).get_secret_value() for name in SERVICES}
    environments = {name: {**shared, "DATALAB_SERVICE_SECRET": credentials[name]} for name in SERVICES}
    environments["gateway"] = {**shared, "JWT_SECRET": jwt_secret}
    processes: dict[str, PlatformProcess] = {
        name: ForkedPlatform(
            ("serve", name, "--port", str(ports[name])),
            environment=environments[name],
            log=home / f"{name}.log",
            ready_url=f"{urls[name]}/ready",
        )
        for name in SERVICES
    }
    processes["worker"] = ForkedPlatform(("worker",), environment=environments["compute"], log=home / "worker.log")
    return Platform(home, environments["gateway"], processes, urls)
