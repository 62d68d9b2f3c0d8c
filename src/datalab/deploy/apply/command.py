"""Commands: what is run, and two ways to run it, for real and as a rehearsal."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from datalab.contracts.errors import PlatformError, Unavailable
from datalab.deploy.apply.files import PRIVATE, write_all

_KEPT = ("PATH", "HOME", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DATALAB_BUILD_CA", "DATALAB_BASE")


class CommandFailed(PlatformError):
    """A command of a deployment ended with an error."""

    code, title = "command_failed", "A command failed"
    exit_code: int | None = None
    """What it ended with; ``None``: it didn't end."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program and its arguments; no shell reads them. ``environment`` is added to what every command gets."""

    arguments: tuple[str, ...]
    folder: Path = Path()
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str | None = None
    """What it reads from its standard input: secrets go in here, never as arguments."""
    into: Path | None = None
    """The file that its output goes to, whole or not at all; nobody else may read it."""
    timeout_s: float = 900
    accepted: tuple[int, ...] = (0,)
    """What it may end with."""
    rehearsed: "Command | None" = None
    """Tells what it would do, and does nothing."""

    def __str__(self) -> str:
        return shlex.join(self.arguments)


class Runner(Protocol):
    """Runs commands."""

    def ask(self, command: Command) -> str:
        """Run one that changes nothing; gives what it printed. Raises CommandFailed, Unavailable."""
        ...

    def change(self, command: Command) -> str:
        """Run one that changes something; gives what it printed. Raises CommandFailed, Unavailable."""
        ...

    def write(self, files: Mapping[str, str], folder: Path) -> None:
        """Put files in place below a folder."""
        ...

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:
        """Whether it came true in time."""
        ...

    def pause(self, seconds: float) -> None:
        """Let things happen."""
        ...


class Shell:
    """Runs them for real; ``say`` is told each that changes something."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def ask(self, command: Command) -> str:
        """Run it."""
        return _run(command)

    def change(self, command: Command) -> str:
        """Say it and run it."""
        self._say(f"$ {command}")
        return _run(command)

    def write(self, files: Mapping[str, str], folder: Path) -> None:
        """Write those that differ from what is there."""
        write_all(files, folder)

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:
        """Ask again and again."""
        end = time.monotonic() + timeout_s
        while not until():
            if time.monotonic() > end:
                return False
            time.sleep(every_s)
        return True

    def pause(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


class Rehearsal:
    """Says what would be run and runs only questions."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def ask(self, command: Command) -> str:
        """Run it."""
        return _run(command)

    def change(self, command: Command) -> str:
        """Say it, and what it would do where it tells that itself."""
        self._say(str(command))
        if command.rehearsed is not None:
            self._say(_run(command.rehearsed).rstrip())
        return ""

    def write(self, files: Mapping[str, str], folder: Path) -> None:
        """Say how many."""
        self._say(f"write {len(files)} files below {folder}")

    def wait(self, until: Callable[[], bool], timeout_s: float, every_s: float = 1) -> bool:  # noqa: ARG002 - as above
        """Nothing was changed, so there is nothing to wait for."""
        return True

    def pause(self, seconds: float) -> None:
        """Likewise."""


def _run(command: Command) -> str:
    if command.into is None:
        return _finished(command, subprocess.PIPE)
    command.into.parent.mkdir(parents=True, exist_ok=True)
    draft = command.into.with_name(f".{command.into.name}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE), "wb") as output:
            _finished(command, output.fileno())
            os.fsync(output.fileno())
        draft.replace(command.into)
    finally:
        draft.unlink(missing_ok=True)
    return ""


def _finished(command: Command, output: int) -> str:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(command.environment)
    try:
        done = subprocess.run(  # noqa: S603 - no shell reads the arguments
            command.arguments,
            cwd=command.folder,
            env=environment,
            input=command.text,
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            timeout=command.timeout_s,
            check=False,
        )
    except FileNotFoundError:
        raise Unavailable(f"{command.arguments[0]} is not on this machine's PATH: install it first") from None
    except subprocess.TimeoutExpired:
        raise CommandFailed(f"`{command}` did not end within {command.timeout_s:g} s") from None
    if done.returncode not in command.accepted:
        told = _last_lines(done.stderr or done.stdout or "")
        failed = CommandFailed(f"`{command}` ended with {done.returncode}: {told}")
        failed.exit_code = done.returncode
        raise failed
    return done.stdout or ""


def _last_lines(text: str | None) -> str:
    return " / ".join(line.strip() for line in (text or "").strip().splitlines()[-5:])
