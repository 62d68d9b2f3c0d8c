"""The data service's app, put together."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from datalab import catalog
from datalab.contracts.data import DataApi
from datalab.contracts.identity import ApiFor, Caller
from datalab.contracts.jobs import JobKind
from datalab.kernel.database.database import Database
from datalab.kernel.database.schema import check_schema
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.http.app import AppParts, create_app
from datalab.kernel.http.routes import serve_actions
from datalab.kernel.pool.pool import Pool
from datalab.kernel.pool.profile import Profile
from datalab.kernel.storage.port import TableStore
from datalab.services.data.actions.answers import AnswerCache
from datalab.services.data.actions.api import DataActions
from datalab.services.data.actions.indexing import Indexing
from datalab.services.data.actions.parts import Parts
from datalab.services.data.actions.profile_cache import Profiles
from datalab.services.data.actions.queries import Queries
from datalab.services.data.actions.shared_queries import SharedQueries
from datalab.services.data.actions.upkeep import UpkeepTimes, upkeep
from datalab.services.data.actions.version_files import VersionFiles
from datalab.services.data.adapters.deleted_datasets import DeletedDatasets
from datalab.services.data.adapters.delta_tables import DeltaTables
from datalab.services.data.adapters.holding import HoldingEngine, HoldingIngest
from datalab.services.data.adapters.metadata import MetadataCatalogue
from datalab.services.data.adapters.query_log import DatabaseQueryLog
from datalab.services.data.adapters.spool import FolderSpool
from datalab.services.data.adapters.stored_tables import StoredTables
from datalab.services.data.adapters.workers import PoolEngine, PoolIngest
from datalab.services.data.jobs import data_job_kinds
from datalab.services.data.model.limits import Limits
from datalab.services.data.model.statement import EngineLimits
from datalab.services.data.ports import Engine, Ingest, Tables
from datalab.services.data.routes import contents, datasets, query, rows, uploads
from datalab.services.data.settings import MIB, DataSettings

UPLOADS = re.compile(r"/api/v1/data/datasets/[^/]+")
HOLD_BYTES, PAGE_HOLD_BYTES = 256 * 1024, 16 * MIB


@dataclass(frozen=True)
class ActionsFor:
    """Gives the actions for a caller, all over the same parts."""

    parts: Parts

    def __call__(self, caller: Caller) -> DataActions:
        """The actions for this caller."""
        return DataActions(self.parts, caller)


@dataclass(frozen=True)
class Dependencies:
    """What the data service is built from. ``outbox`` writes into ``database``; ``pool`` has :func:`pool_profiles`."""

    settings: DataSettings
    database: Database
    outbox: Outbox
    pool: Pool
    parts: AppParts
    store: TableStore | None = None
    """Keeps the tables, when not the folder of the settings."""


def pool_profiles(settings: DataSettings, tables: Path | None = None) -> tuple[Profile, ...]:
    """The kinds of worker processes that the service needs.

    ``tables``: where local files of tables in an object store are; none when tables are in the folder of the settings.
    """
    sql = Profile(
        name="sql",
        preload=("pytz", "datalab.services.data.adapters.engine.run", "datalab.services.data.adapters.engine.profile"),
        reads=(tables or settings.tables_folder,),
        memory_bytes=2 * settings.query_memory_mib * MIB,
        reserve_bytes=1024 * MIB,
        threads=1,
        concurrency=settings.query_workers,
    )
    ingest = Profile(
        name="ingest",
        preload=(
            "datalab.services.data.adapters.ingest.parse",
            "datalab.services.data.adapters.ingest.preview",
            "datalab.services.data.adapters.ingest.publish",
        ),
        reads=() if tables is None else (tables,),
        writes=(settings.tables_folder if tables is None else settings.commits_folder, settings.spool_folder),
        memory_bytes=3 * settings.ingest_memory_mib * MIB,
        reserve_bytes=1024 * MIB,
        file_bytes=settings.expanded_max_bytes,
        threads=1,
        concurrency=settings.ingest_workers,
    )
    return sql, ingest


def actions_for(dependencies: Dependencies) -> ActionsFor:
    """The service's actions for a caller; all of them share what is remembered."""
    return ActionsFor(parts_of(dependencies))


def api_for(actions: ActionsFor) -> ApiFor[DataApi]:
    """The same as its Protocol, for other services in this process."""
    return actions


def job_kinds(dependencies: Dependencies, actions: ActionsFor | None = None) -> tuple[JobKind, ...]:
    """The kinds of jobs whose handlers live here."""
    return data_job_kinds(actions or actions_for(dependencies))


def build(dependencies: Dependencies, actions: ActionsFor | None = None) -> FastAPI:
    """The app. ``actions``: those of :func:`actions_for` when the process uses them elsewhere too."""
    bound = actions or actions_for(dependencies)
    settings = dependencies.settings

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        times = UpkeepTimes(
            every_s=settings.reconcile_s,
            deleted_kept_s=settings.deleted_kept_s,
            orphan_kept_s=settings.orphan_kept_s,
            queries_kept_s=settings.queries_kept_s,
            queries_kept=settings.queries_kept,
        )
        async with upkeep(bound.parts, times):
            yield

    _add_checks(dependencies)
    app = create_app(catalog.DATA, dependencies.parts, lifespan=lifespan, streamed_paths=UPLOADS)
    serve_actions(app, bound, datasets.router, uploads.router, contents.router, rows.router, query.router)
    return app


def _add_checks(dependencies: Dependencies) -> None:
    settings = dependencies.settings
    folders = [settings.spool_folder, settings.tables_folder if dependencies.store is None else settings.commits_folder]

    async def storage_ready() -> str:
        for folder in folders:
            await asyncio.to_thread(_check_writable, folder)
        return "writable"

    dependencies.parts.readiness.add("database", partial(check_schema, dependencies.database), required=True)
    dependencies.parts.readiness.add("storage", storage_ready, required=True)


def _check_writable(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(f"{folder} isn't writable")


def parts_of(dependencies: Dependencies) -> Parts:
    """The service's parts behind its ports."""
    settings = dependencies.settings
    catalogue = MetadataCatalogue(dependencies.database, dependencies.outbox)
    tables, ingest, engine = _workers(dependencies)
    queries = Queries()
    return Parts(
        catalogue=catalogue,
        deleted=DeletedDatasets(dependencies.database, dependencies.outbox),
        tables=tables,
        spool=FolderSpool(settings.spool_folder, settings.upload_max_bytes),
        ingest=ingest,
        engine=engine,
        files=VersionFiles(catalogue, tables),
        queries=queries,
        shared_queries=SharedQueries(queries, DatabaseQueryLog(dependencies.database)),
        answers=AnswerCache(settings.cache_mib * MIB, dependencies.parts.metrics.cache("data", "answers")),
        profiles=Profiles(),
        indexing=Indexing(catalogue, tables),
        limits=_limits(settings),
    )


def _workers(dependencies: Dependencies) -> tuple[Tables, Ingest, Engine]:
    """Where tables are, and what reads them."""
    settings, pool = dependencies.settings, dependencies.pool
    ingest, engine = PoolIngest(pool, settings.ingest_timeout_s), PoolEngine(pool)
    if dependencies.store is None:
        return DeltaTables(settings.tables_folder, pool), ingest, engine
    tables = StoredTables(dependencies.store, pool, settings.commits_folder)
    return tables, HoldingIngest(ingest, tables.held), HoldingEngine(engine, tables.held)


def _limits(settings: DataSettings) -> Limits:
    spill = settings.spill_mib * MIB
    return Limits(
        statement=EngineLimits(
            memory_bytes=settings.query_memory_mib * MIB, spill_bytes=spill, threads=settings.query_threads
        ),
        parse=EngineLimits(memory_bytes=settings.ingest_memory_mib * MIB, spill_bytes=spill, threads=2),
        expanded_max_bytes=settings.expanded_max_bytes,
        hold_bytes=HOLD_BYTES,
        page_hold_bytes=PAGE_HOLD_BYTES,
        deleted_kept_s=settings.deleted_kept_s,
    )
