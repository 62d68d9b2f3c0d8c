"""The real servers, each on a port of its own, that end with the test."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx

from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import ServerProcess, private_folder


@contextmanager
def server(program: str, *arguments: str, path: str, address: str, **environment: str) -> Generator[str]:
    """A program that listens where ``address`` says (an option, to which ``host:port`` is added); gives its URL.

    ``{folder}`` among the arguments is a folder that goes with it.
    """
    port, folder = free_port(), private_folder(program)
    url = f"http://127.0.0.1:{port}"
    named = [f"{name}={value}" for name, value in environment.items()]
    given = [argument.replace("{folder}", str(folder)) for argument in arguments]
    command = ["/usr/bin/env", *named, program, *given, f"{address}127.0.0.1:{port}"]
    running = ServerProcess(command, folder, ready=lambda: _answers(f"{url}{path}"))
    running.start()
    try:
        yield url
    finally:
        running.stop()


def prometheus(configuration: Path) -> AbstractContextManager[str]:
    """Prometheus with this configuration."""
    options = (f"--config.file={configuration}", "--storage.tsdb.path={folder}/data", "--log.level=warn")
    return server("prometheus", *options, path="/-/ready", address="--web.listen-address=")


def alertmanager(configuration: Path) -> AbstractContextManager[str]:
    """Alertmanager with this configuration, alone."""
    options = (f"--config.file={configuration}", "--storage.path={folder}/data", "--cluster.listen-address=")
    return server("prometheus-alertmanager", *options, path="/-/ready", address="--web.listen-address=")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
