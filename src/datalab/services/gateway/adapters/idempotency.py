"""Making a thing once, however often it is asked for under the same key."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.errors import IdempotencyMismatch
from datalab.kernel.database.dialect import Dialect
from datalab.kernel.database.upsert import insert_if_absent
from datalab.services.gateway.adapters.tables import idempotency_keys
from datalab.services.gateway.model.once import Once

REMEMBERED = timedelta(days=1)


async def made_before(connection: AsyncConnection, dialect: Dialect, once: Once | None, new_id: str) -> str | None:
    """The id that an earlier request under the same key made; else ``new_id`` is put down for it.

    Raises:
        IdempotencyMismatch: The key was used for something else.
    """
    if once is None:
        return None
    keys, now = idempotency_keys.c, datetime.now(UTC)
    await connection.execute(delete(idempotency_keys).where(keys.created_at < now - REMEMBERED))
    claimed = insert_if_absent(dialect, idempotency_keys, key=["owner", "key"]).values(
        owner=once.owner, key=once.key, fingerprint=once.fingerprint, made=new_id, created_at=now
    )
    await connection.execute(claimed)
    holder = select(idempotency_keys).where(keys.owner == once.owner, keys.key == once.key)
    row = (await connection.execute(holder)).one()
    if row.fingerprint != once.fingerprint:
        raise IdempotencyMismatch(f"the idempotency key {once.key[:80]!r} was used for another request; use a new one")
    return None if row.made == new_id else str(row.made)
