"""Saved dashboards in the database, each change with its event in one transaction."""

from datetime import UTC, datetime

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.model import Page, PageRequest
from datalab.contracts.viz import Dashboard, DashboardDraft
from datalab.kernel.database.database import Database
from datalab.kernel.database.upsert import upsert
from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.failpoint import reach
from datalab.services.viz.adapters.tables import charts, dashboards
from datalab.services.viz.ports import DashboardCheck


class DashboardTable:
    """:class:`~datalab.services.viz.ports.Dashboards` in a database."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def page(self, page: PageRequest) -> Page[Dashboard]:
        """Dashboards by name."""
        query = select(dashboards).order_by(dashboards.c.name).limit(page.limit + 1)
        if page.cursor is not None:
            query = query.where(dashboards.c.name > page.cursor)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        more = len(rows) > page.limit
        items = tuple(_dashboard(row) for row in rows[: page.limit])
        return Page(items=items, next_cursor=items[-1].name if more else None)

    async def find(self, name: str) -> Dashboard | None:
        """The dashboard of that name."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(dashboards).where(dashboards.c.name == name))).mappings().first()
        return None if row is None else _dashboard(row)

    async def save(self, name: str, draft: DashboardDraft, author: str, check: DashboardCheck) -> Dashboard:
        """Put the draft in place of what is there, unless ``check`` raises. Raises InvalidInput for unknown charts."""
        async with self._database.write() as connection:
            row = await _locked(connection, name)
            present = None if row is None else _dashboard(row)
            check(present)
            await _check_charts(connection, draft)
            dashboard = _saved(name, draft, author, present)
            statement = upsert(
                self._database.dialect, dashboards, key=("name",), update=("title", "tiles", "updated_at")
            )
            await connection.execute(statement, dashboard.model_dump())
            reach("viz.dashboard.save.after_row")
            event = new_event("viz", "viz.dashboard_saved", name, {"name": name})
            await self._outbox.add(connection, [event])
            reach("viz.dashboard.save.after_event")
        return dashboard

    async def delete(self, name: str) -> bool:
        """Take it away; whether it was there."""
        async with self._database.write() as connection:
            gone = await connection.execute(delete(dashboards).where(dashboards.c.name == name))
            if gone.rowcount == 0:
                return False
            reach("viz.dashboard.delete.after_row")
            event = new_event("viz", "viz.dashboard_deleted", name, {"name": name})
            await self._outbox.add(connection, [event])
        return True


async def _locked(connection: AsyncConnection, name: str) -> RowMapping | None:
    """The row, which nobody else changes before this transaction ends."""
    query = select(dashboards).where(dashboards.c.name == name).with_for_update()
    return (await connection.execute(query)).mappings().first()


async def _check_charts(connection: AsyncConnection, draft: DashboardDraft) -> None:
    wanted = {tile.chart for tile in draft.tiles if tile.chart is not None}
    found = set((await connection.execute(select(charts.c.name).where(charts.c.name.in_(wanted)))).scalars())
    faults = [
        FieldError(where=f"tiles[{index}].chart", what=f"there is no chart {tile.chart!r}; save it first")
        for index, tile in enumerate(draft.tiles)
        if tile.chart is not None and tile.chart not in found
    ]
    if faults:
        raise InvalidInput(f"{faults[0].where}: {faults[0].what}", errors=faults)


def _saved(name: str, draft: DashboardDraft, author: str, present: Dashboard | None) -> Dashboard:
    now = datetime.now(UTC)
    return Dashboard(
        name=name,
        title=draft.title,
        tiles=draft.tiles,
        created_by=author if present is None else present.created_by,
        created_at=now if present is None else present.created_at,
        updated_at=now,
    )


def _dashboard(row: RowMapping) -> Dashboard:
    return Dashboard.model_validate(dict(row))
