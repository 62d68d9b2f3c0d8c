"""``python -m datalab.host.probe PORT``: whether the service on this host is well, by its exit code.

Until the service was ready once this asks ``/ready``, so that whoever starts it waits for that; afterwards ``/health``,
so that a database that is away is no reason to kill the services that wait for it.
"""

import http.client
import sys
import tempfile
from pathlib import Path

TIMEOUT_S = 8


def main(port: int, folder: Path) -> int:
    """0 when it is well, 1 when not."""
    was_ready = folder / f"datalab-was-ready-{port}"
    path = "/health" if was_ready.exists() else "/ready"
    if not _answers(port, path):
        return 1
    was_ready.touch()
    return 0


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(tempfile.gettempdir())))
