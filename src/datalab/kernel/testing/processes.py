"""The platform's own processes, started for tests through its command line, killed and started anew."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 60.0


class StartFailed(Exception):
    """The process ended or stayed unready; the message ends with the last of its log."""


class PlatformProcess:
    """``python -m datalab.cli.main …`` with a log file, until it is stopped or killed."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        log: Path,
        ready_url: str | None = None,
        descriptors: Sequence[int] = (),
    ) -> None:
        self.arguments = tuple(arguments)
        self.descriptors = tuple(descriptors)
        self.environment = dict(environment)
        self.log = log
        self.ready_url = ready_url
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The running process."""
        if self._process is None:
            raise StartFailed(f"{self.arguments} was not started")
        return self._process.pid

    def launch(self) -> None:
        """Start without waiting."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                [sys.executable, "-m", "datalab.cli.main", *self.arguments],
                env={**inherited(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.descriptors,
            )

    def start(self) -> Self:
        """Start and wait until it is ready. Raises StartFailed."""
        self.launch()
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        """Wait until ``/ready`` answers 200. Raises StartFailed."""
        until = time.monotonic() + START_TIMEOUT_S
        while self.ready_url is not None and not _answers(self.ready_url):
            if self.ended or time.monotonic() > until:
                raise StartFailed(f"{' '.join(self.arguments)} did not get ready:\n{self.last_log()}")
            time.sleep(0.05)

    @property
    def ended(self) -> bool:
        """Whether it runs no more."""
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        return self._signal(signal.SIGTERM)

    def wait(self, timeout_s: float = STOP_TIMEOUT_S) -> int:
        """Wait for its own end and give its exit code."""
        if self._process is None:
            raise StartFailed(f"{self.arguments} was not started")
        return self._process.wait(timeout_s)

    def last_log(self, size: int = 4000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-size:] if self.log.exists() else ""

    def _signal(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, number)
        try:
            return self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - a loopback URL of the test's own
            return response.status == 200  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def inherited() -> dict[str, str]:
    """The environment without what would configure the platform by accident."""
    names = ("DATALAB_", "POSTGRES_", "JWT_", "REDIS_", "DATABASE_URL", "ENVIRONMENT", "LOG_LEVEL", "AWS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(names)}
