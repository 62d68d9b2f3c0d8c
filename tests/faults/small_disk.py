"""The platform with its home on a small disk of its own, which can be filled and emptied; needs no root."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.shapes import Platform, embedded

from datalab.kernel.testing.processes import PlatformProcess, inherited

MIB = 2**20
AGAIN_S = 0.02
"""How soon what somebody freed is taken."""

_MOUNT = 'mount -t tmpfs -o "size=$1,mode=700" tmpfs "$2" && shift 2 && exec "$@"'


def unshare() -> list[str]:
    """The command that gives a process file systems of its own: as root, else in a user namespace."""
    return ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]


def enter(pid: int) -> list[str]:
    """The command that gives a process the same file systems as that one has."""
    as_whom = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    return ["nsenter", "--target", str(pid), "--mount", *as_whom]


def admin_key(platform: Platform) -> str:
    """A key minted where the platform's disk is mounted."""
    command = [sys.executable, "-m", "datalab.cli.main", "token", "create", "--role", "admin", "--json"]
    environment = {**inherited(), **platform.environment}
    where = enter(platform.processes["up"].pid)
    made = subprocess.run([*where, *command], env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return str(json.loads(made.stdout)["token"])


def why_not(folder: Path) -> str | None:
    """Why this machine can't mount a small disk, if it can't."""
    command = [*unshare(), "sh", "-c", _MOUNT, "sh", "1m", str(folder), "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr


class OnSmallDisk(PlatformProcess):
    """A platform's process that finds a new disk of so many bytes at its home."""

    def __init__(self, like: PlatformProcess, home: Path, size: int) -> None:
        log = home.with_name("up.log")
        super().__init__(like.arguments, environment=like.environment, log=log, ready_url=like.ready_url)
        self._home = home
        self._size = size

    def launch(self) -> None:
        """Start without waiting."""
        self._home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "datalab.cli.main", *self.arguments]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*unshare(), "sh", "-c", _MOUNT, "sh", str(self._size), str(self._home), *command],
                env={**inherited(), **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


@contextmanager
def on_small_disk(home: Path, size: int, environment: dict[str, str]) -> Generator[Platform]:
    """The platform in one process, running; its ``home`` is the disk as others see it."""
    platform = embedded(home, environment)
    process = platform.processes["up"] = OnSmallDisk(platform.processes["up"], home, size)
    with platform:
        platform.home = Path(f"/proc/{process.pid}/root{home}")
        yield platform


@contextmanager
def full(disk: Path) -> Generator[None]:
    """No byte is left on the disk in the block, whoever frees some meanwhile."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep_full, args=(disk, over))
    fill(disk)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        (disk / "filler").unlink()


def _keep_full(disk: Path, over: threading.Event) -> None:
    while not over.wait(AGAIN_S):
        fill(disk)


def fill(disk: Path) -> None:
    """Take all that is left."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (MIB, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
