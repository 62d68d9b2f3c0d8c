"""Model files in the object store: ``models/<job>/<attempt>/<file>``."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from datalab.contracts.ids import made_at, new_id
from datalab.kernel.failpoint import reach
from datalab.kernel.storage.port import ObjectStore
from datalab.services.ai.model.version import ModelFile

_CHUNK = 1 << 18
_PARTS = 4
"""Of a key."""


class Digest(Protocol):
    """A hash that grows."""

    def update(self, data: bytes, /) -> None:
        """Take these bytes in."""
        ...


class StoredFiles:
    """See the port."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def keep(self, job_id: str, folder: Path, names: Sequence[str]) -> tuple[ModelFile, ...]:
        """See the port."""
        place = f"models/{job_id}/{new_id()}"
        kept: list[ModelFile] = []
        for name in names:
            digest = hashlib.sha256()
            key = f"{place}/{name}"
            size = await self._store.put(key, _read(folder / name, digest))
            reach("ai.files.after_file")
            kept.append(ModelFile(name=name, key=key, sha256=digest.hexdigest(), size=size))
        return tuple(kept)

    async def keep_only(self, job_id: str, files: Sequence[ModelFile]) -> None:
        """See the port."""
        kept = {file.key for file in files}
        for key in await self._store.list(f"models/{job_id}/"):
            if key not in kept:
                await self._store.delete(key)
                reach("ai.files.after_leftover")

    async def kept_before(self, moment: datetime) -> tuple[str, ...]:
        """See the port. An attempt's folder is named by an id, which tells when it was made."""
        return tuple(key for key in await self._store.list("models/") if _made_before(key, moment))

    async def discard(self, keys: Sequence[str]) -> None:
        """See the port."""
        for key in keys:
            await self._store.delete(key)

    async def delete(self, files: Sequence[ModelFile]) -> None:
        """See the port."""
        for file in files:
            await self._store.delete(file.key)
            reach("ai.files.after_deletion")


def _made_before(key: str, moment: datetime) -> bool:
    """Whether the file's attempt is older; what isn't named as an attempt's file is nobody's to judge here."""
    parts = key.split("/")
    try:
        return len(parts) == _PARTS and made_at(parts[2]) < moment
    except ValueError:
        return False


async def _read(path: Path, digest: Digest) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            digest.update(chunk)
            yield chunk
