"""Both stores."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from datalab.kernel.config.storage import StorageSettings
from datalab.kernel.storage.cache import LocalCache
from datalab.kernel.storage.folder import FolderStore
from datalab.kernel.storage.port import ObjectStore
from datalab.kernel.storage.s3 import S3ObjectStore
from datalab.kernel.storage.s3_bucket import Bucket
from datalab.kernel.testing.s3 import ACCESS_KEY, SECRET_KEY, new_bucket

MIB = 2**20
Open = Callable[..., AbstractAsyncContextManager[S3ObjectStore]]


def settings_for(server: str, bucket: str) -> StorageSettings:
    return StorageSettings(
        url=f"s3://{bucket}/some/prefix",
        endpoint_url=server,
        access_key_id=ACCESS_KEY,
        secret_access_key=SecretStr(SECRET_KEY),
    )


@asynccontextmanager
async def opened(settings: StorageSettings, folder: Path, max_bytes: int = 100 * MIB) -> AsyncIterator[S3ObjectStore]:
    store = S3ObjectStore(Bucket(settings), LocalCache(folder, max_bytes))
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
def bucket(s3_server: str) -> StorageSettings:
    """A new bucket on the run's server."""
    return settings_for(s3_server, new_bucket(s3_server))


@pytest.fixture
async def s3(bucket: StorageSettings, tmp_path: Path) -> AsyncIterator[S3ObjectStore]:
    async with opened(bucket, tmp_path / "cache") as store:
        yield store


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ObjectStore]:
    """An empty store of each kind."""
    if request.param == "folder":
        yield FolderStore(tmp_path)
        return
    server = str(request.getfixturevalue("s3_server"))
    async with opened(settings_for(server, new_bucket(server)), tmp_path / "cache") as made:
        yield made
