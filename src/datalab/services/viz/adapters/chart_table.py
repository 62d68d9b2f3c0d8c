"""Saved charts in the database, each change with its event in one transaction."""

from datetime import UTC, datetime

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import Chart, ChartDraft
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import upsert
from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach
from datalab.services.viz.adapters.tables import charts
from datalab.services.viz.ports import ChartCheck

_REPLACED = ("title", "spec", "sql", "dataset", "scale", "theme", "publication", "updated_at")


class ChartTable:
    """:class:`~datalab.services.viz.ports.Charts` in a database."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def page(self, page: PageRequest) -> Page[Chart]:
        """Charts by name."""
        query = select(charts).order_by(charts.c.name).limit(page.limit + 1)
        if page.cursor is not None:
            query = query.where(charts.c.name > page.cursor)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        more = len(rows) > page.limit
        items = tuple(_chart(row) for row in rows[: page.limit])
        return Page(items=items, next_cursor=items[-1].name if more else None)

    async def find(self, name: str) -> Chart | None:
        """The chart of that name."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(charts).where(charts.c.name == name))).mappings().first()
        return None if row is None else _chart(row)

    async def save(self, name: str, draft: ChartDraft, author: str, check: ChartCheck) -> Chart:
        """Put the draft in place of what is there, unless ``check`` raises."""
        async with self._database.write() as connection:
            row = await _locked(connection, name)
            check(None if row is None else _chart(row))
            if row is not None and draft.publication is not None and row["publication"] == draft.publication:
                return _chart(row)
            chart = _saved(name, draft, author, None if row is None else _chart(row))
            values = chart.model_dump() | {"publication": draft.publication}
            statement = upsert(self._database.dialect, charts, key=("name",), update=_REPLACED)
            await connection.execute(statement, values)
            reach("viz.chart.save.after_row")
            event = new_event("viz", "viz.chart_saved", name, {"name": name})
            await self._outbox.add(connection, [event])
            reach("viz.chart.save.after_event")
        return chart

    async def delete(self, name: str) -> bool:
        """Take it away; whether it was there."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(charts).where(charts.c.name == name))
            if gone.rowcount == 0:
                return False
            reach("viz.chart.delete.after_row")
            event = new_event("viz", "viz.chart_deleted", name, {"name": name})
            await self._outbox.add(connection, [event])
        return True


async def _locked(connection: AsyncConnection, name: str) -> RowMapping | None:
    """The row, which nobody else changes before this transaction ends."""
    return (await connection.execute(select(charts).where(charts.c.name == name).with_for_update())).mappings().first()


def _saved(name: str, draft: ChartDraft, author: str, present: Chart | None) -> Chart:
    now = datetime.now(UTC)
    return Chart(
        name=name,
        title=draft.title,
        spec=draft.spec,
        sql=draft.sql,
        dataset=draft.dataset,
        scale=draft.scale,
        theme=draft.theme,
        created_by=author if present is None else present.created_by,
        created_at=now if present is None else present.created_at,
        updated_at=now,
    )


def _chart(row: RowMapping) -> Chart:
    return Chart.model_validate({name: value for name, value in row.items() if name != "publication"})
