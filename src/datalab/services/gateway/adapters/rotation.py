"""Refresh tokens in the database: each is good once."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.gateway import SessionKind
from datalab.kernel.database.database import Database
from datalab.services.gateway.adapters.accounts import account_of
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.sessions import session_of
from datalab.services.gateway.adapters.tables import sessions, spent_refresh_tokens, users
from datalab.services.gateway.model.accounts import Account
from datalab.services.gateway.model.sessions import LOST_ANSWER, StoredSession, Terms
from datalab.services.gateway.ports import Rotation

spent = spent_refresh_tokens.c


class SqlRefreshTokens:
    """See :class:`datalab.services.gateway.ports.RefreshTokens`."""

    def __init__(self, database: Database, news: IdentityNews) -> None:
        self._database = database
        self._news = news

    async def rotate(self, digest: str, successor: str, now: datetime, terms: Terms) -> Rotation | None:
        """Let a token be followed by its ``successor``; nothing when no session that lives has it."""
        async with self._database.write() as connection:
            session = await _holding(connection, digest)
            if session is None:
                return await self._again(connection, digest, successor, now)
            if session.kind is not SessionKind.PROGRAM or not session.lives(now, terms):
                return None
            await connection.execute(
                insert(spent_refresh_tokens).values(digest=digest, session=session.id, spent_at=now)
            )
            changed = update(sessions).where(sessions.c.id == session.id).values(digest=successor, seen_at=now)
            await connection.execute(changed)
            return Rotation(session, await _owner(connection, session), reused=False)

    async def _again(self, connection: AsyncConnection, digest: str, successor: str, now: datetime) -> Rotation | None:
        used = (await connection.execute(select(spent_refresh_tokens).where(spent.digest == digest))).first()
        if used is None:
            return None
        row = await connection.execute(select(sessions).where(sessions.c.id == used.session).with_for_update())
        session = session_of(row.one())
        reused = session.digest != successor or now - used.spent_at > LOST_ANSWER
        if reused:
            await connection.execute(delete(sessions).where(sessions.c.id == session.id))
            await self._news.tell(connection, session.id)
        return Rotation(session, await _owner(connection, session), reused=reused)


async def _holding(connection: AsyncConnection, digest: str) -> StoredSession | None:
    # Of two who come at once the second waits for this row and then doesn't find it any more.
    statement = select(sessions).where(sessions.c.digest == digest).with_for_update()
    row = (await connection.execute(statement)).first()
    return session_of(row) if row is not None else None


async def _owner(connection: AsyncConnection, session: StoredSession) -> Account:
    return account_of((await connection.execute(select(users).where(users.c.id == session.owner))).one())
