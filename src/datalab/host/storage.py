"""The object store, when the environment names one."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datalab.kernel.config.storage import StorageSettings

if TYPE_CHECKING:
    from datalab.kernel.storage.readiness import StorageCheck
    from datalab.kernel.storage.s3 import S3ObjectStore

MIB = 2**20


@dataclass(frozen=True, slots=True)
class SharedStore:
    """The store, and whether it can be used."""

    objects: "S3ObjectStore"
    check: "StorageCheck"


def open_store(home: Path) -> SharedStore | None:
    """The store that ``DATALAB_STORAGE_URL`` names; nothing is connected yet. Raises InvalidInput."""
    settings = StorageSettings()
    if settings.url is None:
        return None
    from datalab.kernel.storage.cache import LocalCache
    from datalab.kernel.storage.readiness import StorageCheck
    from datalab.kernel.storage.s3 import S3ObjectStore
    from datalab.kernel.storage.s3_bucket import Bucket

    objects = S3ObjectStore(Bucket(settings), LocalCache(_cache(home), settings.cache_mib * MIB))
    return SharedStore(objects, StorageCheck(objects))


def local_folder(home: Path, name: str) -> Path | None:
    """Where this machine has files of the store's folder ``name``; ``None`` without a store."""
    return None if StorageSettings().url is None else _cache(home) / name


def _cache(home: Path) -> Path:
    return home.resolve() / "cache" / "objects"
