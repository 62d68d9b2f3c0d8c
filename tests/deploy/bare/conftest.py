"""A plan for bare hosts, and a place of its own for each test."""

import getpass
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.deploy.bare.installation import CLONE

from datalab.deploy.plan import Plan, Profile, plan
from datalab.deploy.renderers.bare_host import Host


@pytest.fixture(scope="package")
def decided() -> Plan:
    """What production is by default."""
    return plan(Profile.PRODUCTION)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """Folders that the test may write, and the account that runs it."""
    for name in ("opt", "state", "logs"):
        (tmp_path / name).mkdir()
    return Host(*(str(tmp_path / name) for name in ("opt", "state", "logs")), user=getpass.getuser())


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This source, built."""
    folder = tmp_path_factory.mktemp("wheel")
    uv = shutil.which("uv") or str(CLONE / ".cache/uv/bin/uv")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", folder, CLONE], check=True, capture_output=True)
    return next(folder.glob("*.whl"))
