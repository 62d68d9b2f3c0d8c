"""DataLab installed on this host by its own script, under supervisor and behind nginx, on ports that nobody uses."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.deploy.bare.programs import program

from datalab.deploy.apply.bare.lifecycle import BareLifecycle
from datalab.deploy.apply.bare.supervisor_keeper import SupervisorKeeper
from datalab.deploy.apply.certificate import ensure_certificate
from datalab.deploy.apply.command import Shell
from datalab.deploy.apply.ledger import Ledger
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.bare_host import STRIDE, Host, instances, processes
from datalab.deploy.renderers.nginx import render_direct_nginx
from datalab.deploy.renderers.scripts import render_scripts
from datalab.deploy.renderers.supervisor import render_supervisor
from datalab.deploy.topology.component import Component, Port
from datalab.kernel.testing.fixtures import missing
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.postgres import postgres_programs
from datalab.kernel.testing.process import ServerProcess

CLONE = Path(__file__).parents[3]
USER = "datalab"
SUPERVISORD = """[unix_http_server]
file={folder}/supervisor.sock
chmod=0700
[supervisord]
user=root
nodaemon=true
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{folder}/supervisor.sock
[include]
files={folder}/programs/*.conf
"""


class Installation:
    """One host's worth of it, in one folder."""

    def __init__(self, folder: Path, decided: Plan, wheel: Path, *, database: str, redis: str) -> None:
        self.folder = folder
        self.plan = with_free_ports(decided)
        self.wheel = wheel
        self.host = Host(f"{folder}/opt", f"{folder}/state", f"{folder}/logs", programs=f"{folder}/programs")
        self.port, self._plain_port = free_port(), free_port()
        self._variables = variables(database, redis, workers=1)
        self._supervisord: ServerProcess | None = None
        self._nginx: ServerProcess | None = None

    @property
    def url(self) -> str:
        """Where nginx answers."""
        return f"https://localhost:{self.port}"

    def begin(self) -> None:
        """Lay out the folders and start supervisord, which has no program yet."""
        for name in ("opt", "state", "logs", "programs", "clone", "bin"):
            (self.folder / name).mkdir()
        Path(self.host.variables).write_text(self._variables)
        for name in ("pyproject.toml", "uv.lock"):
            shutil.copy(CLONE / name, self._clone / name)
        (self._clone / "dist").mkdir()
        shutil.copy(self.wheel, self._clone / "dist")
        # Where the platform's account may run them, unlike in a checkout of root's.
        shutil.copytree(postgres_programs().parent, self.folder / "postgres", symlinks=True)
        configuration = self.folder / "supervisord.conf"
        configuration.write_text(SUPERVISORD.format(folder=self.folder))
        shim = self.folder / "bin/supervisorctl"
        shim.write_text(f'#!/bin/sh\nexec {sys.executable} -m supervisor.supervisorctl -c {configuration} "$@"\n')
        shim.chmod(0o755)
        command = (sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration))
        self._supervisord = _server(command, self.folder / "run-supervisord", self._supervisor_answers)

    @property
    def files(self) -> dict[str, str]:
        """What is rendered for this host."""
        return {**render_scripts(self.plan, self.host), **render_supervisor(self.plan, self.host)}

    @contextmanager
    def verbs(self, version: str | None = None) -> Generator[BareLifecycle]:
        """What an operator can do here, at the plan's version or another one."""
        decided = replace(self.plan, version=version or self.plan.version)
        runner = Shell(print)
        keeper = SupervisorKeeper(runner, decided, self.host)
        ledger = Ledger(self.folder / "ledger")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self._environment().items():
                patch.setenv(name, value)
            yield BareLifecycle(runner, self._clone, ledger, decided, print, keeper=keeper, host=self.host)

    def installed_too(self, release: str, program: str | None = None) -> None:
        """Lay a release beside the first one, with another text for its program if one is given."""
        first, folder = Path(self.host.root, "current").resolve(), Path(self.host.root, "releases", release)
        shutil.copytree(first, folder, symlinks=True, copy_function=os.link)
        own = (folder / "venv/bin/datalab").read_text().replace(f"/{first.name}/", f"/{release}/")
        (folder / "venv/bin/datalab").unlink()
        (folder / "venv/bin/datalab").write_text(program or own)
        (folder / "venv/bin/datalab").chmod(0o755)

    def admin(self, *arguments: str) -> str:
        """What a command prints that the operator runs as the gateway."""
        starter = f"{self.host.root}/current/infrastructure/scripts/run-datalab.sh"
        return self._run(["runuser", "-u", USER, "--", "bash", starter, "admin", *arguments])

    def supervisorctl(self, *arguments: str) -> str:
        """What it prints."""
        return self._run(["supervisorctl", *arguments])

    def pid(self, name: str) -> int:
        """The process of a program; 0 while there is none."""
        told = self.supervisorctl("pid", f"datalab:{name}")
        return int(told) if told.isdigit() else 0

    def names(self) -> list[str]:
        """Every program's processes, as supervisor calls them."""
        return [f"{each.name}-{at}" for each in processes(self.plan) for at in range(instances(self.plan, each))]

    def port_of(self, name: str) -> int:
        """Where an instance answers."""
        component, _, instance = name.rpartition("-")
        return self.plan.component(component).ports[0].number + STRIDE * int(instance)

    def serve_to_the_world(self) -> None:
        """Start nginx with what is rendered for bare hosts, but for its own ports and folders."""
        ensure_certificate(Path(self.host.certificates), "localhost")
        (text,) = render_direct_nginx(self.plan, self.host).values()
        for right, own in (("80", self._plain_port), ("443", self.port)):
            text = text.replace(f"listen {right} ", f"listen 127.0.0.1:{own} ")
        text = text.replace("/var/log/nginx/", f"{self.folder}/").replace("pid /run/", f"pid {self.folder}/")
        configuration = self.folder / "nginx.conf"
        configuration.write_text(text)
        command = (program("nginx"), "-c", str(configuration), "-g", "daemon off;")
        self._nginx = _server(command, self.folder / "run-nginx", lambda: listens(self.port))

    def close(self) -> None:
        """End everything that was started."""
        for server in (self._nginx, self._supervisord):
            if server is not None:
                server.kill()

    @property
    def _clone(self) -> Path:
        return self.folder / "clone"

    def _environment(self) -> dict[str, str]:
        uv = Path(shutil.which("uv") or CLONE / ".cache/uv/bin/uv").parent
        path = f"{self.folder}/bin:{self.folder}/postgres/bin:{uv}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {**os.environ, "PATH": path, "PYTHON": interpreter(), "UV_LINK_MODE": "hardlink", "OBSERVED_S": "1"}

    def _run(self, command: Sequence[str]) -> str:
        done = subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, check=False, timeout=100
        )
        return done.stdout.strip()

    def _supervisor_answers(self) -> bool:
        return self.supervisorctl("pid").isdigit()


def with_free_ports(decided: Plan) -> Plan:
    """The same plan; everything listens where nobody does, each second instance beside its first."""
    return with_ports(decided, {each.name: free_port(STRIDE) for each in processes(decided)})


def with_ports(decided: Plan, ports: Mapping[str, int]) -> Plan:
    """The same plan with these ports, by component."""

    def moved(component: Component) -> Component:
        at = ports.get(component.name)
        return replace(component, ports=(Port(at),)) if at else component

    return replace(decided, components=tuple(map(moved, decided.components)))


def variables(database: str, redis: str, *, workers: int) -> str:
    """The operator's file for servers of tests; ``workers`` of each service, few, since all share two cores."""
    server, cache = urlsplit(database), urlsplit(redis)
    # The test's Redis has no password, and its default account takes any.
    return "\n".join(
        (
            f"POSTGRES_PORT={server.port}",
            f"POSTGRES_USER={server.username}",
            f"POSTGRES_DB={server.path[1:]}",
            f"REDIS_URL=redis://default:any@{cache.hostname}:{cache.port}{cache.path or '/0'}",
            f"WORKER_PROCESSES={workers}",
            "",
        )
    )


def interpreter() -> str:
    """A Python that the platform's own account may run; not every machine's stands where it can be reached."""
    for found in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        real = Path(found).resolve()
        if real.exists() and all(parent.stat().st_mode & 0o001 for parent in (real, *real.parents)):
            return str(real)
    missing("no Python that another account than root may run: install Debian's package python3")
    raise AssertionError


def listens(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


def _server(command: Sequence[str], folder: Path, ready: Callable[[], bool]) -> ServerProcess:
    folder.mkdir()
    server = ServerProcess(command, folder, ready=ready)
    server.start()
    return server
