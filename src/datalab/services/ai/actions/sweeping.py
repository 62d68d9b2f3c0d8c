"""Taking away model files that no version names: a deletion was cut off, or an attempt never came to its registration."""

from datetime import UTC, datetime, timedelta

from datalab.kernel.telemetry.logs import get_logger
from datalab.services.ai.ports import ModelFiles, Registry

_log = get_logger(__name__)


async def sweep(registry: Registry, files: ModelFiles, kept: timedelta) -> int:
    """Delete files older than ``kept`` that belong to no version; how many there were.

    Attempts register their files as soon as they have kept them, so that older ones are nobody's; but where no version
    names any file, the database may be a wrong one, and nothing is deleted. Several processes may do this at once, and
    end anywhere.
    """
    old = await files.kept_before(datetime.now(UTC) - kept)
    if not old:
        return 0
    named = await registry.named_files()
    if not named:
        _log.warning("model files are left alone: the registry names none, so it may be another's", files=len(old))
        return 0
    left_over = [key for key in old if key not in named]
    await files.discard(left_over)
    if left_over:
        _log.info("model files that no version names are gone", files=len(left_over))
    return len(left_over)
