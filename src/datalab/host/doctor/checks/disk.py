"""Room on the disks."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.host.doctor.setup import Setup

LEAST_BYTES = 256 * 2**20
SCARCE = 0.2
_MEND = "free some, or name a folder on a larger disk"


async def check(setup: Setup) -> Sequence[Finding]:
    """How much is free where the platform keeps its state, and where it works."""
    return [
        room("disk of DATALAB_HOME", setup.home, f"{_MEND} as DATALAB_HOME"),
        room("disk for temporary files", Path(tempfile.gettempdir()), f"{_MEND} as TMPDIR"),
    ]


def room(name: str, folder: Path, remedy: str, least: int = LEAST_BYTES) -> Finding:
    """How much is free on the disk of a folder that may not be there yet."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    usage = shutil.disk_usage(there)
    share = usage.free / usage.total if usage.total else 0.0
    detail = f"{usage.free / 2**30:.1f} GiB free, {share:.0%}, at {folder}"
    if usage.free < least:
        return broken(name, detail, remedy)
    return warning(name, detail, remedy) if share < SCARCE else ok(name, detail)
