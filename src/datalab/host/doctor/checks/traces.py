"""Where traces go, if anywhere."""

from collections.abc import Sequence

from datalab.host.doctor.finding import Finding, ok, skipped, warning
from datalab.host.doctor.setup import Setup
from datalab.kernel.traces.tracing import wanted


async def check(setup: Setup) -> Sequence[Finding]:
    """Whether what the environment asks for is spoken here."""
    try:
        asked = wanted(setup.variables)
    except ValueError as error:
        return [warning("traces", str(error), "docs/howto/trace-requests.md lists the variables")]
    return [ok("traces", "sent by OTLP") if asked else skipped("traces", "no collector is named")]
