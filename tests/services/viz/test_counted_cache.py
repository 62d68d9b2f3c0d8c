"""A cache that tells how often it had what was asked for."""

from pathlib import Path

from datalab.services.viz.adapters.counted_cache import CountedCache
from datalab.services.viz.adapters.folder_cache import FolderCache


async def test_every_look_is_told(tmp_path: Path):
    looks: list[bool] = []
    cache = CountedCache(FolderCache(tmp_path, 1000), looks.append)
    assert await cache.get("abc.png") is None
    await cache.put("abc.png", b"image")
    assert await cache.get("abc.png") == b"image"
    assert looks == [False, True]
