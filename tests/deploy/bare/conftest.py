"""A plan for bare hosts, and a place of its own for each test."""

import getpass
from pathlib import Path

import pytest

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
