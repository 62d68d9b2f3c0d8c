"""What is told."""

from datetime import UTC, datetime

from pydantic import JsonValue

from datalab.contracts.ids import new_id
from datalab.contracts.model import Contract


class Event(Contract):
    """Something that happened.

    ``topic`` says what (``data.dataset_published``), ``key`` to which thing. The same event may arrive more than once
    under the same ``id``, and later than one that happened after it.
    """

    id: str
    topic: str
    key: str
    payload: dict[str, JsonValue]
    occurred_at: datetime
    service: str


def new_event(service: str, topic: str, key: str, payload: dict[str, JsonValue]) -> Event:
    """An event of this moment."""
    return Event(id=new_id(), topic=topic, key=key, payload=payload, occurred_at=datetime.now(UTC), service=service)


def described(event: Event, group: str) -> dict[str, str]:
    """An event in a log line."""
    return {"event_id": event.id, "topic": event.topic, "key": event.key, "group": group}
