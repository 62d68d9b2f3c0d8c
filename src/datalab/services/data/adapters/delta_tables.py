"""Delta tables in a folder: one folder a table, commits by a worker process."""

import asyncio
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from datalab.kernel.failpoint import wrote
from datalab.kernel.full_disk import full_as_storage_full
from datalab.kernel.pool.pool import Pool
from datalab.services.data.adapters.delta_log import newest_version, read_entries
from datalab.services.data.model.dataset import LogEntry
from datalab.services.data.model.ingest import CommitRequest, RestoreRequest

COMMIT_S: Final = 60.0
PUBLISH: Final = "datalab.services.data.adapters.ingest.publish"


class DeltaTables:
    """:class:`~datalab.services.data.ports.Tables` under ``root``."""

    def __init__(self, root: Path, pool: Pool) -> None:
        self._root = root
        self._pool = pool

    def folder(self, dataset_id: str) -> Path:
        """Where the table is, or would be."""
        return self._root / dataset_id

    async def commit(self, request: CommitRequest) -> bool:
        """Publish files as a version. Raises Conflict."""
        return await self._publish("commit", request.model_dump(mode="json"))

    async def restore(self, request: RestoreRequest) -> bool:
        """Publish a past version's files as the newest. Raises Conflict."""
        return await self._publish("restore", request.model_dump(mode="json"))

    async def entries(self, dataset_id: str, after: int) -> list[LogEntry]:
        """The log after a version."""
        return await asyncio.to_thread(read_entries, self.folder(dataset_id), after)

    async def newest_version(self, dataset_id: str) -> int:
        """The newest version in the log."""
        return await asyncio.to_thread(newest_version, self.folder(dataset_id))

    async def ids(self) -> list[str]:
        """Every folder."""
        return await asyncio.to_thread(self._ids)

    async def adopt(self, dataset_id: str, file: Path, name: str) -> None:
        """Move a finished file into the table's folder."""
        with full_as_storage_full("the disk of tables"):
            await asyncio.to_thread(_adopt, file, self.folder(dataset_id), name)
        wrote(f"table file {name}")

    async def remove(self, dataset_id: str) -> None:
        """Delete the folder."""
        await asyncio.to_thread(shutil.rmtree, self.folder(dataset_id), ignore_errors=True)
        wrote(f"table gone {dataset_id}")

    async def discard_file(self, dataset_id: str, name: str) -> None:
        """Delete a file that no version refers to."""
        await asyncio.to_thread(_discard_file, self.folder(dataset_id), name)

    async def age_s(self, dataset_id: str) -> float:
        """Seconds since anything in the folder was written."""
        return await asyncio.to_thread(_age_s, self.folder(dataset_id))

    async def _publish(self, task: str, arguments: Mapping[str, Any]) -> bool:
        done = await self._pool.call("ingest", f"{PUBLISH}:{task}", arguments, timeout_s=COMMIT_S)
        wrote(f"table commit {arguments['folder']}")
        return done["version"] is not None

    def _ids(self) -> list[str]:
        return sorted(path.name for path in self._root.iterdir() if path.is_dir()) if self._root.is_dir() else []


def _adopt(file: Path, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _sync(file)
    file.rename(folder / name)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard_file(folder: Path, name: str) -> None:
    referred = (file.path for entry in read_entries(folder, -1) for file in entry.added)
    if name not in referred:
        (folder / name).unlink(missing_ok=True)


def _age_s(folder: Path) -> float:
    times = [path.stat().st_mtime for path in (folder, *folder.rglob("*")) if path.exists()]
    return time.time() - max(times, default=time.time())
