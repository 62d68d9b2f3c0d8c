"""A process that makes one change to charts or dashboards, to be killed at a failpoint: arguments are where and what."""

import asyncio
import sys

from datalab.contracts.viz import ChartDraft, DashboardDraft, Tile
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import parse_database_url
from datalab.kernel.events.outbox import Outbox
from datalab.services.viz.adapters.chart_table import ChartTable
from datalab.services.viz.adapters.dashboard_table import DashboardTable

DRAFT = ChartDraft(spec={"mark": "bar"}, sql="SELECT 1")


async def change(url: str, what: str) -> None:
    async with Database(parse_database_url(url), "viz") as database:
        charts = ChartTable(database, Outbox(database))
        dashboards = DashboardTable(database, Outbox(database))
        match what:
            case "viz.chart.save":
                await charts.save("late", DRAFT, "ada", lambda _: None)
            case "viz.chart.delete":
                await charts.delete("late")
            case "viz.dashboard.save":
                await dashboards.save("board", DashboardDraft(tiles=(Tile(chart="late"),)), "ada", lambda _: None)
            case "viz.dashboard.delete":
                await dashboards.delete("board")
            case _:
                raise ValueError(what)


if __name__ == "__main__":
    asyncio.run(change(*sys.argv[1:]))
