"""Every target renders every profile as it did when somebody last looked at it."""

import pytest
from tests.golden.deployments import FOLDER, deployments


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return deployments()


def test_nothing_else_is_kept(made: dict[str, str]):
    assert {path.name for path in FOLDER.iterdir()} == made.keys()


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_what_is_rendered_is_what_is_kept(made: dict[str, str], name: str):
    assert made.get(name) == (FOLDER / name).read_text(), "look at it, then `python -m tests.golden.deployments`"
