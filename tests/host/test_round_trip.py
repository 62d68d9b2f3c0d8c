"""Calls by value: what would not survive a connection doesn't survive these either."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from datalab.contracts.data import DataFormat, DatasetNotFound, QueryRequest
from datalab.contracts.errors import Forbidden, InternalError
from datalab.contracts.jobs import JobState
from datalab.contracts.model import Contract, Page
from datalab.contracts.viz import Rendering
from datalab.host.round_trip import in_process, round_tripped


class Thing(Contract):
    """A contract."""

    state: JobState
    parts: tuple[int, ...]


class SecretThing(Thing):
    """A subclass, which a receiver wouldn't know as such."""


class Stream:
    """Two pieces, then a fault of the kind that nobody declared."""

    format = DataFormat.CSV
    query_id = "q"
    tail = "not for others"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"one"
        raise ZeroDivisionError


class Actions:
    """Every kind of call."""

    def __init__(self) -> None:
        self.closed = False

    async def give(self, thing: Thing) -> Thing:
        return thing

    async def page(self) -> Page[Thing]:
        return Page(items=(Thing(state=JobState.DEAD, parts=(1,)),), next_cursor=None)

    async def refuse(self) -> None:
        raise DatasetNotFound("x")

    async def fail(self) -> None:
        raise ZeroDivisionError

    async def items(self) -> AsyncIterator[Thing]:
        try:
            yield Thing(state=JobState.DEAD, parts=())
            yield Thing(state=JobState.DEAD, parts=(1,))
        finally:
            self.closed = True

    @asynccontextmanager
    async def stream(self, _request: QueryRequest) -> AsyncIterator[Stream]:
        try:
            yield Stream()
        finally:
            self.closed = True


def allowed(_method: str) -> None:
    return


async def test_a_contract_arrives_equal_and_not_the_same():
    given = Thing(state=JobState.RUNNING, parts=(1, 2))
    got = await in_process(Actions(), allowed).give(given)
    assert got == given
    assert got is not given


async def test_a_page_keeps_what_its_items_are():
    page = await in_process(Actions(), allowed).page()
    assert page.items == (Thing(state=JobState.DEAD, parts=(1,)),)


def test_bytes_that_are_no_text_survive():
    drawn = Rendering(content=b"\x89PNG\xff", media_type="image/png", etag='"e"', cached=False)
    assert round_tripped(drawn) == drawn


async def test_an_error_arrives_as_its_class_and_words():
    with pytest.raises(DatasetNotFound, match="there is no dataset 'x'"):
        await in_process(Actions(), allowed).refuse()


async def test_an_undeclared_error_says_nothing_of_the_inside():
    with pytest.raises(InternalError) as told:
        await in_process(Actions(), allowed).fail()
    assert "division" not in told.value.detail


async def test_a_stream_shows_what_travels_and_no_more():
    async with in_process(Actions(), allowed).stream(QueryRequest(sql="x")) as stream:
        assert (stream.format, stream.query_id, hasattr(stream, "tail")) == (DataFormat.CSV, "q", False)
        with pytest.raises(InternalError):
            assert [piece async for piece in stream]


async def test_an_error_of_the_readers_own_passes_unchanged():
    actions = Actions()
    with pytest.raises(KeyError):
        async with in_process(actions, allowed).stream(QueryRequest(sql="x")):
            raise KeyError
    assert actions.closed


async def test_leaving_a_stream_of_items_closes_it_at_once():
    actions = Actions()
    items = in_process(actions, allowed).items()
    assert (await anext(items)).parts == ()
    await items.aclose()  # type: ignore[attr-defined]
    assert actions.closed


async def test_what_is_not_allowed_is_not_begun():
    def refuse(name: str) -> None:
        raise Forbidden(f"not {name}")

    api = in_process(Actions(), refuse)
    with pytest.raises(Forbidden, match="not give"):
        await api.give(Thing(state=JobState.DEAD, parts=()))
    with pytest.raises(Forbidden, match="not items"):
        await anext(api.items())
    with pytest.raises(Forbidden, match="not stream"):
        await api.stream(QueryRequest(sql="x")).__aenter__()
