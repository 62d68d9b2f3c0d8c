"""The reference pages are those that the code makes."""

from pathlib import Path

import pytest

from datalab.cli.reference import pages
from datalab.host.reference import settings_section
from datalab.kernel.config.environment import Environment

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


class Silent(Environment):
    """Settings of which one says nothing."""

    loud: int = 1
    """Says something."""
    quiet: int = 2


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The pages as the code makes them."""
    return pages()


@pytest.mark.parametrize("name", ["settings.md", "errors.md", "commands.md", "alerts.md"])
def test_a_reference_page_is_current(made: dict[str, str], name: str):
    assert (FOLDER / name).read_text() == made[name], "run `make reference`"


def test_a_setting_without_a_description_is_refused():
    with pytest.raises(LookupError, match="quiet"):
        settings_section("Silent", Silent)


def test_every_error_says_what_it_means(made: dict[str, str]):
    rows = [line for line in made["errors.md"].splitlines() if line.startswith("| `")]
    assert len(rows) > 40
    assert not [row for row in rows if row.endswith("|  |")]
