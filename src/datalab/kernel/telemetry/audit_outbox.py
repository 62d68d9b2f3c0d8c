"""Audit entries on their way to the gateway, which keeps them."""

from collections.abc import Sequence

from datalab.contracts.gateway import AuditEntry
from datalab.kernel.database.database import Database
from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.telemetry.audit import AUDIT_TOPIC


class OutboxAuditSink:
    """Keeps a batch in the service's own outbox, from where it is told until the gateway has it."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def keep(self, entries: Sequence[AuditEntry]) -> None:
        """Keep the entries. Raises Unavailable when the service's database is away."""
        if not entries:
            return
        payload = {"entries": [entry.model_dump(mode="json") for entry in entries]}
        event = new_event(self._database.service, AUDIT_TOPIC, entries[0].id, payload)  # pyright: ignore[reportArgumentType] # JSON
        async with self._database.write() as connection:
            await self._outbox.add(connection, [event])
