"""A real S3 server for tests: moto's."""

import sys
import urllib.error
import urllib.request
from importlib.util import find_spec

from datalab.contracts.ids import new_id
from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import ServerMissing, ServerProcess, private_folder

ACCESS_KEY = "test-access-key"
SECRET_KEY = "test-secret-key-that-nobody-shall-see"  # noqa: S105 - the server takes any
_ANSWER_S = 60


def start_s3(owner: int | None = None) -> tuple[ServerProcess, str]:
    """A new server that forgets when it ends, and its URL; it ends with the process ``owner`` (this one).

    Raises :class:`ServerMissing`.
    """
    if find_spec("moto") is None or find_spec("flask_cors") is None:
        raise ServerMissing("no S3 server: set DATALAB_TEST_S3_URL, or install moto[s3], flask and flask-cors")
    folder, port = private_folder("s3"), free_port()
    url = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-c", "import sys; from moto.server import main; main(sys.argv[1:])"]
    server = ServerProcess([*program, "-H", "127.0.0.1", "-p", str(port)], folder, ready=lambda: _answers(url))
    server.start(owner)
    return server, url


def new_bucket(server_url: str) -> str:
    """The name of a bucket that was just made."""
    name = f"test-{new_id()}"
    request = urllib.request.Request(f"{server_url}/{name}", method="PUT")  # noqa: S310 - the test's own server
    with urllib.request.urlopen(request, timeout=_ANSWER_S):  # noqa: S310 - likewise
        return name


def s3_variables(server_url: str) -> dict[str, str]:
    """The environment of a platform that keeps things in a new bucket, below a prefix."""
    return {
        "DATALAB_STORAGE_URL": f"s3://{new_bucket(server_url)}/some/prefix",
        "AWS_ENDPOINT_URL": server_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    }


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/moto-api/", timeout=_ANSWER_S):  # noqa: S310 - likewise
            return True
    except (urllib.error.URLError, OSError):
        return False
