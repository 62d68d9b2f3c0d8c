"""Whether a version that goes on running works with the schema that waiting migrations make."""

from collections.abc import Sequence
from pathlib import Path

from datalab.contracts.errors import Category, InvalidInput, PlatformError
from datalab.kernel.database.database import Database
from datalab.kernel.database.revisions import read_revisions, script_folders
from datalab.kernel.database.schema import applied_revisions


class BreaksRunning(PlatformError):
    """A waiting migration makes a schema that the version that runs doesn't work with; nothing was migrated."""

    code, title, category = "breaks_running", "A migration breaks what runs", Category.CONFLICT


async def check_compatible(database: Database, running: str, folders: Sequence[Path] | None = None) -> None:
    """See that version ``running`` works with the schema once what waits was run.

    Raises:
        BreaksRunning: It doesn't; names the migration and the version to update to first.
        InvalidInput: ``running`` is no version.
        Unavailable: The database can't be asked.
    """
    known = read_revisions(folders if folders is not None else script_folders(database.service))
    applied = await applied_revisions(database)
    if not applied or not applied <= known.known:
        return  # nobody uses an empty schema, and nothing is run on one that newer code made
    waiting = known.waiting(applied)
    for revision in sorted(waiting & known.breaks_before.keys()):
        oldest = known.breaks_before[revision]
        if is_older(running, oldest):
            raise BreaksRunning(
                f"{database.service}: {revision} makes a schema that {running}, which runs, doesn't work with: "
                f"update to {oldest} first, or stop the platform and migrate"
            )


def is_older(version: str, other: str) -> bool:
    """Whether one version comes before another. Raises InvalidInput when one is none."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(version) < Version(other)
    except InvalidVersion as error:
        raise InvalidInput(f"{error}; a version is such as 0.3.0") from None
