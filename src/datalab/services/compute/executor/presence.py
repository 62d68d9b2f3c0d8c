"""Telling whether an executor is still there, so that what a killed one held is taken back before its lease is over."""

import socket
import uuid
from pathlib import Path

import psutil

_SEPARATOR = "~"


def new_executor_id() -> str:
    """An id for an executor of this process: place, process, when that began, and something unique."""
    process = psutil.Process()
    return _SEPARATOR.join((_place(), str(process.pid), f"{process.create_time():.2f}", uuid.uuid4().hex[:8]))


def is_gone(executor_id: str) -> bool:
    """Whether that executor's process has surely ended; false for one elsewhere, of which nothing is known here."""
    parts = executor_id.split(_SEPARATOR)
    if len(parts) != 4 or parts[0] != _place() or not parts[1].isdigit():  # noqa: PLR2004 # as new_executor_id makes it
        return False
    try:
        process = psutil.Process(int(parts[1]))
        return f"{process.create_time():.2f}" != parts[2] or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.AccessDenied:
        return False


def _place() -> str:
    """This host since its boot, and on it this namespace of process ids: containers share neither."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        space, boot = "", f"{psutil.boot_time():.0f}"
    return f"{socket.gethostname()[:64]}:{boot}:{space}".replace(_SEPARATOR, "_").replace("/", "_")
