"""Fixtures for the tests of all services."""

import pytest

from datalab.kernel.database.url import DatabaseUrl


@pytest.fixture
def database_url(rowless_database_url: DatabaseUrl) -> DatabaseUrl:
    """A service's tests need no rows of others; tables may be there."""
    return rowless_database_url
