"""Queries by their id: running ones can be stopped, ended ones are remembered for a while."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from datalab.contracts.data import QueryState, QueryStatus
from datalab.contracts.errors import Cancelled, Conflict, PlatformError

T = TypeVar("T")
_REMEMBERED = 1_000
_SQL_SHOWN = 10_000
_LEFT = "the caller went away before the answer was whole"


class RunningQuery:
    """One query from its beginning to its end."""

    def __init__(self, query_id: str, sql: str) -> None:
        self.query_id = query_id
        self.row_count: int | None = None
        self.state = QueryState.RUNNING
        self._sql = sql[:_SQL_SHOWN]
        self._started_at = datetime.now(UTC)
        self._finished_at: datetime | None = None
        self._error: str | None = None
        self._stopped = asyncio.Event()

    def status(self) -> QueryStatus:
        """Where it stands."""
        return QueryStatus(
            query_id=self.query_id,
            sql=self._sql,
            state=self.state,
            started_at=self._started_at,
            finished_at=self._finished_at,
            row_count=self.row_count,
            error=self._error,
        )

    def stop(self) -> None:
        """Have whoever waits for it get Cancelled."""
        self._stopped.set()

    def end(self, state: QueryState, error: str | None = None) -> None:
        """It has ended so."""
        self.state, self._error, self._finished_at = state, error, datetime.now(UTC)

    async def wait_for(self, step: Awaitable[T]) -> T:
        """The step's result. Raises Cancelled, having cancelled the step, when the query is stopped first."""
        work = asyncio.ensure_future(step)
        stop = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise Cancelled(f"query {self.query_id!r} was cancelled")
            return work.result()
        finally:
            stop.cancel()
            if not work.done():
                work.cancel()
                await asyncio.wait((work,))


class Queries:
    """Queries of this process, each its subject's own."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], RunningQuery] = OrderedDict()

    @contextmanager
    def running(self, subject: str, query_id: str, sql: str) -> Generator[RunningQuery]:
        """Register a query for as long as the block runs; how the block ends is how the query ended.

        Raises:
            Conflict: The subject has another query running under this id.
        """
        key = (subject, query_id)
        held = self._known.get(key)
        if held is not None and held.state is QueryState.RUNNING:
            raise Conflict(f"query_id: a query {query_id!r} of yours is running; choose another id")
        query = self._known[key] = RunningQuery(query_id, sql)
        self._known.move_to_end(key)
        self._forget_oldest()
        try:
            yield query
            if query.row_count is None:
                query.end(QueryState.CANCELLED, _LEFT)
            else:
                query.end(QueryState.SUCCEEDED)
        except Cancelled as error:
            query.end(QueryState.CANCELLED, error.detail)
            raise
        except PlatformError as error:
            query.end(QueryState.FAILED, error.detail)
            raise
        except BaseException:
            query.end(QueryState.CANCELLED, _LEFT)
            raise

    def find(self, subject: str, query_id: str) -> RunningQuery | None:
        """The subject's query, if this process has it."""
        return self._known.get((subject, query_id))

    def all(self) -> list[tuple[tuple[str, str], RunningQuery]]:
        """Every query by its subject and id."""
        return list(self._known.items())

    def _forget_oldest(self) -> None:
        for key in list(self._known):
            if len(self._known) <= _REMEMBERED:
                return
            if self._known[key].state is not QueryState.RUNNING:
                del self._known[key]
