"""The ports that the platform listens on."""

import errno
import socket
from collections.abc import Sequence
from pathlib import Path

import psutil

from datalab.catalog import SERVICES
from datalab.host.doctor.finding import Finding, ok, warning
from datalab.host.doctor.setup import Setup

_HOST = "127.0.0.1"
_MEND = "stop it, or choose another: --port"


async def check(setup: Setup) -> Sequence[Finding]:
    """Whether each port is free, or else who has it."""
    ports = [service.port for service in SERVICES.values()] if setup.apart else [setup.port]
    return [of_port(port) for port in ports]


def of_port(port: int) -> Finding:
    """One port of this machine."""
    name = f"port {port}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except PermissionError:
            return warning(name, "this user may not listen on it", "use a port above 1023: --port")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return _taken(name, port)
    return ok(name, "free")


def _taken(name: str, port: int) -> Finding:
    holder = _holder(port)
    if holder is None:
        return warning(name, "taken by a process of another user", _MEND)
    pid, words = holder
    detail = f"process {pid} ({' '.join(words)})"
    if any(Path(word).name == "datalab" or word.startswith("datalab.") for word in words):
        return ok(name, f"taken by a platform that runs: {detail}")
    return warning(name, f"taken by {detail}", _MEND)


def _holder(port: int) -> tuple[int, list[str]] | None:
    try:
        found = [one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
        pid = next((one.pid for one in found if one.pid and tuple(one.laddr)[1:2] == (port,)), None)
        if pid is None:
            return None
        process = psutil.Process(pid)
        # The words before the first option: what follows may hold secrets.
        words = [word for word in process.cmdline() if not word.startswith("-")][:4]
        return pid, words or [process.name()]
    except psutil.Error:
        return None
