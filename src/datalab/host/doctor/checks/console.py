"""The web console's built files."""

from collections.abc import Sequence

from datalab.console.assets import is_built
from datalab.host.doctor.finding import Finding, ok, warning
from datalab.host.doctor.setup import Setup


async def check(_setup: Setup) -> Sequence[Finding]:
    """Whether there is a console to serve."""
    if is_built():
        return [ok("console", "built")]
    return [warning("console", "not built, so the gateway serves none", "make console, or install a released wheel")]
