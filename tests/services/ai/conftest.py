"""The service over real databases and a real pool; other services are fakes at its edge."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sklearn.ensemble  # noqa: F401 - its threads are limited below
from tests.services.ai.fakes import FakeCompute, FakeData
from tests.services.ai.flights import FEATURES, flights
from tests.services.ai.training import train_on
from threadpoolctl import threadpool_limits

from datalab.contracts.ai import AiApi, ModelVersion
from datalab.contracts.identity import Caller, Role
from datalab.contracts.ids import new_id
from datalab.contracts.jobs import JobKind, JobResult
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.pool.pool import Pool
from datalab.kernel.storage.folder import FolderStore
from datalab.kernel.testing.app import app_parts
from datalab.kernel.testing.identity import caller
from datalab.kernel.testing.jobs import RecordedAttempt
from datalab.kernel.testing.schemas import bring_to_head
from datalab.services.ai.adapters.files import StoredFiles
from datalab.services.ai.adapters.registry import DatabaseRegistry
from datalab.services.ai.app import Dependencies, ai_api, build, job_kinds, pool_profiles
from datalab.services.ai.model.training import TrainedModel
from datalab.services.ai.model.version import NewVersion
from datalab.services.ai.settings import AiSettings


@dataclass(frozen=True)
class Trained:
    """What training came to, and the folder with the files."""

    model: TrainedModel
    folder: Path


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """As in the pool; on a busy machine the threads of OpenMP would wait for each other."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def lateness(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A classification, trained once."""
    folder = tmp_path_factory.mktemp("lateness")
    return Trained(train_on(flights(), folder, features=FEATURES), folder)


@pytest.fixture(scope="session")
def delay(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A regression, trained once."""
    folder = tmp_path_factory.mktemp("delay")
    return Trained(train_on(flights(), folder, target="delay", features=FEATURES), folder)


@dataclass
class Service:
    """The service in parts."""

    dependencies: Dependencies
    data: FakeData
    compute: FakeCompute
    home: Path

    @property
    def registry(self) -> DatabaseRegistry:
        return DatabaseRegistry(self.dependencies.database, self.dependencies.outbox)

    @property
    def files(self) -> StoredFiles:
        return StoredFiles(self.dependencies.store)

    def api(self, who: Caller | None = None) -> AiApi:
        return ai_api(self.dependencies)(who or caller())

    @property
    def kind(self) -> JobKind:
        (kind,) = job_kinds(self.dependencies)
        return kind

    def attempt(self, who: Caller | None = None) -> RecordedAttempt:
        return RecordedAttempt(self.compute.jobs[-1], who or caller(), self.home)

    async def run_last_job(self) -> JobResult:
        return await self.kind.handler(self.attempt())

    async def new_version(self, trained: Trained, model: str = "lateness", **changed: object) -> NewVersion:
        """What a training job would register, its files kept."""
        told = trained.model
        job_id = str(changed.get("job_id") or new_id())
        new = NewVersion(
            model=model,
            target="late",
            algorithm=told.algorithm,
            engine=told.engine,
            recipe=told.recipe,
            features=told.features,
            metrics=told.metrics,
            baseline=told.baseline,
            card=told.card,
            files=await self.files.keep(job_id, trained.folder, told.files),
            job_id=job_id,
            created_by="ada",
            alias=None,
        )
        return new.model_copy(update=changed)

    async def register(self, trained: Trained, model: str = "lateness", **changed: object) -> ModelVersion:
        return await self.registry.register(await self.new_version(trained, model, **changed))

    def client(self, role: Role | None = Role.ADMIN) -> httpx.AsyncClient:
        headers = {} if role is None else {"Authorization": f"Bearer {caller(role).token.get_secret_value()}"}
        transport = httpx.ASGITransport(app=build(self.dependencies))
        return httpx.AsyncClient(transport=transport, base_url="http://ai", headers=headers)


@pytest.fixture
async def database(database_url: DatabaseUrl) -> AsyncIterator[Database]:
    async with Database(database_url, "ai") as opened:
        await bring_to_head(opened)
        yield opened


@pytest.fixture
async def service(database: Database, tmp_home: Path, forked_workers: None) -> AsyncIterator[Service]:
    async with _service(database, tmp_home) as made:
        yield made


@asynccontextmanager
async def _service(database: Database, home: Path) -> AsyncIterator[Service]:
    settings = AiSettings(loaded_models=2)
    data, compute = FakeData({"flights": flights()}), FakeCompute()
    async with Pool(pool_profiles(settings, home), scratch=home / "pool") as pool:
        dependencies = Dependencies(
            settings=settings,
            parts=app_parts(),
            database=database,
            outbox=Outbox(database),
            store=FolderStore(settings.models_folder(home)),
            pool=pool,
            data=lambda _: data,
            compute=lambda _: compute,
            home=home,
        )
        yield Service(dependencies, data, compute, home)
