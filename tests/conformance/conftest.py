"""One platform a kind of storage, shared by the whole suite."""

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
import pytest_asyncio
from tests.conformance.platform import World, open_world
from tests.e2e.shapes import GENEROUS
from tests.forking.nursed import nursed

from datalab.kernel.testing.postgres import fresh_database
from datalab.kernel.testing.s3 import s3_variables


@pytest_asyncio.fixture(scope="package", loop_scope="package", params=["sqlite", "postgres", "s3"])
async def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The platform on one kind of database, or with its tables and files in S3."""
    before = dict(os.environ)
    variables = dict(GENEROUS)
    with ExitStack() as stack:
        stack.enter_context(nursed())
        if request.param == "postgres":
            server = str(request.getfixturevalue("postgres_server"))
            variables["DATABASE_URL"] = stack.enter_context(fresh_database(server))
        if request.param == "s3":
            variables.update(s3_variables(str(request.getfixturevalue("s3_server"))))
        try:
            async with open_world(tmp_path_factory.mktemp("conformance"), variables) as opened:
                yield opened
        finally:
            os.environ.clear()
            os.environ.update(before)
