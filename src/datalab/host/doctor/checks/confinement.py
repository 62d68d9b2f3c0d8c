"""Whether users' code can be confined here: asked of the system, then tried with a real child."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from datalab.contracts.errors import PlatformError
from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.host.doctor.setup import Setup
from datalab.kernel.pool.confine import offered_confinement
from datalab.kernel.pool.pool import Pool
from datalab.services.compute.jobs import CHILD, PROFILE, python_profile, python_refusal

_NAME = "confined processes"
_MEMORY, _FILE = 2**30, 2**20
_PATIENCE_S = 60.0
_REMEDY = (
    "a Linux kernel with Landlock (5.13 or newer, `lsm=landlock`) and seccomp, not switched off for this container"
)


async def check(_setup: Setup) -> Sequence[Finding]:
    """Which walls hold around a child."""
    refused = python_refusal(offered_confinement())
    if refused is not None:
        return [warning(_NAME, f"{refused}; jobs of kind python are refused", _REMEDY)]
    profile = python_profile(memory_bytes=_MEMORY, file_bytes=_FILE, concurrency=1)
    with tempfile.TemporaryDirectory(prefix="datalab-doctor-") as scratch:
        async with Pool((profile,), scratch=Path(scratch)) as pool:
            try:
                await pool.call(PROFILE, f"{CHILD}:run", {"code": "result = 1"}, timeout_s=_PATIENCE_S)
            except PlatformError as error:
                return [broken(_NAME, f"no confined process does its work here: {error.detail}", _REMEDY)]
            walls = pool.confinement(PROFILE)
    if walls is not None and walls.missing:
        return [warning(_NAME, f"work, but not all holds: {'; '.join(walls.missing)}", _REMEDY)]
    return [ok(_NAME, f"files, network, processes and privileges (Landlock {walls.landlock_version if walls else 0})")]
