"""Objects as files: what only a folder has."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from datalab.contracts.errors import InvalidInput
from datalab.kernel.storage.folder import FolderStore


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_broken_upload_leaves_no_draft(tmp_path: Path):
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    store = FolderStore(tmp_path)
    await store.put("a", chunks(b"old"))
    with pytest.raises(ConnectionError):
        await store.put("a", broken())
    assert names_in(tmp_path) == ["a"]


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x", ".", ""])
async def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, key: str):
    with pytest.raises(InvalidInput):
        FolderStore(tmp_path).path(key)


async def test_deleting_takes_the_folders_away_that_are_empty_then(tmp_path: Path):
    store = FolderStore(tmp_path / "store")
    for key in ("m/a/1", "m/b/1", "m/b/2"):
        await store.put(key, chunks(b"x"))
    await store.delete("m/a/1")
    await store.delete("m/b/1")
    assert (names_in(tmp_path / "store/m"), await store.list("")) == (["b"], ("m/b/2",))
    await store.delete("m/b/2")
    await store.delete("m/b/2")
    assert names_in(tmp_path / "store") == []


async def test_a_put_beside_deletions_in_its_folder_always_finds_the_folder(tmp_path: Path):
    store = FolderStore(tmp_path)

    async def come_and_go(key: str) -> None:
        for _ in range(50):
            await store.put(key, chunks(b"x"))
            await store.delete(key)

    await asyncio.gather(*(come_and_go(f"one/folder/{number}") for number in range(8)))
    assert names_in(tmp_path) == []
