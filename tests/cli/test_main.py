"""Exit codes, what is said of failures, and what starting costs."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.command_line import COMMAND, datalab

from datalab.kernel.testing.ports import free_port


def unused_url() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_help_imports_nothing_heavy():
    script = (
        "import sys\nfrom datalab.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'pydantic', 'aiohttp', 'fastapi', 'sqlalchemy', 'pyarrow', 'duckdb', 'rich'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("query",),
        ("query", "SELECT 1", "--format", "xlsx"),
        ("serve", "kitchen"),
        ("worker", "--queues", "kitchen"),
        ("token", "create", "--role", "king"),
        ("train", "m", "--target", "y"),
        ("job", "submit", "sql", "{not json"),
        ("upload", "t", "/no/such/file.csv"),
        ("predict", "m", "--row", "[1]"),
    ],
)
def test_wrong_usage_ends_with_two(arguments: tuple[str, ...], tmp_path: Path):
    done = datalab(*arguments, home=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "Error" in done.stderr or "Usage" in done.stderr


def test_a_platform_that_is_away_is_one_line_on_stderr_and_ends_with_one(tmp_path: Path):
    url = unused_url()
    done = datalab("dataset", "list", "--url", url, home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"datalab: can't reach {url}: Connection refused [unavailable]\n"


def test_what_is_no_address_is_refused(tmp_path: Path):
    done = datalab("dataset", "list", "--url", "localhost", home=tmp_path)
    assert done.returncode == 1
    assert "is no address of a platform" in done.stderr


def test_a_taken_port_is_one_line(tmp_path: Path):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        done = datalab("up", "--port", str(holder.getsockname()[1]), home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "in use" in done.stderr


def test_output_into_a_closed_pipe_is_no_failure(tmp_path: Path):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run((*COMMAND, "--help"), stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_each_service_has_a_credential_of_its_own(tmp_path: Path):
    shown = [datalab("token", "service", name, home=tmp_path).stdout for name in ("data", "compute", "data")]
    assert shown[0] == shown[2] != shown[1]
