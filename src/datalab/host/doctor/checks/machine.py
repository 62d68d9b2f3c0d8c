"""The interpreter and the system."""

import platform
import sys
from collections.abc import Sequence

from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.host.doctor.setup import Setup

OLDEST = (3, 11)


async def check(_setup: Setup) -> Sequence[Finding]:
    """Whether Python and the system are ones that the platform runs on."""
    version = platform.python_version()
    python = (
        ok("python", version)
        if sys.version_info[:2] >= OLDEST
        else broken("python", f"{version} is too old", "install Python 3.11 or newer")
    )
    return [python, _system(platform.system(), f"{platform.system()} {platform.release()} {platform.machine()}")]


def _system(name: str, whole: str) -> Finding:
    match name:
        case "Linux":
            return ok("platform", whole)
        case "Darwin":
            return warning("platform", f"{whole}: jobs of kind python aren't run here", "run them on a Linux worker")
        case _:
            return broken("platform", f"{whole}: not supported", "on Windows use WSL 2; otherwise Linux or macOS")
