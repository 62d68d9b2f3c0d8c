"""What systemd hands over and is told: sockets that outlive restarts, readiness, signs of life."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from tests.e2e.shapes import Platform, embedded

from datalab.contracts.errors import InvalidInput
from datalab.host.server import listening
from datalab.host.systemd import Notifier, handed_over, notifier
from datalab.kernel.testing.process import private_folder
from datalab.kernel.testing.processes import PlatformProcess, inherited

pytestmark = [pytest.mark.xdist_group("systemd"), pytest.mark.timeout(300)]
WAIT_S = 120
ASK = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


class Listener:
    """Stands for systemd at the end of ``NOTIFY_SOCKET``."""

    def __init__(self) -> None:
        self.folder = private_folder("notify")
        self._place = self.folder / "notify"
        self.address = str(self._place)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.address)
        self._socket.settimeout(WAIT_S)

    def hears(self, state: str) -> list[str]:
        """All that is said until ``state`` is."""
        said = list[str]()
        while state not in said:
            said.append(self._socket.recv(4096).decode())
        return said

    def close(self) -> None:
        self._socket.close()
        self._place.unlink()
        self.folder.rmdir()


@pytest.fixture
def systemd() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Platform:
    """A home whose databases are at head."""
    made = embedded(tmp_path_factory.mktemp("systemd") / "home")
    assert made.run("migrate").returncode == 0
    return made


@pytest.fixture
def ending() -> Iterator[ExitStack]:
    """What ends with the test."""
    with ExitStack() as stack:
        yield stack


def ended(process: PlatformProcess) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_service_tells_when_it_is_ready_alive_and_stopping(
    workers: str, platform: Platform, systemd: Listener, ending: ExitStack, tmp_path: Path
):
    process = PlatformProcess(
        ("serve", "compute", "--workers", workers, "--port", "0"),
        environment={**platform.environment, "NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "1000000"},
        log=tmp_path / "compute.log",
    )
    ending.callback(ended, process)
    process.launch()
    systemd.hears("READY=1")
    for _ in range(3):
        systemd.hears("WATCHDOG=1")
    os.kill(process.pid, signal.SIGTERM)
    systemd.hears("STOPPING=1")
    assert process.wait() == 0, process.last_log()


def test_a_worker_tells_the_same(platform: Platform, systemd: Listener, ending: ExitStack, tmp_path: Path):
    process = PlatformProcess(
        ("worker", "--queues", "compute"),
        environment={**platform.environment, "NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "1000000"},
        log=tmp_path / "worker.log",
    )
    ending.callback(ended, process)
    process.launch()
    systemd.hears("READY=1")
    systemd.hears("WATCHDOG=1")
    os.kill(process.pid, signal.SIGTERM)
    systemd.hears("STOPPING=1")
    assert process.wait() == 0, process.last_log()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_handed_over_socket_outlives_its_process(workers: str, platform: Platform, ending: ExitStack, tmp_path: Path):
    bound = ending.enter_context(listening("127.0.0.1", 0))
    bound.listen()
    process = PlatformProcess(
        ("serve", "compute", "--workers", workers, "--fd", str(bound.fileno())),
        environment=platform.environment,
        log=tmp_path / "compute.log",
        ready_url=f"http://127.0.0.1:{bound.getsockname()[1]}/ready",
        descriptors=[bound.fileno()],
    )
    ending.callback(ended, process)
    process.start()
    assert process.stop() == 0, process.last_log()
    with socket.create_connection(bound.getsockname()) as waiting:
        waiting.sendall(ASK)
        process.start()
        waiting.settimeout(WAIT_S)
        assert waiting.recv(4096).startswith(b"HTTP/1.1 200")
    assert process.stop() == 0, process.last_log()


LIKE_SYSTEMD = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"], os.environ["LISTEN_FDS"] = str(os.getpid()), "1"
os.execv(sys.executable, [sys.executable, "-m", "datalab.cli.main", "serve", "compute", "--port", "1"])
"""


def test_systemds_socket_is_found_by_itself(platform: Platform, ending: ExitStack, tmp_path: Path):
    bound = ending.enter_context(listening("127.0.0.1", 0))
    bound.listen()
    log = ending.enter_context((tmp_path / "compute.log").open("wb"))
    process = subprocess.Popen(
        [sys.executable, "-c", LIKE_SYSTEMD, str(bound.fileno())],
        env={**inherited(), **platform.environment},
        pass_fds=[bound.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{bound.getsockname()[1]}", timeout=WAIT_S) as client:
            assert client.get("/health").json() == {"status": "healthy"}
        process.terminate()
        assert process.wait(WAIT_S) == 0
    finally:
        process.kill()
        process.wait()


def test_the_socket_of_another_process_is_not_taken():
    variables = {"LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http"}
    assert handed_over(None, variables) is None
    assert variables == {}


def test_a_descriptor_that_is_no_listening_socket_is_refused(tmp_path: Path):
    with (tmp_path / "file").open("wb") as file, pytest.raises(InvalidInput, match="is no socket"):
        handed_over(file.fileno(), {})
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams,
        pytest.raises(InvalidInput, match="another kind"),
    ):
        handed_over(datagrams.fileno(), {})


def test_without_systemd_nobody_is_told():
    nobody = notifier({})
    nobody.tell("READY=1")
    nobody.tell_alive()
    assert nobody.alive_s is None


def test_a_watchdog_for_another_process_is_not_answered():
    assert notifier({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"}).alive_s is None
    variables = {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": str(os.getpid())}
    assert notifier(variables).alive_s == 1.0
    assert variables == {}


def test_a_systemd_that_is_gone_harms_nothing(tmp_path: Path):
    Notifier(str(tmp_path / "nobody")).tell("READY=1")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has abstract sockets")
def test_an_abstract_address_is_found():
    name = f"datalab-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        Notifier(f"@{name}").tell("READY=1")
        listener.settimeout(WAIT_S)
        assert listener.recv(100) == b"READY=1"
