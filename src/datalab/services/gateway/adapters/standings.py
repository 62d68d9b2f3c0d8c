"""What became of issued tokens, from the database."""

from datetime import UTC, datetime

from sqlalchemy import delete, select

from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import insert_if_absent
from datalab.services.gateway.adapters.accounts import account_of
from datalab.services.gateway.adapters.api_keys import key_of
from datalab.services.gateway.adapters.news import IdentityNews
from datalab.services.gateway.adapters.sessions import session_of
from datalab.services.gateway.adapters.tables import api_keys, revoked_tokens, sessions, users
from datalab.services.gateway.ports import Standing


class SqlStandings:
    """See :class:`datalab.services.gateway.ports.Standings`."""

    def __init__(self, database: Database, news: IdentityNews) -> None:
        self._database = database
        self._news = news

    async def of(self, subject: str, token_id: str, *, key_id: str | None, session_id: str | None) -> Standing:
        """How things stand now."""
        async with self._database.read() as connection:
            account = (await connection.execute(select(users).where(users.c.id == subject))).first()
            revoked = (
                await connection.execute(select(revoked_tokens).where(revoked_tokens.c.token_id == token_id))
            ).first()
            key = session = None
            if key_id is not None:
                key = (await connection.execute(select(api_keys).where(api_keys.c.id == key_id))).first()
            if session_id is not None:
                session = (await connection.execute(select(sessions).where(sessions.c.id == session_id))).first()
        return Standing(
            account=account_of(account) if account is not None else None,
            key=key_of(key) if key is not None else None,
            session=session_of(session) if session is not None else None,
            revoked=revoked is not None,
        )

    async def revoke(self, token_id: str, expires_at: datetime) -> None:
        """Refuse the token from now on; tokens that have expired meanwhile are forgotten."""
        statement = insert_if_absent(self._database.dialect, revoked_tokens, key=["token_id"])
        async with self._database.write() as connection:
            await connection.execute(delete(revoked_tokens).where(revoked_tokens.c.expires_at < datetime.now(UTC)))
            await connection.execute(statement.values(token_id=token_id, expires_at=expires_at))
            await self._news.tell(connection, token_id)
