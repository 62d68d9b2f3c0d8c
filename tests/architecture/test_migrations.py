"""Every migration leaves the version before it at work, or says which versions it breaks."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from datalab.catalog import SERVICES
from datalab.kernel.database.revisions import KERNEL_SCRIPTS, read_revisions, script_folders

ADDING = (
    r"CREATE TABLE (?P<made>\w+) ",
    r"CREATE INDEX ",
    r"CREATE SEQUENCE ",
    r"ALTER TABLE \w+ ADD COLUMN (?!.*\bNOT NULL\b)",
    r"ALTER TABLE \w+ ADD COLUMN .*\bDEFAULT\b",
    r"(INSERT INTO|UPDATE|COMMENT ON) ",
)
"""What a version that knows nothing of it doesn't notice. Everything else takes away or tightens."""
OF_OWN_TABLES = r"(CREATE UNIQUE INDEX \w+ ON|ALTER TABLE) (?P<on>\w+)\b"
"""Whatever is asked of a table that was made a moment ago."""


def tightening(folders: Sequence[Path]) -> dict[str, list[str]]:
    """The statements by revision, as PostgreSQL gets them, that an earlier version may notice."""
    scripts = ScriptDirectory(str(KERNEL_SCRIPTS), version_locations=[str(folder) for folder in folders])
    return {script.revision: _tightening(scripts, script.revision) for script in scripts.walk_revisions()}


def _tightening(scripts: ScriptDirectory, revision: str) -> list[str]:
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written, "literal_binds": True}
    )
    with Operations.context(context):
        scripts.get_revision(revision).module.upgrade()
    made: set[str] = set()
    found: list[str] = []
    for statement in (" ".join(part.split()) for part in written.getvalue().split(";")):
        matches = [match for pattern in ADDING if (match := re.match(pattern, statement))]
        made |= {str(match["made"]) for match in matches if "made" in match.re.groupindex}
        own = re.match(OF_OWN_TABLES, statement)
        if statement and not matches and not (own and own["on"] in made):
            found.append(statement)
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_a_migration_leaves_the_version_before_at_work_or_says_that_it_does_not(service: str):
    folders = script_folders(service)
    declared = read_revisions(folders).breaks_before
    undeclared = {name: found for name, found in tightening(folders).items() if found and name not in declared}
    assert undeclared == {}, 'add first and remove in a later release, or say `breaks_before = "…"`'


@pytest.mark.parametrize(
    "change",
    [
        'op.drop_table("things")',
        'op.drop_column("things", "note")',
        'op.alter_column("things", "note", new_column_name="remark")',
        'op.alter_column("things", "note", nullable=False)',
        'op.alter_column("things", "note", type_=sa.String(10))',
        'op.add_column("things", sa.Column("kind", sa.String(10), nullable=False))',
        'op.create_index("things_note", "things", ["note"], unique=True)',
        'op.create_unique_constraint("things_note", "things", ["note"])',
        'op.create_check_constraint("things_count", "things", "count > 0")',
        'op.create_foreign_key("things_of", "things", "parts", ["part"], ["id"])',
        'op.rename_table("things", "objects")',
        'op.execute("DELETE FROM things")',
        'op.execute("TRUNCATE things")',
    ],
)
def test_what_an_earlier_version_notices_is_found(tmp_path: Path, change: str):
    assert _of_a_script(tmp_path, change)


@pytest.mark.parametrize(
    "change",
    [
        'op.add_column("things", sa.Column("kind", sa.String(10)))',
        'op.add_column("things", sa.Column("kind", sa.String(10), nullable=False, server_default=""))',
        'op.create_index("things_note", "things", ["note"])',
        'op.create_table("other", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("n", sa.Integer(), unique=True))',
        'op.execute("UPDATE things SET note = 1")',
    ],
)
def test_what_no_earlier_version_notices_is_let_pass(tmp_path: Path, change: str):
    assert not _of_a_script(tmp_path, change)


def _of_a_script(folder: Path, change: str) -> list[str]:
    text = (
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "one"\ndown_revision = None\n\ndef upgrade():\n    {change}\n'
    )
    (folder / "one.py").write_text(text)
    return tightening([folder])["one"]
