"""Delta tables in an object store. A commit is made in a folder of its own, by a worker that has neither network nor keys.

What it adds to the log then becomes an object that only one of several writers can create: that is the commit point.
"""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from datalab.contracts.errors import Conflict, InternalError, Unavailable
from datalab.kernel.failpoint import wrote
from datalab.kernel.full_disk import full_as_storage_full
from datalab.kernel.pool.pool import Pool
from datalab.kernel.storage.port import ObjectNotFound, TableStore
from datalab.kernel.telemetry.logs import get_logger
from datalab.services.data.adapters.delta_log import LOG, entry_of, log_name, version_of
from datalab.services.data.adapters.delta_tables import COMMIT_S, PUBLISH
from datalab.services.data.adapters.staging import LAST_CHECKPOINT, Stage, log_needed
from datalab.services.data.model.dataset import LogEntry
from datalab.services.data.model.ingest import CommitRequest, RestoreRequest

ROOT: Final = "tables"
_log = get_logger(__name__)


class StoredTables:
    """:class:`~datalab.services.data.ports.Tables` under ``tables/`` in a store; commits are made ready in ``stages``."""

    def __init__(self, store: TableStore, pool: Pool, stages: Path) -> None:
        self._store = store
        self._pool = pool
        self._stages = stages
        self._newest: dict[str, int] = {}

    def folder(self, dataset_id: str) -> Path:
        """Where local files of the table are while they are held."""
        return self._store.place(f"{ROOT}/{dataset_id}")

    @asynccontextmanager
    async def held(self, files: Collection[str]) -> AsyncGenerator[None]:
        """Have these local files of tables, by their paths, for as long as the block."""
        root = self._store.place(ROOT)
        keys = [f"{ROOT}/{Path(file).relative_to(root).as_posix()}" for file in files]
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._store.held(keys))
            except ObjectNotFound as error:
                raise InternalError(
                    "a table's files can't be read; the log has the cause under this request id"
                ) from error
            yield

    async def commit(self, request: CommitRequest) -> bool:
        """Publish files as a version. Raises Conflict."""
        dataset_id = Path(request.folder).name
        log = log_needed(await self._log_names(dataset_id))
        return await self._publish("commit", request, log, [file.path for file in request.files])

    async def restore(self, request: RestoreRequest) -> bool:
        """Publish a past version's files as the newest. Raises Conflict."""
        prefix = f"{ROOT}/{Path(request.folder).name}/"
        names = [key.removeprefix(prefix) for key in await self._store.list(prefix)]
        log = [name.removeprefix(f"{LOG}/") for name in names if name.startswith(f"{LOG}/")]
        files = [name for name in names if not name.startswith(f"{LOG}/")]
        return await self._publish("restore", request, [name for name in log if name != LAST_CHECKPOINT], files)

    async def entries(self, dataset_id: str, after: int) -> list[LogEntry]:
        """The log after a version."""
        versions = range(after + 1, await self.newest_version(dataset_id) + 1)
        keys = [_log_key(dataset_id, log_name(version)) for version in versions]
        async with self._store.held(keys):
            texts = await asyncio.to_thread(
                lambda: [self._store.place(key).read_text(encoding="utf-8") for key in keys]
            )
        return [entry_of(text, version) for text, version in zip(texts, versions, strict=True)]

    async def newest_version(self, dataset_id: str) -> int:
        """The newest version in the log. It is looked for after the one that was known: that is cheap."""
        known = self._newest.get(dataset_id)
        if known is None:
            found = (version_of(name) for name in await self._log_names(dataset_id))
            known = max((version for version in found if version is not None), default=-1)
        while known >= 0 and await self._store.exists(_log_key(dataset_id, log_name(known + 1))):
            known += 1
        if known >= 0:
            self._newest[dataset_id] = known
        return known

    async def ids(self) -> list[str]:
        """Every folder."""
        return list(await self._store.folders(f"{ROOT}/"))

    async def adopt(self, dataset_id: str, file: Path, name: str) -> None:
        """Move a finished file into the table."""
        await self._store.adopt(f"{ROOT}/{dataset_id}/{name}", file)

    async def remove(self, dataset_id: str) -> None:
        """Delete the table."""
        await self._store.clear(f"{ROOT}/{dataset_id}/")
        self._newest.pop(dataset_id, None)

    async def discard_file(self, dataset_id: str, name: str) -> None:
        """Delete a file that no version refers to."""
        referred = {file.path for entry in await self.entries(dataset_id, -1) for file in entry.added}
        if name not in referred:
            await self._store.delete(f"{ROOT}/{dataset_id}/{name}")

    async def age_s(self, dataset_id: str) -> float:
        """Seconds since anything of the table was written."""
        at = await self._store.written_at(f"{ROOT}/{dataset_id}/")
        return 0.0 if at is None else (datetime.now(UTC) - at).total_seconds()

    async def _log_names(self, dataset_id: str) -> list[str]:
        prefix = _log_key(dataset_id, "")
        return [key.removeprefix(prefix) for key in await self._store.list(prefix)]

    async def _publish(
        self, task: str, request: CommitRequest | RestoreRequest, log: list[str], files: list[str]
    ) -> bool:
        dataset_id = Path(request.folder).name
        stage = Stage(self._stages)
        try:
            keys = {name: _log_key(dataset_id, name) for name in log}
            async with self._store.held(keys.values()):
                with full_as_storage_full("the disk of commits"):
                    places = {name: self._store.place(key) for name, key in keys.items()}
                    await asyncio.to_thread(stage.fill, places, files)
            arguments = request.model_copy(update={"folder": str(stage.folder)}).model_dump(mode="json")
            done = await self._pool.call("ingest", f"{PUBLISH}:{task}", arguments, timeout_s=COMMIT_S)
            if done["version"] is None:
                return False
            await self._append(dataset_id, stage, done["version"], request.publication)
            await self._add_checkpoint(dataset_id, stage, log)
            return True
        finally:
            await asyncio.shield(asyncio.to_thread(stage.clear))

    async def _append(self, dataset_id: str, stage: Stage, version: int, publication: str) -> None:
        """Create the log's next entry. Raises Conflict when another writer's is there."""
        key = _log_key(dataset_id, log_name(version))
        if not await self._store.create(key, stage.read(log_name(version))):
            # An answer that was lost had the client ask twice: then the entry is our own.
            theirs = entry_of((await self._store.read(key)).decode(), version)
            if theirs.publication != publication:
                raise Conflict("the dataset changed meanwhile")
        wrote(f"table commit {dataset_id}")

    async def _add_checkpoint(self, dataset_id: str, stage: Stage, log: Collection[str]) -> None:
        """Keep the checkpoint that the commit came with, if it did; the table is whole without."""
        try:
            for name in stage.checkpoints(log):
                await self._store.adopt(_log_key(dataset_id, name), stage.log / name)
        except Unavailable as error:
            _log.warning("a checkpoint was not kept", dataset=dataset_id, error=str(error))


def _log_key(dataset_id: str, name: str) -> str:
    return f"{ROOT}/{dataset_id}/{LOG}/{name}"
