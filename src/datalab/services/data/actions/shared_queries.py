"""Queries of all processes of the service: longer ones are told of while they run, ended ones are kept as a history."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from datalab.contracts.data import QueryFilter, QueryNotFound, QueryStatus
from datalab.contracts.model import Page, PageRequest
from datalab.services.data.actions.queries import Queries, RunningQuery
from datalab.services.data.model.query_history import KnownQuery, QueryPlace
from datalab.services.data.ports import QueryLog

TOLD_AFTER_S: Final = 0.5
LOOKED_EVERY_S: Final = 0.25
SEEN_EVERY: Final = timedelta(seconds=2)
QueryKey = tuple[str, str]


class SharedQueries:
    """This process's queries, and all others as the log tells of them."""

    def __init__(self, own: Queries, log: QueryLog) -> None:
        self._own = own
        self._log = log
        self._told: dict[QueryKey, RunningQuery] = {}
        self._seen_at = datetime.now(UTC)
        self._telling = asyncio.Lock()

    async def status(self, subject: str, query_id: str, *, anybodys: bool = False) -> QueryStatus:
        """Where a query of the subject's stands, or, if it may be, one of anybody's. Raises QueryNotFound."""
        own = self._own.find(subject, query_id)
        if own is not None:
            return own.status()
        found = await self._log.find(subject, query_id)
        if found is None and anybodys:
            found = await self._log.find(None, query_id)
        if found is None:
            raise QueryNotFound(f"no query {query_id[:64]!r} of yours is running or remembered")
        return found

    async def page(self, subject: str | None, wanted: QueryFilter, page: PageRequest) -> Page[QueryStatus]:
        """Queries that were written by the subject, or by anybody, the latest first."""
        after = QueryPlace.decode(page.cursor) if page.cursor is not None else None
        await self.tell(at_once=True)
        found = await self._log.page(subject, wanted, after, page.limit + 1)
        shown = tuple(found[: page.limit])
        more = QueryPlace.of(shown[-1]).encoded() if len(found) > page.limit else None
        return Page[QueryStatus](items=shown, next_cursor=more)

    async def stop(self, subject: str, query_id: str) -> None:
        """Stop a query, wherever it runs; one that has ended stays as it is. Raises QueryNotFound."""
        own = self._own.find(subject, query_id)
        if own is not None:
            own.stop()
            return
        await self.status(subject, query_id)
        await self._log.ask_to_stop(subject, query_id)

    async def tell(self, *, at_once: bool = False) -> None:
        """Tell the others of this process's queries, and stop those that they ask for.

        A running one is told of once it is longer, or ``at_once``. Touches the database only if there is anything.
        """
        async with self._telling:
            await self._tell_begun(timedelta(0) if at_once else timedelta(seconds=TOLD_AFTER_S))
            await self._tell_ended()
            await self._tell_seen()
            if self._told:
                self._stop(await self._log.asked_to_stop(self._told))

    async def end_lost(self) -> None:
        """End the queries of processes that are gone."""
        await self._log.end_lost()

    async def forget_old(self, kept: timedelta, each: int) -> None:
        """Forget what began longer ago than ``kept``, and all but the latest so many of ``each`` subject."""
        await self._log.forget(datetime.now(UTC) - kept, each)

    def _stop(self, keys: Collection[QueryKey]) -> None:
        for key in keys:
            if key in self._told:
                self._told[key].stop()

    async def _tell_begun(self, after: timedelta) -> None:
        long_ago = datetime.now(UTC) - after
        for key, query in self._own.all():
            if query.is_running and self._told.get(key) is not query and query.started_at <= long_ago:
                await self._log.begin(_known(key, query))
                self._told[key] = query

    async def _tell_ended(self) -> None:
        ended = self._own.ended()
        # Of two that had one id after another, the later one is the one to be known.
        latest = {key: query for key, query in ended if self._own.find(*key) in {query, None}}
        kept = {key: query for key, query in latest.items() if query.listed or self._told.get(key) is query}
        if kept:
            await self._log.keep([_known(key, query) for key, query in kept.items()])
        self._own.told(ended)
        for key, query in ended:
            if self._told.get(key) is query:
                del self._told[key]

    async def _tell_seen(self) -> None:
        now = datetime.now(UTC)
        if self._told and now - self._seen_at >= SEEN_EVERY:
            await self._log.seen(list(self._told))
            self._seen_at = now


def _known(key: QueryKey, query: RunningQuery) -> KnownQuery:
    return KnownQuery(subject=key[0], listed=query.listed, status=query.status())
