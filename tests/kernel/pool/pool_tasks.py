"""Tasks that the tests run in real children."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from datalab.contracts.errors import FieldError, NotFound
from datalab.kernel.pool.channel import Channel


def echo(arguments: Any, channel: Channel) -> Any:
    return arguments


def find_no_room(arguments: Any, channel: Channel) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def process_id(arguments: Any, channel: Channel) -> int:
    return os.getpid()


def environment(arguments: Any, channel: Channel) -> dict[str, str]:
    return dict(os.environ)


def report(arguments: Any, channel: Channel) -> str:
    channel.progress(0.5, "half")
    channel.log("said")
    print("printed")
    os.write(2, b"native\n")
    channel.progress(1.0, "whole")
    return "reported"


def count(arguments: Any, channel: Channel) -> int:
    channel.header({"columns": ["n"]})
    for number in range(arguments["chunks"]):
        channel.send(number.to_bytes(4, "big") * arguments.get("repeat", 1))
    return arguments["chunks"]


def mark_each_chunk(arguments: Any, channel: Channel) -> None:
    with Path(arguments["marks"]).open("ab", buffering=0) as marks:
        for _ in range(arguments["chunks"]):
            channel.send(b"x" * 65536)
            marks.write(b"x")


def break_midway(arguments: Any, channel: Channel) -> None:
    channel.send(b"before")
    raise NotFound("row 7 is gone")


def not_found(arguments: Any, channel: Channel) -> None:
    raise NotFound("no dataset is named 'x'", errors=[FieldError(where="path.name", what="unknown", got="x")])


def divide_by_zero(arguments: Any, channel: Channel) -> float:
    return 1 / arguments["zero"]


def exit_with(arguments: Any, channel: Channel) -> None:
    os._exit(arguments["status"])


def crash(arguments: Any, channel: Channel) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def spin(arguments: Any, channel: Channel) -> None:
    while True:
        pass


def sleep(arguments: Any, channel: Channel) -> int:
    time.sleep(arguments["seconds"])
    return os.getpid()


def allocate_at_once(arguments: Any, channel: Channel) -> int:
    return len(bytearray(10**11))


def allocate_gradually(arguments: Any, channel: Channel) -> int:
    kept = []
    while True:
        kept.append(bytearray(2**20))


def read_file(arguments: Any, channel: Channel) -> str:
    return Path(arguments["path"]).read_text()


def write_file(arguments: Any, channel: Channel) -> None:
    Path(arguments["path"]).write_text("written")


def write_scratch(arguments: Any, channel: Channel) -> str:
    import tempfile

    path = Path(tempfile.mkdtemp()) / "note"
    path.write_text("mine")
    (path.parent / "folder").mkdir()
    path.rename(path.parent / "folder" / "moved")
    return str(Path(os.environ["TMPDIR"]))


def outcome(action: Any) -> str:
    """The name of the error that ``action`` meets, or ``done``."""
    try:
        action()
    except OSError as error:
        return f"{type(error).__name__} {error.errno}"
    return "done"


def open_sockets(arguments: Any, channel: Channel) -> dict[str, str]:
    def datagram_pair() -> None:
        for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM):
            end.close()

    def stream_pair() -> None:
        for end in socket.socketpair():
            end.close()

    def open_one(family: int) -> None:
        socket.socket(family, socket.SOCK_STREAM).close()

    return {
        "inet": outcome(lambda: open_one(socket.AF_INET)),
        "inet6": outcome(lambda: open_one(socket.AF_INET6)),
        "unix": outcome(lambda: open_one(socket.AF_UNIX)),
        "datagram_pair": outcome(datagram_pair),
        "stream_pair": outcome(stream_pair),
    }


def start_processes(arguments: Any, channel: Channel) -> dict[str, str]:
    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    return {
        "exec": outcome(lambda: os.execv(sys.executable, [sys.executable, "-c", "pass"])),
        "fork": outcome(fork),
        "run": outcome(lambda: subprocess.run(["/bin/true"], check=True)),
        "kill_parent": outcome(lambda: os.kill(os.getppid(), 0)),
    }


def run_threads(arguments: Any, channel: Channel) -> list[int]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(lambda number: number * 2, range(8)))


def standard_input(arguments: Any, channel: Channel) -> str:
    return sys.stdin.read()


def interrupt_handling(arguments: Any, channel: Channel) -> bool:
    return signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def find_object(arguments: Any, channel: Channel) -> object:
    return object()


def try_to_read(arguments: Any, channel: Channel) -> str:
    return outcome(lambda: Path(arguments["path"]).read_bytes())


def change_modes(arguments: Any, channel: Channel) -> dict[str, str]:
    path = Path(os.environ["TMPDIR"]) / "file"
    path.touch()
    return {"chmod": outcome(lambda: path.chmod(0o777)), "chown": outcome(lambda: os.chown(path, 0, 0))}


def try_to_list(arguments: Any, channel: Channel) -> str:
    return outcome(lambda: [*Path(arguments["path"]).iterdir()])


def run_thread_pool(arguments: Any, channel: Channel) -> list[int]:
    from multiprocessing.pool import ThreadPool

    with ThreadPool(2) as threads:
        return threads.map(lambda number: number**2, range(3))


def imported(arguments: Any, channel: Channel) -> dict[str, bool]:
    return {name: name in sys.modules for name in ("colorsys", "pool_preload", "wave")}
