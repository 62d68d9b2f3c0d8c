"""Queries by their id: running ones can be stopped, ended ones are remembered for a while."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Collection, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from datalab.contracts.data import QueryState, QueryStatus
from datalab.contracts.errors import Cancelled, Conflict, PlatformError

T = TypeVar("T")
_REMEMBERED = 1_000
_SQL_SHOWN = 20_000
_LEFT = "the caller went away before the answer was whole"


class RunningQuery:
    """One query from its beginning to its end."""

    def __init__(self, query_id: str, sql: str, by: str, *, listed: bool) -> None:
        self.query_id = query_id
        self.by = by
        self.listed = listed
        self.cached = False
        self.row_count: int | None = None
        self.state = QueryState.RUNNING
        self._sql = sql[:_SQL_SHOWN]
        self._sql_cut = len(sql) > _SQL_SHOWN
        self.started_at = datetime.now(UTC)
        self._begun = time.perf_counter()
        self._elapsed_ms: float | None = None
        self._finished_at: datetime | None = None
        self._error: str | None = None
        self._stopped = asyncio.Event()

    def status(self) -> QueryStatus:
        """Where it stands."""
        return QueryStatus(
            query_id=self.query_id,
            by=self.by,
            sql=self._sql,
            sql_cut=self._sql_cut,
            state=self.state,
            started_at=self.started_at,
            finished_at=self._finished_at,
            elapsed_ms=self._elapsed_ms,
            row_count=self.row_count,
            cached=self.cached,
            error=self._error,
        )

    @property
    def is_running(self) -> bool:
        """Whether it hasn't ended."""
        return self.state is QueryState.RUNNING

    def stop(self) -> None:
        """Have whoever waits for it get Cancelled."""
        self._stopped.set()

    def end(self, state: QueryState, error: str | None = None) -> None:
        """It has ended so."""
        self.state, self._error, self._finished_at = state, error, datetime.now(UTC)
        self._elapsed_ms = round((time.perf_counter() - self._begun) * 1000, 2)

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
        self._ended: deque[tuple[tuple[str, str], RunningQuery]] = deque(maxlen=_REMEMBERED)

    @contextmanager
    def running(self, key: tuple[str, str], sql: str, by: str, *, listed: bool) -> Generator[RunningQuery]:
        """Register a query (by subject and id) for as long as the block runs; how the block ends is how it ended.

        ``listed``: somebody wrote it, so that it belongs in the history.

        Raises:
            Conflict: The subject has another query running under this id.
        """
        query_id = key[1]
        held = self._known.get(key)
        if held is not None and held.state is QueryState.RUNNING:
            raise Conflict(f"query_id: a query {query_id!r} of yours is running; choose another id")
        query = self._known[key] = RunningQuery(query_id, sql, by, listed=listed)
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
        finally:
            self._ended.append((key, query))

    def find(self, subject: str, query_id: str) -> RunningQuery | None:
        """The subject's query, if this process has it."""
        return self._known.get((subject, query_id))

    def ended(self) -> list[tuple[tuple[str, str], RunningQuery]]:
        """Those that ended and weren't told of yet; when there are too many, the latest."""
        return list(self._ended)

    def told(self, ended: Collection[tuple[tuple[str, str], RunningQuery]]) -> None:
        """These were told of."""
        done = {id(query) for _, query in ended}
        left = [one for one in self._ended if id(one[1]) not in done]
        self._ended = deque(left, maxlen=_REMEMBERED)

    def all(self) -> list[tuple[tuple[str, str], RunningQuery]]:
        """Every query by its subject and id."""
        return list(self._known.items())

    def _forget_oldest(self) -> None:
        for key in list(self._known):
            if len(self._known) <= _REMEMBERED:
                return
            if self._known[key].state is not QueryState.RUNNING:
                del self._known[key]
