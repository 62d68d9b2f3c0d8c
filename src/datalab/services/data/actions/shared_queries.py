"""Queries of all processes of the service: longer ones are told of, so that another process can answer for them."""

from datetime import UTC, datetime, timedelta
from typing import Final

from datalab.contracts.data import QueryNotFound, QueryState, QueryStatus
from datalab.services.data.actions.queries import Queries
from datalab.services.data.ports import QueryLog

TOLD_AFTER_S: Final = 0.5
LOOKED_EVERY_S: Final = 0.25
KEPT: Final = timedelta(days=1)


class SharedQueries:
    """This process's queries, and the other processes' as they tell of them."""

    def __init__(self, own: Queries, log: QueryLog) -> None:
        self._own = own
        self._log = log
        self._told: set[tuple[str, str]] = set()

    async def status(self, subject: str, query_id: str) -> QueryStatus:
        """Where a query stands. Raises QueryNotFound."""
        own = self._own.find(subject, query_id)
        found = own.status() if own is not None else await self._log.find(subject, query_id)
        if found is None:
            raise QueryNotFound(f"no query {query_id[:64]!r} of yours is running or remembered")
        return found

    async def stop(self, subject: str, query_id: str) -> None:
        """Stop a query, wherever it runs; one that has ended stays as it is. Raises QueryNotFound."""
        own = self._own.find(subject, query_id)
        if own is not None:
            own.stop()
            return
        await self.status(subject, query_id)
        await self._log.ask_to_stop(subject, query_id)

    async def tell(self) -> None:
        """Tell the others of this process's longer queries, and stop those that they ask for.

        Touches the database only while there are longer queries.
        """
        await self._tell_begun()
        await self._tell_ended()
        if not self._told:
            return
        for subject, query_id in await self._log.asked_to_stop(self._told):
            query = self._own.find(subject, query_id)
            if query is not None:
                query.stop()

    async def forget_old(self) -> None:
        """Forget what was told long ago."""
        await self._log.forget(datetime.now(UTC) - KEPT)

    async def _tell_begun(self) -> None:
        long_ago = datetime.now(UTC) - timedelta(seconds=TOLD_AFTER_S)
        for key, query in self._own.all():
            status = query.status()
            if status.state is QueryState.RUNNING and key not in self._told and status.started_at < long_ago:
                await self._log.begin(key[0], status)
                self._told.add(key)

    async def _tell_ended(self) -> None:
        for key in tuple(self._told):
            query = self._own.find(*key)
            if query is None or query.state is QueryState.RUNNING:
                continue
            await self._log.end(key[0], query.status())
            self._told.discard(key)
