"""How a child's process is started: executed, never forked from a process of the platform."""

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from datalab.kernel.pool.profile import Profile


class Process(Protocol):
    """A started process; what it writes past Python comes out of ``stdout``."""

    @property
    def pid(self) -> int:
        """Its id, and its group's."""
        ...

    @property
    def returncode(self) -> int | None:
        """How it ended, or None while it lives."""
        ...

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """Its output and its errors."""
        ...

    async def wait(self) -> int:
        """Its return code, once it has ended."""
        ...


async def launch(profile: Profile, connection: socket.socket, environment: Mapping[str, str], scratch: Path) -> Process:
    """A process that serves ``connection`` in ``scratch``; lists of processes show which profile it is of."""
    number = connection.fileno()
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "datalab.kernel.pool.child",
        str(number),
        str(os.getpid()),
        profile.name,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(environment),
        cwd=scratch,
        pass_fds=(number,),
        start_new_session=True,
    )
