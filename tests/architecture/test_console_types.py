"""The console's types are those of the committed OpenAPI documents."""

import os
import subprocess
from pathlib import Path

import pytest

from datalab.catalog import SERVICES
from datalab.kernel.testing.fixtures import missing

ROOT = Path(__file__).parents[2]
CONSOLE = ROOT / "console"
COMMITTED = CONSOLE / "src" / "api" / "schema"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The types as they are made from openapi/ now."""
    if not (CONSOLE / "node_modules" / "openapi-typescript").exists():
        missing("what the console is built with is not there: run `make console`")
    folder = tmp_path_factory.mktemp("types")
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = ["node", "build/types.mjs", str(folder)]
    run = subprocess.run(
        command, cwd=CONSOLE, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return folder


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_types_are_current(made: Path, service: str):
    assert (COMMITTED / f"{service}.ts").read_text() == (made / f"{service}.ts").read_text(), "run `make openapi`"


def test_nothing_else_lies_among_them(made: Path):
    assert {path.name for path in COMMITTED.iterdir()} == {path.name for path in made.iterdir()}
