"""The parts that every app needs, for tests of one service."""

from collections.abc import Sequence

from datalab.contracts.gateway import AuditEntry
from datalab.kernel.http.app import AppParts
from datalab.kernel.http.readiness import Readiness
from datalab.kernel.telemetry.audit import AuditTrail
from datalab.kernel.telemetry.metrics import Metrics
from datalab.kernel.testing.identity import test_verifier


class MemoryAudit:
    """An audit sink that keeps entries in a list."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    async def keep(self, entries: Sequence[AuditEntry]) -> None:
        """Keep the entries."""
        self.entries.extend(entries)


def app_parts(sink: MemoryAudit | None = None) -> AppParts:
    """Parts whose verifier accepts the callers of :mod:`datalab.kernel.testing.identity`."""
    return AppParts(
        verifier=test_verifier(),
        readiness=Readiness(),
        metrics=Metrics(),
        audit=AuditTrail(sink or MemoryAudit()),
        version="0.0.0",
    )
