"""Queries that another process of the service runs, on both databases."""

import asyncio

import pytest
from tests.services.data.conftest import Service
from tests.services.data.test_query import ENDLESS

from datalab.contracts.data import QueryNotFound, QueryRequest, QueryState
from datalab.contracts.errors import Cancelled
from datalab.kernel.database.url import DatabaseUrl
from datalab.kernel.testing.identity import caller
from datalab.services.data.actions.shared_queries import TOLD_AFTER_S
from datalab.services.data.app import ActionsFor, actions_for

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


@pytest.fixture
def other(service: Service) -> ActionsFor:
    """Another process's view: the same tables, but nothing remembered."""
    return actions_for(service.dependencies)


async def test_a_query_is_seen_and_stopped_from_another_process(service: Service, other: ActionsFor):
    here, there = service.api(), other(caller())
    running = asyncio.create_task(here.query(QueryRequest(sql=ENDLESS, query_id="far")))
    await asyncio.sleep(TOLD_AFTER_S + 0.1)
    with pytest.raises(QueryNotFound):
        await there.query_status("far")
    await service.actions.parts.shared_queries.tell()
    assert (await there.query_status("far")).state is QueryState.RUNNING
    with pytest.raises(QueryNotFound):
        await other(caller(name="eve")).cancel_query("far")
    await there.cancel_query("far")
    await service.actions.parts.shared_queries.tell()
    with pytest.raises(Cancelled):
        await running
    await service.actions.parts.shared_queries.tell()
    assert (await there.query_status("far")).state is QueryState.CANCELLED


async def test_short_queries_are_told_when_they_have_ended(service: Service, other: ActionsFor):
    await service.api().query(QueryRequest(sql="SELECT 1", query_id="near"))
    with pytest.raises(QueryNotFound):
        await other(caller()).query_status("near")
    await service.actions.parts.shared_queries.tell()
    assert (await other(caller()).query_status("near")).state is QueryState.SUCCEEDED


async def test_the_same_id_begins_anew(service: Service, other: ActionsFor):
    there = other(caller())
    for _ in range(2):
        running = asyncio.create_task(service.api().query(QueryRequest(sql=ENDLESS, query_id="twice")))
        await asyncio.sleep(TOLD_AFTER_S + 0.1)
        await service.actions.parts.shared_queries.tell()
        assert (await there.query_status("twice")).state is QueryState.RUNNING
        await there.cancel_query("twice")
        await service.actions.parts.shared_queries.tell()
        with pytest.raises(Cancelled):
            await running
        await service.actions.parts.shared_queries.tell()
