"""PostgreSQL connections that give up a server which answers no more."""

import asyncio
from typing import Any, Final

from psycopg import AsyncConnection, OperationalError

ANSWER_TIMEOUT_S: Final = 15.0
"""How long one statement may take. A server that hangs keeps its connections open and would be waited for for ever."""


class AnsweringConnection(AsyncConnection[Any]):
    """psycopg's connection, closed with OperationalError when an answer is overdue."""

    async def wait(self, *arguments: Any, **options: Any) -> Any:
        """See psycopg; the server is asked to stop what it was doing, if it still hears."""
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await super().wait(*arguments, **options)
        except TimeoutError as error:
            self.pgconn.finish()
            raise OperationalError(f"no answer within {ANSWER_TIMEOUT_S:g} s") from error
