"""Telling every gateway that what somebody may do has changed, in the transaction that changes it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox

IDENTITY_TOPIC = "gateway.identity_changed"


class IdentityNews:
    """Events about accounts, keys and tokens; the key of each is the account's, key's or token's id."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def tell(self, connection: AsyncConnection, subject: str) -> None:
        """Say that what is remembered of ``subject`` is out of date."""
        await self._outbox.add(connection, [new_event("gateway", IDENTITY_TOPIC, subject, {})])
