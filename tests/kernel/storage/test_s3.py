"""Objects in S3: what only that store has."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.kernel.storage.conftest import opened, settings_for

from datalab.contracts.errors import InvalidInput, Unavailable
from datalab.kernel.config.storage import StorageSettings
from datalab.kernel.storage.port import StorageUnavailable
from datalab.kernel.storage.readiness import StorageCheck
from datalab.kernel.storage.s3 import S3ObjectStore
from datalab.kernel.storage.s3_bucket import Bucket
from datalab.kernel.testing.process import ServerProcess
from datalab.kernel.testing.s3 import SECRET_KEY, new_bucket


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_of_many_that_create_one_object_one_does(s3: S3ObjectStore):
    created = await asyncio.gather(*(s3.create("log/0", str(number).encode()) for number in range(20)))
    assert created.count(True) == 1
    assert await s3.read("log/0") == str(created.index(True)).encode()


async def test_an_adopted_file_is_gone_from_where_it_was(s3: S3ObjectStore, tmp_path: Path):
    file = tmp_path / "made.parquet"
    file.write_bytes(b"rows")
    await s3.adopt("tables/1/part", file)
    assert not file.exists()
    assert await s3.read("tables/1/part") == b"rows"


async def test_a_prefix_is_cleared_whole(s3: S3ObjectStore):
    for key in ("t/1/a", "t/1/log/0", "t/10/a"):
        await s3.put(key, chunks(b"x"))
    await s3.clear("t/1/")
    await s3.clear("t/1/")
    assert await s3.list("") == ("t/10/a",)
    assert not s3.place("t/1/a").exists()


async def test_folders_are_the_names_right_below(s3: S3ObjectStore):
    for key in ("t/1/a", "t/1/log/0", "t/2/a"):
        await s3.put(key, chunks(b"x"))
    assert await s3.folders("t/") == ("1", "2")
    assert await s3.written_at("t/1/") is not None
    assert await s3.written_at("t/3/") is None


async def test_another_machine_fetches_what_it_holds(bucket: StorageSettings, tmp_path: Path):
    async with opened(bucket, tmp_path / "one") as one, opened(bucket, tmp_path / "two") as two:
        await one.put("t/a", chunks(b"rows"))
        assert not two.place("t/a").exists()
        async with two.held(["t/a"]):
            assert two.place("t/a").read_bytes() == b"rows"


async def test_an_object_that_many_hold_at_once_is_there_for_all(bucket: StorageSettings, tmp_path: Path):
    async with opened(bucket, tmp_path / "one") as one, opened(bucket, tmp_path / "two") as two:
        for number in range(10):
            await one.put(f"t/{number}", chunks(b"x" * 1000))

        async def use() -> None:
            async with two.held([f"t/{number}" for number in range(10)]):
                assert all(two.place(f"t/{number}").stat().st_size == 1000 for number in range(10))

        await asyncio.gather(*(use() for _ in range(10)))


async def test_a_full_cache_drops_what_nobody_holds(bucket: StorageSettings, tmp_path: Path):
    async with opened(bucket, tmp_path / "cache", max_bytes=10_000) as store:
        await store.put("t/held", chunks(b"x" * 4000))
        async with store.held(["t/held"]):
            for number in range(10):
                await store.put(f"t/{number}", chunks(b"x" * 4000))
            assert store.place("t/held").exists()
        kept = [number for number in range(10) if store.place(f"t/{number}").exists()]
        assert 9 in kept
        assert len(kept) <= 2
        async with store.held(["t/0"]):
            assert store.place("t/0").stat().st_size == 4000


HOLDER = """
import asyncio, sys
from pathlib import Path
from datalab.kernel.storage.cache import LocalCache
with LocalCache(Path(sys.argv[1]), 10_000).claimed(["t/held"]) as missing:
    print("missing" if missing else "held", flush=True)
    sys.stdin.read()
"""


async def test_another_process_keeps_what_it_holds_until_it_ends(bucket: StorageSettings, tmp_path: Path):
    async with opened(bucket, tmp_path / "cache", max_bytes=10_000) as store:
        await store.put("t/held", chunks(b"x" * 4000))
        command = [sys.executable, "-c", HOLDER, str(tmp_path / "cache")]
        holder = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert holder.stdout is not None
        assert await holder.stdout.readline() == b"held\n"
        for number in range(5):
            await store.put(f"t/{number}", chunks(b"x" * 4000))
        assert store.place("t/held").exists()
        holder.kill()
        await holder.wait()
        for number in range(5):
            await store.put(f"u/{number}", chunks(b"x" * 4000))
        assert not store.place("t/held").exists()


async def test_a_store_that_is_gone_is_named_and_comes_back(own_s3: tuple[ServerProcess, str], tmp_path: Path):
    server, url = own_s3
    settings = settings_for(url, new_bucket(url))
    async with opened(settings, tmp_path / "cache") as store:
        check = StorageCheck(store)
        await check()
        await store.put("a", chunks(b"x"))
        server.kill()
        for ask in (store.read("a"), store.put("b", chunks(b"y")), store.list(""), store.create("c", b""), check()):
            with pytest.raises(StorageUnavailable, match=rf"s3://.*/some/prefix at {url} can't be reached"):
                await ask
        async with store.held(["a"]):
            assert store.place("a").read_bytes() == b"x"
        server.start()
        with pytest.raises(StorageUnavailable, match="no such bucket"):
            await check()


async def test_a_store_that_lets_two_write_one_object_is_not_ready(s3: S3ObjectStore, monkeypatch: pytest.MonkeyPatch):
    async def overwrite(key: str, content: bytes) -> bool:
        await s3.put(key, chunks(content))
        return True

    monkeypatch.setattr(s3, "create", overwrite)
    with pytest.raises(Unavailable, match="If-None-Match"):
        await StorageCheck(s3)()


@pytest.mark.parametrize(
    ("changed", "variable"),
    [
        ({"url": "http://bucket"}, "DATALAB_STORAGE_URL"),
        ({"url": "s3://"}, "DATALAB_STORAGE_URL"),
        ({"endpoint_url": "http://store.example"}, "DATALAB_STORAGE_ALLOW_HTTP"),
        ({"secret_access_key": None}, "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(changed: dict[str, object], variable: str):
    settings = settings_for("http://127.0.0.1:1", "bucket").model_copy(update=changed)
    with pytest.raises(InvalidInput, match=variable):
        Bucket(settings)


def test_plain_http_elsewhere_can_be_allowed():
    settings = settings_for("http://store.example", "bucket").model_copy(update={"allow_http": True})
    assert Bucket(settings).name == "s3://bucket/some/prefix at http://store.example"


def test_the_secret_is_in_no_text_about_the_store():
    settings = settings_for("http://127.0.0.1:1", "bucket").model_copy(update={"session_token": SecretStr("the-token")})
    bucket = Bucket(settings)
    told = f"{settings!r} {bucket.name} {bucket.objects!r} {bucket.unavailable('is away')!r}"
    assert SECRET_KEY not in told
    assert "the-token" not in told
