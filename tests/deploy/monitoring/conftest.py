"""Rendered files in a folder, and the programs that read them."""

from pathlib import Path

import pytest
from tests.deploy.monitoring.files import rendered, written
from tests.deploy.monitoring.programs import ProgramsMissing, have_programs

from datalab.kernel.testing.fixtures import missing


@pytest.fixture
def monitoring(tmp_path: Path) -> Path:
    """The files of a deployment with all defaults."""
    return written(rendered(), tmp_path)


@pytest.fixture(scope="session")
def programs() -> None:
    """Debian's programs are on PATH."""
    try:
        have_programs()
    except ProgramsMissing as error:
        missing(str(error))
