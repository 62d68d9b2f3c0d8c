"""Asks the service on a port of this machine whether it is well: ``python -m datalab.host.probe 8001``.

Until it was ready once ``/ready`` is asked, so that whoever starts it waits for that; afterwards ``/health``, for a
database that is away is no reason to kill the services that wait for it. Run every half minute in every container, so
it imports next to nothing.
"""

import socket
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

PATIENCE_S = 8.0
_WELL = b"200"
_COUNTED = b"datalab_http_request_duration_seconds_count{"


def is_well(port: int, folder: Path) -> bool:
    """Whether it answers 200. ``folder`` keeps the mark that it was ready once, as long as the container lives."""
    was_ready = folder / f"datalab-was-ready-{port}"
    if not _answers(port, "/health" if was_ready.exists() else "/ready"):
        return False
    was_ready.touch()
    return True


def answers(port: int) -> tuple[int, int]:
    """How many answers said that the service failed, and how many it gave, since it was started. Raises OSError."""
    counted = [line.rpartition(b" ") for line in _asked(port, "/metrics") if line.startswith(_COUNTED)]
    failed = sum(float(number) for labels, _, number in counted if b'status="5' in labels)
    return int(failed), int(sum(float(number) for _, _, number in counted))


def _answers(port: int, path: str) -> bool:
    try:
        return _asked(port, path)[0].split()[1:2] == [_WELL]
    except (OSError, IndexError):
        return False


def _asked(port: int, path: str) -> list[bytes]:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        connection.sendall(request.encode())
        return connection.makefile("rb").readlines()


def main(arguments: Sequence[str]) -> int:
    """0 when the service is well, 1 when it isn't.

    ``PORT PATH`` asks only whether that path answers, ``PORT answers`` prints how many answers failed and how many there
    were.
    """
    port = int(arguments[0])
    if arguments[1:] and arguments[1].startswith("/"):
        return 0 if _answers(port, arguments[1]) else 1
    if arguments[1:] == ["answers"]:
        print(*answers(port))  # noqa: T201 - whoever updates it reads this
        return 0
    return 0 if is_well(port, Path(tempfile.gettempdir())) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
