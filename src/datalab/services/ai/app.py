"""The AI service put together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from datalab.catalog import AI
from datalab.contracts.ai import AiApi
from datalab.contracts.compute import ComputeApi
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
from datalab.kernel.storage.port import ObjectStore
from datalab.kernel.upkeep import upkeep
from datalab.services.ai.actions.dependencies import ActionDependencies
from datalab.services.ai.actions.models import AiActions
from datalab.services.ai.actions.sweeping import sweep
from datalab.services.ai.adapters.files import StoredFiles
from datalab.services.ai.adapters.registry import DatabaseRegistry
from datalab.services.ai.adapters.serving.estimator import PREDICT_PROFILE
from datalab.services.ai.adapters.serving.predictor import ModelPredictor
from datalab.services.ai.adapters.trainer import TRAIN_PROFILE, PoolTrainer
from datalab.services.ai.jobs import kinds_over
from datalab.services.ai.routes import router
from datalab.services.ai.settings import AiSettings


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the service is given. ``store`` holds model files; ``pool`` has the profiles of :func:`pool_profiles`."""

    settings: AiSettings
    parts: AppParts
    database: Database
    outbox: Outbox
    store: ObjectStore
    pool: Pool
    data: ApiFor[DataApi]
    compute: ApiFor[ComputeApi]
    home: Path


def pool_profiles(settings: AiSettings, home: Path, models: Path | None = None) -> tuple[Profile, ...]:
    """The kinds of worker processes that the service uses; they start with the first call.

    ``models``: where local files of models are, when not in the folder of the settings.
    """
    train = Profile(
        TRAIN_PROFILE,
        writes=(settings.staging_folder(home),),
        memory_bytes=settings.train_memory_bytes,
        max_tasks=10,
        idle_s=10,
        warm=0,
        concurrency=settings.trainings,
    )
    predict = Profile(PREDICT_PROFILE, reads=(models or settings.models_folder(home),))
    return train, predict


def ai_api(dependencies: Dependencies) -> ApiFor[AiApi]:
    """The service for each caller, in this process."""
    its = _put_together(dependencies)

    def bound(caller: Caller) -> AiApi:
        return AiActions(its, caller)

    return bound


def job_kinds(dependencies: Dependencies) -> tuple[JobKind, ...]:
    """The kinds of job that this service's workers run."""
    return kinds_over(_put_together(dependencies))


def build(dependencies: Dependencies) -> FastAPI:
    """The service's app."""
    dependencies.parts.readiness.add("database", partial(check_schema, dependencies.database), required=True)
    app = create_app(AI, dependencies.parts, lifespan=lambda _: upkeep("model files", _sweeping(dependencies)))
    serve_actions(app, ai_api(dependencies), router)
    return app


def _sweeping(dependencies: Dependencies) -> Callable[[], Awaitable[int]]:
    registry = DatabaseRegistry(dependencies.database, dependencies.outbox)
    kept = timedelta(days=dependencies.settings.leftover_days)
    return partial(sweep, registry, StoredFiles(dependencies.store), kept)


def _put_together(dependencies: Dependencies) -> ActionDependencies:
    settings, store, pool = dependencies.settings, dependencies.store, dependencies.pool
    registry = DatabaseRegistry(dependencies.database, dependencies.outbox)
    return ActionDependencies(
        registry=registry,
        files=StoredFiles(store),
        predictor=ModelPredictor(registry.servable, store, pool, settings.loaded_models),
        trainer=PoolTrainer(pool),
        data=dependencies.data,
        compute=dependencies.compute,
        staging=settings.staging_folder(dependencies.home),
        most_training_bytes=settings.most_training_bytes,
        most_onnx_bytes=settings.most_onnx_bytes,
    )
