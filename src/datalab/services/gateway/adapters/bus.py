"""What the gateway hears from the bus."""

from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from datalab.contracts.gateway import AuditEntry
from datalab.kernel.events.event import Event
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.gateway.actions.recognise import Recognition
from datalab.services.gateway.ports import AuditLog

AUDIT_GROUP = "gateway.audit"
_log = get_logger(__name__)


class _Batch(BaseModel):
    entries: Annotated[tuple[AuditEntry, ...], Field(max_length=10_000)]


class Hearing:
    """Handlers of events; each may be called again with the same event."""

    def __init__(self, audit: AuditLog, recognition: Recognition) -> None:
        self._audit = audit
        self._recognition = recognition

    async def audit_recorded(self, event: Event) -> None:
        """Keep a service's audit entries. Raises Unavailable: the event comes again."""
        try:
            batch = _Batch.model_validate(event.payload)
        except ValidationError as error:
            _log.error("an event holds no audit entries and is left aside", event_id=event.id, reason=str(error)[:500])
            return
        await self._audit.keep(batch.entries)

    async def identity_changed(self, _event: Event) -> None:
        """Ask the database again about everybody."""
        self._recognition.forget()
