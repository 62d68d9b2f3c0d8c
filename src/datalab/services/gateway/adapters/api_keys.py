"""API keys in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.gateway import KeyNotFound, UserNotFound
from datalab.contracts.identity import Role
from datalab.kernel.database.database import Database
from datalab.services.gateway.adapters.accounts import account_of
from datalab.services.gateway.adapters.idempotency import made_before
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.tables import api_keys, users
from datalab.services.gateway.model.accounts import Account
from datalab.services.gateway.model.api_keys import StoredKey
from datalab.services.gateway.model.once import Once


class SqlApiKeys:
    """See :class:`datalab.services.gateway.ports.ApiKeys`."""

    def __init__(self, database: Database, news: IdentityNews) -> None:
        self._database = database
        self._news = news

    async def find(self, digest: str) -> tuple[StoredKey, Account] | None:
        """The key of this digest with its owner."""
        async with self._database.read() as connection:
            key = (await connection.execute(select(api_keys).where(api_keys.c.digest == digest))).first()
            if key is None:
                return None
            owner = (await connection.execute(select(users).where(users.c.id == key.owner))).one()
        return key_of(key), account_of(owner)

    async def list(self, owner: str | None, after: str | None, limit: int) -> Sequence[StoredKey]:
        """Keys of an owner, or all, oldest first."""
        statement = select(api_keys).order_by(api_keys.c.id).limit(limit)
        if owner is not None:
            statement = statement.where(api_keys.c.owner == owner)
        if after is not None:
            statement = statement.where(api_keys.c.id > after)
        async with self._database.read() as connection:
            return [key_of(row) for row in await connection.execute(statement)]

    async def add(self, key: StoredKey, once: Once | None) -> StoredKey:
        """Keep a new key, or give the one made by the same request this secret.

        Raises UserNotFound when its owner is gone, KeyNotFound when it was revoked since, IdempotencyMismatch.
        """
        try:
            async with self._database.write() as connection:
                earlier = await made_before(connection, self._database.dialect, once, key.id)
                if earlier is not None:
                    return await self._renewed(connection, earlier, key)
                await connection.execute(insert(api_keys).values(_values(key)))
                return key
        except IntegrityError as error:
            raise UserNotFound(f"the key's owner {key.owner} has no account") from error

    async def remove(self, key_id: str, owner: str | None) -> None:
        """Revoke a key (of this owner). Raises KeyNotFound."""
        statement = delete(api_keys).where(api_keys.c.id == key_id).returning(api_keys.c.id)
        if owner is not None:
            statement = statement.where(api_keys.c.owner == owner)
        async with self._database.write() as connection:
            if (await connection.execute(statement)).first() is None:
                raise KeyNotFound(f"there is no API key {key_id} of yours")
            await self._news.tell(connection, key_id)

    async def _renewed(self, connection: AsyncConnection, earlier: str, key: StoredKey) -> StoredKey:
        secret = {"digest": key.digest, "prefix": key.prefix}
        statement = update(api_keys).where(api_keys.c.id == earlier).values(secret).returning(api_keys)
        row = (await connection.execute(statement)).first()
        if row is None:
            raise KeyNotFound("the API key that this request made was revoked since; use a new idempotency key")
        await self._news.tell(connection, earlier)
        return key_of(row)


def key_of(row: Row[Any]) -> StoredKey:
    """The key that a row of ``api_keys`` states."""
    return StoredKey(
        id=row.id,
        owner=row.owner,
        name=row.name,
        prefix=row.prefix,
        digest=row.digest,
        role=Role(row.role),
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def _values(key: StoredKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "owner": key.owner,
        "name": key.name,
        "prefix": key.prefix,
        "digest": key.digest,
        "role": key.role.value,
        "scopes": list(key.scopes),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    }
