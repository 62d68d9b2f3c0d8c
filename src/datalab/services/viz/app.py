"""The visualization service put together."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from datalab import catalog
from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor, Caller
from datalab.contracts.jobs import JobKind
from datalab.contracts.viz import VizApi
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import check_schema
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.http.app import AppParts, create_app
from datalab.kernel.http.routes import serve_actions
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile
from datalab.services.viz.actions.dependencies import VizParts
from datalab.services.viz.actions.images import Images
from datalab.services.viz.actions.viz import VizActions
from datalab.services.viz.adapters.chart_table import ChartTable
from datalab.services.viz.adapters.counted_cache import CountedCache
from datalab.services.viz.adapters.dashboard_table import DashboardTable
from datalab.services.viz.adapters.folder_cache import FolderCache
from datalab.services.viz.adapters.pool_renderer import CHILD, PROFILE, PoolRenderer
from datalab.services.viz.jobs import viz_job_kinds
from datalab.services.viz.routes import router
from datalab.services.viz.settings import VizSettings

_V8_RESERVE = 96 * 2**30
"""Address space that V8 reserves without using it."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the service is given. ``pool`` has the profiles of :func:`pool_profiles`; ``home`` holds its cache."""

    settings: VizSettings
    parts: AppParts
    database: Database
    outbox: Outbox
    pool: Pool
    data: ApiFor[DataApi]
    home: Path


def pool_profiles(settings: VizSettings) -> tuple[Profile, ...]:
    """The kind of process that draws: no folder but its own, and no network."""
    return (
        Profile(
            PROFILE,
            preload=(CHILD,),
            memory_bytes=settings.render_memory_bytes,
            reserve_bytes=_V8_RESERVE,
            file_bytes=0,
            concurrency=settings.render_processes,
        ),
    )


def viz_api(dependencies: Dependencies) -> ApiFor[VizApi]:
    """The service for each caller, in this process."""
    settings, database = dependencies.settings, dependencies.database
    folder = settings.cache_path or dependencies.home / "cache" / "viz"
    cache = CountedCache(FolderCache(folder, settings.cache_bytes), dependencies.parts.metrics.cache("viz", "images"))
    renderer = PoolRenderer(dependencies.pool, settings.render_timeout_s)
    parts = VizParts(
        charts=ChartTable(database, dependencies.outbox),
        dashboards=DashboardTable(database, dependencies.outbox),
        images=Images(renderer, cache),
        data=dependencies.data,
        query_timeout_s=settings.query_timeout_s,
    )

    def bound(caller: Caller) -> VizApi:
        return VizActions(parts, caller)

    return bound


def job_kinds(dependencies: Dependencies) -> tuple[JobKind, ...]:
    """The kinds of job that this service's workers run."""
    return viz_job_kinds(viz_api(dependencies))


def build(dependencies: Dependencies) -> FastAPI:
    """The service's app."""
    dependencies.parts.readiness.add("database", partial(check_schema, dependencies.database), required=True)
    app = create_app(catalog.VIZ, dependencies.parts)
    serve_actions(app, viz_api(dependencies), router)
    return app
