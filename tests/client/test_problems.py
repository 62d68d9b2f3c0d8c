"""Errors arrive as what they were."""

import pytest
from tests.client.platform import FakePlatform

from datalab.client.asynchronous import AsyncClient
from datalab.contracts.data import DatasetNotFound
from datalab.contracts.errors import InternalError, InvalidInput, Unavailable


async def test_a_problem_is_raised_as_the_class_of_its_code(client: AsyncClient):
    with pytest.raises(DatasetNotFound, match="there is no dataset 'nothing'"):
        await client.data.get_dataset("nothing")


async def test_a_problem_keeps_its_findings(client: AsyncClient):
    with pytest.raises(InvalidInput) as caught:
        await client.data.get_dataset("invalid")
    assert [(one.where, one.what, one.got) for one in caught.value.errors] == [("body.a", "too big", "7")]


async def test_an_error_page_of_a_proxy_is_unavailable(client: AsyncClient, platform: FakePlatform):
    with pytest.raises(Unavailable, match="answered 502: <html>Bad Gateway"):
        await client.data.get_dataset("proxy")


async def test_something_else_than_a_platform_is_said_to_be(client: AsyncClient):
    with pytest.raises(InternalError, match="is it the address of a platform"):
        await client.data.get_dataset("html")


async def test_fields_of_a_newer_server_are_ignored(client: AsyncClient):
    assert (await client.data.get_dataset("flights")).rows == 3


async def test_a_name_with_a_slash_is_refused_before_it_is_sent(client: AsyncClient, platform: FakePlatform):
    with pytest.raises(InvalidInput, match=r"\.\./query"):
        await client.data.get_dataset("../query")
    assert not platform.seen.requests
