"""The folder of images."""

import os
from pathlib import Path

from datalab.services.viz.adapters.folder_cache import FolderCache


def sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.glob("*/*")}


async def test_kept_image_is_found_by_another_process_too(tmp_path: Path) -> None:
    await FolderCache(tmp_path, 1000).put("abc.png", b"image")

    assert await FolderCache(tmp_path, 1000).get("abc.png") == b"image"
    assert await FolderCache(tmp_path, 1000).get("abd.png") is None


async def test_longest_unused_images_go_first(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path, 1000)
    for age, key in enumerate(("a1", "b1", "c1", "d1")):
        await cache.put(key, b"x" * 240)
        os.utime(tmp_path / key[:2] / key, (age, age))
    await cache.get("a1")

    await cache.put("e1", b"x" * 240)

    kept = sizes(tmp_path)
    assert {"a1", "e1"} <= kept.keys()
    assert "b1" not in kept
    assert sum(kept.values()) <= 1000


async def test_image_that_cannot_be_kept_is_only_not_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = FolderCache(tmp_path / "file", 1000)

    await cache.put("abc", b"image")

    assert await cache.get("abc") is None
