"""Events that wait in the database, written by the same transaction as the change they tell of."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from weakref import WeakSet

from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, Row, String, Table, delete, insert, or_, select
from sqlalchemy import update as change
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.kernel.database.clock import database_now
from datalab.kernel.database.database import Database
from datalab.kernel.database.types import Id, Json, UtcDateTime
from datalab.kernel.events.event import Event
from datalab.kernel.upkeep import BATCH, in_batches

outbox = Table(
    "outbox",
    MetaData(),
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("id", Id, nullable=False, unique=True),
    Column("topic", String(200), nullable=False),
    Column("key", String(500), nullable=False),
    Column("payload", Json, nullable=False),
    Column("occurred_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
)


class Outbox:
    """The events of one service that no bus has taken yet."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._carriers: WeakSet[AsyncConnection] = WeakSet()

    async def add(self, connection: AsyncConnection, events: Sequence[Event]) -> None:
        """Write events in the transaction of ``connection``: they will be told if it commits, and only then."""
        if not events:
            return
        await connection.execute(insert(outbox), [event.model_dump(exclude={"service"}) for event in events])
        self._carriers.add(connection)

    def on_added(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call ``heard`` when a transaction of this object that added events has committed; the result ends it."""

        def committed(connection: AsyncConnection) -> None:
            if connection in self._carriers:
                self._carriers.discard(connection)
                heard()

        return self._database.on_commit(committed)

    async def claim(self, limit: int, lease: timedelta) -> list[tuple[Event, int]]:
        """The oldest events that are due, with how often each was tried before; nobody else gets them for ``lease``."""
        due = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= database_now())
        oldest = select(outbox.c.position).where(due).order_by(outbox.c.position).limit(limit)
        async with self._database.read() as connection:
            if (await connection.execute(oldest.limit(1))).first() is None:
                return []
        taken = oldest.with_for_update(skip_locked=True).cte("taken")  # SQLite, having one writer, leaves it out
        claimed = (
            change(outbox)
            .where(outbox.c.position.in_(select(taken.c.position)))
            .values(not_before=database_now(lease), attempts=outbox.c.attempts + 1)
            .returning(outbox)
        )
        async with self._database.write() as connection:
            rows = (await connection.execute(claimed)).all()
        return [(self._event(row), row.attempts - 1) for row in sorted(rows, key=lambda row: row.position)]

    async def remove(self, events: Sequence[Event]) -> None:
        """Forget events that the bus has taken."""
        if events:
            async with self._database.write() as connection:
                await connection.execute(delete(outbox).where(outbox.c.id.in_([event.id for event in events])))

    async def postpone(self, events: Sequence[Event], wait: timedelta) -> None:
        """Let events be claimed again after ``wait``."""
        if events:
            ids = [event.id for event in events]
            statement = change(outbox).where(outbox.c.id.in_(ids)).values(not_before=database_now(wait))
            async with self._database.write() as connection:
                await connection.execute(statement)

    async def forget(self, kept: timedelta) -> int:
        """Delete events that nobody was told of for longer than ``kept``; how many there were.

        What was told is gone at once; these are from a time without a bus, or what every bus refused.
        """

        async def some() -> int:
            old = select(outbox.c.position).where(outbox.c.occurred_at < database_now(-kept)).limit(BATCH)
            async with self._database.write() as connection:
                found = list((await connection.execute(old.with_for_update(skip_locked=True))).scalars())
                if found:
                    await connection.execute(delete(outbox).where(outbox.c.position.in_(found)))
            return len(found)

        return await in_batches(some)

    def _event(self, row: Row[Any]) -> Event:
        return Event(
            id=row.id,
            topic=row.topic,
            key=row.key,
            payload=row.payload,
            occurred_at=row.occurred_at,
            service=self._database.service,
        )
