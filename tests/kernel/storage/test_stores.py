"""What every store does, in a folder and in S3."""

from collections.abc import AsyncIterator

import pytest

from datalab.contracts.errors import InvalidInput
from datalab.kernel.storage.port import ObjectNotFound, ObjectStore

LARGE = 20 * 2**20


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_what_was_put_is_read_back(store: ObjectStore):
    assert await store.put("a/b", chunks(b"one", b"two")) == 6
    assert await store.read("a/b") == b"onetwo"
    assert b"".join([part async for part in store.open("a/b")]) == b"onetwo"
    assert await store.exists("a/b")


async def test_a_later_put_takes_the_place_of_an_earlier_one(store: ObjectStore):
    await store.put("a", chunks(b"old"))
    await store.put("a", chunks(b"new"))
    assert await store.read("a") == b"new"


async def test_an_empty_object_is_an_object(store: ObjectStore):
    assert await store.put("empty", chunks()) == 0
    assert (await store.read("empty"), await store.exists("empty")) == (b"", True)


async def test_a_large_object_comes_back_in_pieces(store: ObjectStore):
    piece = bytes(range(256)) * 4096
    await store.put("large", chunks(*[piece] * (LARGE // len(piece))))
    pieces = [part async for part in store.open("large")]
    assert len(pieces) > 1
    assert b"".join(pieces) == piece * (LARGE // len(piece))


async def test_a_broken_upload_leaves_the_old_object(store: ObjectStore):
    async def broken() -> AsyncIterator[bytes]:
        yield b"half" * LARGE
        raise ConnectionError

    await store.put("a", chunks(b"old"))
    for key in ("a", "b"):
        with pytest.raises(ConnectionError):
            await store.put(key, broken())
    assert (await store.read("a"), await store.list("")) == (b"old", ("a",))


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a/../../x", ".", "", "a\0b"])
async def test_a_key_that_leaves_the_store_is_refused(store: ObjectStore, key: str):
    with pytest.raises(InvalidInput):
        await store.put(key, chunks(b"x"))
    with pytest.raises(InvalidInput):
        await store.read(key)
    with pytest.raises(InvalidInput):
        await store.delete(key)
    with pytest.raises(InvalidInput):
        async with store.local(key):
            pass


async def test_a_missing_object_is_not_found(store: ObjectStore):
    with pytest.raises(ObjectNotFound):
        await store.read("nothing")
    with pytest.raises(ObjectNotFound):
        _ = [part async for part in store.open("nothing")]
    with pytest.raises(ObjectNotFound):
        async with store.local("nothing"):
            pass
    assert not await store.exists("nothing")


async def test_list_gives_keys_below_a_prefix(store: ObjectStore):
    for key in ("m/2", "m/1", "n/1"):
        await store.put(key, chunks(b"x"))
    assert await store.list("m/") == ("m/1", "m/2")
    assert await store.list("") == ("m/1", "m/2", "n/1")


async def test_what_was_deleted_is_gone(store: ObjectStore):
    await store.put("m/1", chunks(b"x"))
    await store.delete("m/1")
    await store.delete("m/1")
    assert (await store.exists("m/1"), await store.list("")) == (False, ())


async def test_names_keep_their_letters(store: ObjectStore):
    await store.put("münze/a b+c%20", chunks(b"x"))
    assert await store.list("münze/") == ("münze/a b+c%20",)
    assert await store.read("münze/a b+c%20") == b"x"


async def test_a_local_file_has_the_bytes(store: ObjectStore):
    await store.put("models/1/model", chunks(b"weights"))
    async with store.local("models/1/model") as path:
        assert path.read_bytes() == b"weights"
