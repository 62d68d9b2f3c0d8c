"""A worker process: ``python -m datalab.kernel.pool.child <fd> <parent's process id> <profile>``.

It sets itself up as its first frame says (limits, imports, confinement), then runs one task after the other until the
other end closes or somebody kills it. It imports only what every task needs.
"""

import contextlib
import errno
import faulthandler
import importlib
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

from datalab.kernel.garbage import uncollected
from datalab.kernel.pool.channel import Channel, LineWriter, Link
from datalab.kernel.pool.confine import confine
from datalab.kernel.pool.limits import limit_resources
from datalab.kernel.pool.linux import PR_SET_PDEATHSIG, flush_c_streams, process_control
from datalab.kernel.pool.protocol import (
    END_OF_OUTPUT,
    OUT_OF_MEMORY_EXIT,
    FrameRefused,
    Kind,
    decode,
    encode,
    printable,
)

if TYPE_CHECKING:
    from datalab.contracts.errors import PlatformError

TRACEBACK_CHARACTERS: Final = 16 * 1024
OUT_OF_MEMORY_NAMES: Final = {"OutOfMemoryException", "ArrowMemoryError"}
"""Names of libraries' own errors that mean what MemoryError means."""

Task = Callable[[Any, Channel], Any]


def main(arguments: list[str]) -> None:
    """Serve the socket whose number is the first argument, for as long as the process in the second lives."""
    parent = int(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with(parent)
    faulthandler.enable()
    with socket.socket(fileno=int(arguments[0])) as connection:
        connection.set_inheritable(False)
        link = Link(connection)
        if _set_up(link):
            threading.Thread(target=_exit_when_closed, args=(connection,), daemon=True).start()
            _serve(link)


def _set_up(link: Link) -> bool:
    frame = link.read()
    if frame is None:
        return False
    setup = decode(frame[1])
    writer = LineWriter(link)
    sys.stdout = sys.stderr = writer
    try:
        limit_resources(
            memory_bytes=setup["memory_bytes"],
            reserve_bytes=setup["reserve_bytes"],
            file_bytes=setup["file_bytes"],
        )
        _import(setup["preload"])
        confinement = confine(
            reads=[*map(Path, setup["reads"])],
            writes=[*map(Path, setup["writes"])],
            semaphores=setup["semaphores"],
        )
        _import(setup["preload_confined"])
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        _report(link, error)
        return False
    link.write(Kind.READY, confinement.as_json())
    return True


def _import(modules: Iterable[str]) -> None:
    for module in modules:
        _imported(module)


def _imported(module: str) -> ModuleType:
    with uncollected():
        return importlib.import_module(module)


def _serve(link: Link) -> None:
    while (frame := link.read()) is not None:
        call = decode(frame[1])
        link.write(Kind.STARTED, None)
        _run(link, call["entry"], call["arguments"])


def _run(link: Link, entry: str, arguments: Any) -> None:
    try:
        result = encode(_find(entry)(arguments, link))
        _finish_output()
        link.write_encoded(Kind.RESULT, result)
    except BrokenPipeError:
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        _report(link, error)


def _find(entry: str) -> Task:
    module, _, name = entry.partition(":")
    return getattr(_imported(module), name)


def _finish_output() -> None:
    """Send what was printed; then mark, in what libraries wrote past Python, where this call's part ends."""
    if isinstance(sys.stdout, LineWriter):
        sys.stdout.finish()
    flush_c_streams()
    with contextlib.suppress(OSError):
        os.write(1, END_OF_OUTPUT + b"\n")


def _report(link: Link, error: BaseException) -> None:
    try:
        _finish_output()
        link.write(Kind.ERROR, _described(error))
    except MemoryError:
        os._exit(OUT_OF_MEMORY_EXIT)


def _described(error: BaseException) -> dict[str, Any]:
    if isinstance(error, MemoryError) or type(error).__name__ in OUT_OF_MEMORY_NAMES:
        return {"is": "memory"}
    known = _as_platform_error(error) or _as_full_disk(error)
    if known is not None:
        return {
            "is": "platform",
            "code": known.code,
            "detail": printable(known.detail),
            "errors": [field.model_dump() for field in known.errors],
            "retry_after_s": known.retry_after_s,
        }
    text = "".join(traceback.format_exception(error))
    return {"is": "unknown", "type": type(error).__name__, "traceback": printable(text[-TRACEBACK_CHARACTERS:])}


def _as_platform_error(error: BaseException) -> "PlatformError | None":
    """The error itself if it is one; its module needn't be imported to know that it isn't."""
    contracts = sys.modules.get("datalab.contracts.errors")
    return cast("PlatformError", error) if contracts and isinstance(error, contracts.PlatformError) else None


def _as_full_disk(error: BaseException) -> "PlatformError | None":
    """What to say when a library found no space; only then are its words imported, to keep children small."""
    if os.strerror(errno.ENOSPC).lower() not in str(error).lower():
        return None
    from datalab.kernel.full_disk import storage_full

    return storage_full("the disk that the work writes to")


def _die_with(parent: int) -> None:
    """Have the kernel kill us when the parent goes."""
    if sys.platform == "linux":
        process_control(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _exit_when_closed(connection: socket.socket) -> None:
    hangup = select.poll()
    hangup.register(connection, select.POLLHUP)
    while not any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in hangup.poll()):
        pass
    os._exit(0)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (BrokenPipeError, ConnectionResetError, FrameRefused):
        os._exit(0)
