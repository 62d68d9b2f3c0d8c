"""Sessions in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.gateway import InvalidCredentials, SessionKind, SessionNotFound
from datalab.kernel.database.database import Database
from datalab.services.gateway.adapters.accounts import account_of
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.tables import sessions, users
from datalab.services.gateway.model.accounts import Account
from datalab.services.gateway.model.sessions import AT_MOST, SPARED, Origin, StoredSession, Terms


class SqlSessions:
    """See :class:`datalab.services.gateway.ports.Sessions`."""

    def __init__(self, database: Database, news: IdentityNews) -> None:
        self._database = database
        self._news = news

    async def find(self, digest: str) -> tuple[StoredSession, Account] | None:
        """The session of this digest with its owner."""
        async with self._database.read() as connection:
            session = (await connection.execute(select(sessions).where(sessions.c.digest == digest))).first()
            if session is None:
                return None
            owner = (await connection.execute(select(users).where(users.c.id == session.owner))).one()
        return session_of(session), account_of(owner)

    async def list(self, owner: str, after: str | None, limit: int) -> Sequence[StoredSession]:
        """An owner's sessions, oldest first, from after that id on."""
        statement = select(sessions).where(sessions.c.owner == owner).order_by(sessions.c.id).limit(limit)
        if after is not None:
            statement = statement.where(sessions.c.id > after)
        async with self._database.read() as connection:
            return [session_of(row) for row in await connection.execute(statement)]

    async def add(self, session: StoredSession, version: int) -> None:
        """Keep a new session. Raises InvalidCredentials when the account isn't of this version any more."""
        same = select(users.c.id).where(users.c.id == session.owner, users.c.version == version)
        async with self._database.write() as connection:
            # The lock has a change of the account wait, which then ends this session with the others.
            if (await connection.execute(same.with_for_update())).first() is None:
                raise InvalidCredentials("the account has changed this moment; sign in again")
            await self._make_room(connection, session)
            await connection.execute(insert(sessions).values(_values(session)))

    async def seen(self, session_id: str, at: datetime) -> None:
        """Put down that the session is used."""
        async with self._database.write() as connection:
            await connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))

    async def remove(self, session_id: str, owner: str | None) -> None:
        """End a session (of this owner). Raises SessionNotFound."""
        statement = delete(sessions).where(sessions.c.id == session_id).returning(sessions.c.id)
        if owner is not None:
            statement = statement.where(sessions.c.owner == owner)
        async with self._database.write() as connection:
            if (await connection.execute(statement)).first() is None:
                raise SessionNotFound(f"there is no session {session_id} of yours")
            await self._news.tell(connection, session_id)

    async def forget(self, now: datetime, terms: Terms) -> int:
        """Delete sessions that have ended; how many."""
        ended = or_(sessions.c.seen_at <= now - terms.idle, sessions.c.created_at <= now - terms.longest)
        async with self._database.write() as connection:
            return (await connection.execute(delete(sessions).where(ended))).rowcount

    async def _make_room(self, connection: AsyncConnection, new: StoredSession) -> None:
        alike = (sessions.c.owner == new.owner, sessions.c.kind == new.kind.value)
        by_use = (sessions.c.seen_at.desc(), sessions.c.id.desc())
        used_last = select(sessions.c.id).where(*alike).order_by(*by_use).limit(AT_MOST - 1)
        unused = sessions.c.id.not_in(used_last), sessions.c.seen_at < new.seen_at - SPARED
        ended = await connection.execute(delete(sessions).where(*alike, *unused))
        if ended.rowcount:
            await self._news.tell(connection, new.owner)


def session_of(row: Row[Any]) -> StoredSession:
    """The session that a row of ``sessions`` states."""
    return StoredSession(
        id=row.id,
        owner=row.owner,
        kind=SessionKind(row.kind),
        digest=row.digest,
        created_at=row.created_at,
        seen_at=row.seen_at,
        origin=Origin(row.address, row.user_agent),
    )


def _values(session: StoredSession) -> dict[str, Any]:
    return {
        "id": session.id,
        "owner": session.owner,
        "kind": session.kind.value,
        "digest": session.digest,
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "address": session.origin.address,
        "user_agent": session.origin.user_agent,
    }
