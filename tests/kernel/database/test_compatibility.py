"""A migration that the running version can't work with is refused before anything is migrated."""

from pathlib import Path

import pytest

from datalab.contracts.errors import InvalidInput
from datalab.kernel.database.compatibility import BreaksRunning, check_compatible
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.revisions import KERNEL_SCRIPTS, read_revisions

DROPPING = """
from alembic import op
revision = "data_0002"
down_revision = "data_0001"
breaks_before = "0.3.0"

def upgrade() -> None:
    with op.batch_alter_table("things") as table:
        table.drop_column("note")
"""


@pytest.fixture
def folders(scripts: Path) -> list[Path]:
    (scripts / "data_0002.py").write_text(DROPPING)
    return [KERNEL_SCRIPTS, scripts]


async def test_a_version_that_uses_what_is_taken_away_is_named(database: Database, folders: list[Path]):
    with pytest.raises(BreaksRunning, match=r"data_0002 .* 0\.2\.9, which runs, .* update to 0\.3\.0 first"):
        await check_compatible(database, "0.2.9", folders)


async def test_a_version_that_no_longer_uses_it_goes_on(database: Database, folders: list[Path]):
    await check_compatible(database, "0.3.0", folders)
    await check_compatible(database, "0.10.0", folders)


async def test_what_was_migrated_already_breaks_nothing(database: Database, folders: list[Path]):
    await migrate(database, folders)
    await check_compatible(database, "0.2.9", folders)


async def test_an_empty_schema_is_nobodys(empty: Database, folders: list[Path]):
    await check_compatible(empty, "0.2.9", folders)


async def test_a_schema_of_newer_code_is_left_alone(database: Database, folders: list[Path]):
    await migrate(database, folders)
    (folders[1] / "data_0002.py").unlink()
    await check_compatible(database, "0.2.9", folders)


async def test_what_is_no_version_is_said(database: Database, folders: list[Path]):
    with pytest.raises(InvalidInput, match=r"a version is such as 0\.3\.0"):
        await check_compatible(database, "the blue one", folders)


def test_only_a_text_says_what_is_broken(scripts: Path):
    (scripts / "data_0002.py").write_text(DROPPING.replace('"0.3.0"', "0.3"))
    with pytest.raises(ValueError, match=r"breaks_before is 0\.3"):
        read_revisions([scripts])


def test_what_waits_is_told_across_branches(folders: list[Path]):
    known = read_revisions(folders)
    assert known.waiting({"kernel_0001", "data_0001"}) == {"data_0002"}
    assert known.waiting({"kernel_0001"}) == {"data_0001", "data_0002"}
