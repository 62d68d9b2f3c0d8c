"""Objects in an S3-compatible store, with files of those in use on this machine.

The client's own asynchronous calls end the interpreter with an abort now and then, so its plain ones run in threads.
"""

import asyncio
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import obstore
from obstore.exceptions import AlreadyExistsError

from datalab.contracts.errors import InvalidInput
from datalab.kernel.failpoint import wrote
from datalab.kernel.full_disk import full_as_storage_full
from datalab.kernel.storage.cache import LocalCache
from datalab.kernel.storage.drafts import sync_file, write_draft
from datalab.kernel.storage.port import ObjectNotFound
from datalab.kernel.storage.s3_bucket import CACHE, Bucket
from datalab.kernel.turns import Turns

T = TypeVar("T")
PART_BYTES: Final = 8 * 2**20
"""Larger objects are sent in parts of this size."""
_AT_ONCE: Final = 4
"""Parts of one object, or objects of one claim, on their way at once."""
_THREADS: Final = 16
_CHUNK: Final = 2**20


class S3ObjectStore:
    """:class:`~datalab.kernel.storage.port.TableStore` in a bucket."""

    def __init__(self, bucket: Bucket, cache: LocalCache) -> None:
        self._bucket = bucket
        self._objects = bucket.objects
        self._cache = cache
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="object-store")
        self._closing = threading.Event()
        self._fetching = Turns()

    @property
    def name(self) -> str:
        """Which store this is, for people."""
        return self._bucket.name

    def place(self, key: str) -> Path:
        """Where the local file is while it is held. Raises InvalidInput for a key that would leave the store."""
        return self._cache.path(_checked(key))

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> int:
        """Keep the bytes under ``key``; gives their number."""
        _checked(key)
        with self._cache.draft() as draft:
            with full_as_storage_full(CACHE):
                size = await write_draft(draft, chunks)
            await self.adopt(key, draft)
        return size

    async def adopt(self, key: str, file: Path) -> None:
        """Keep a local file; it is gone then, most often into the cache."""
        await self._change(_checked(key), lambda: self._send(key, file))
        wrote(f"file {key}")

    async def create(self, key: str, content: bytes) -> bool:
        """Keep the bytes unless there is an object under ``key``; whether they are kept."""
        created = await self._change(_checked(key), lambda: self._created(key, content))
        wrote(f"file {key}")
        return created

    async def read(self, key: str) -> bytes:
        """All bytes. Raises ObjectNotFound."""
        return await self._ask(_checked(key), lambda: bytes(obstore.get(self._objects, key).bytes()))

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """The bytes in pieces. Raises ObjectNotFound."""
        pieces = await self._ask(
            _checked(key), lambda: iter(obstore.get(self._objects, key).stream(min_chunk_size=_CHUNK))
        )
        while (piece := await self._ask(key, lambda: next(pieces, None))) is not None:
            yield bytes(piece)

    async def exists(self, key: str) -> bool:
        """Whether there is an object under ``key``."""
        try:
            await self._ask(_checked(key), lambda: obstore.head(self._objects, key))
        except ObjectNotFound:
            return False
        return True

    async def delete(self, key: str) -> None:
        """Take the object away; nothing happens when there is none."""
        with suppress(ObjectNotFound):
            await self._change(_checked(key), lambda: obstore.delete(self._objects, key))
        self._cache.forget(key)
        wrote(f"file gone {key}")

    async def clear(self, prefix: str) -> None:
        """Take away every object below ``prefix``."""
        keys = await self.list(prefix)
        if keys:
            await self._change(prefix, lambda: obstore.delete(self._objects, keys))
        await asyncio.to_thread(self._cache.forget_below, prefix)
        wrote(f"files gone {prefix}")

    async def list(self, prefix: str) -> tuple[str, ...]:
        """The keys below ``prefix``, sorted."""
        return tuple(sorted(key for key, _ in await self._listed(prefix)))

    async def folders(self, prefix: str) -> tuple[str, ...]:
        """The names right below ``prefix`` under which there are objects, sorted."""
        found = await self._ask(
            prefix, lambda: obstore.list_with_delimiter(self._objects, prefix or None)["common_prefixes"]
        )
        return tuple(sorted(one.rstrip("/").rpartition("/")[2] for one in found))

    async def written_at(self, prefix: str) -> datetime | None:
        """When anything below ``prefix`` was written last."""
        return max((at for _, at in await self._listed(prefix)), default=None)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncGenerator[Path]:
        """A local file of an object that never changes. Raises ObjectNotFound."""
        async with self.held((key,)):
            yield self._cache.path(key)

    @asynccontextmanager
    async def held(self, keys: Collection[str]) -> AsyncGenerator[None]:
        """Local files of objects that never change, fetched where they aren't there. Raises ObjectNotFound."""
        with self._cache.claimed([_checked(key) for key in keys]) as missing:
            turns = asyncio.Semaphore(_AT_ONCE)
            await _all(self._have(key, turns) for key in missing)
            yield

    async def close(self) -> None:
        """Give up what is on its way, and end the threads."""
        self._closing.set()
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)

    async def _listed(self, prefix: str) -> Sequence[tuple[str, datetime]]:
        return await self._ask(
            prefix,
            lambda: [
                (one["path"], one["last_modified"])
                for page in obstore.list(self._objects, prefix or None)
                for one in page
            ],
        )

    async def _have(self, key: str, turns: asyncio.Semaphore) -> None:
        """Fetch the object unless another task of this process did meanwhile."""
        async with turns, self._fetching.of(key):
            if not self._cache.path(key).exists():
                await self._ask(key, lambda: self._fetch(key))

    async def _ask(self, key: str, work: Callable[[], T]) -> T:
        def told() -> T:
            with self._bucket.asked_for(key):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, told)

    async def _change(self, key: str, work: Callable[[], T]) -> T:
        """The same for what changes something: it has come to its end even when this is cancelled."""
        task = asyncio.ensure_future(self._ask(key, work))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait((task,))
            raise

    def _created(self, key: str, content: bytes) -> bool:
        try:
            obstore.put(self._objects, key, content, mode="create")
        except AlreadyExistsError:
            return False
        return True

    def _send(self, key: str, file: Path) -> None:
        obstore.put(
            self._objects,
            key,
            file,
            use_multipart=file.stat().st_size > PART_BYTES,
            chunk_size=PART_BYTES,
            max_concurrency=_AT_ONCE,
        )
        try:
            self._cache.take(file, key)
        except OSError:
            # What can't be cached is fetched once it is needed.
            file.unlink(missing_ok=True)

    def _fetch(self, key: str) -> None:
        answer: Any = obstore.get(self._objects, key)
        with self._cache.draft() as draft:
            with draft.open("xb") as file:
                for piece in answer.stream(min_chunk_size=_CHUNK):
                    if self._closing.is_set():
                        raise self._bucket.unavailable("is being left")
                    file.write(piece)
                sync_file(file)
            if draft.stat().st_size != answer.meta["size"]:
                raise self._bucket.unavailable(f"broke off in the middle of {key}")
            self._cache.take(draft, key)


async def _all(steps: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Take the steps at once; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures


def _checked(key: str) -> str:
    if "\0" in key or any(part in {"", ".", ".."} for part in key.split("/")):
        raise InvalidInput(f"{key!r} is no key inside the store")
    return key
