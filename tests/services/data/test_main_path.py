"""Upload, query, rows, on both databases."""

import pytest
from tests.services.data.conftest import DATASETS, Service

from datalab.kernel.database.url import DatabaseUrl

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def test_an_upload_is_queried_and_paged(service: Service):
    created = await service.put("people", "name,age\nada,36\nbob,\n")
    assert created.status_code == 201, created.text
    assert created.json()["version"] == 0
    assert created.json()["rows"] == 2
    assert created.json()["columns"] == [{"name": "name", "type": "VARCHAR"}, {"name": "age", "type": "BIGINT"}]

    answer = (await service.sql("SELECT name, age FROM people ORDER BY name")).json()
    assert answer["columns"] == created.json()["columns"]
    assert answer["rows"] == [["ada", 36], ["bob", None]]
    assert (answer["row_count"], answer["cached"], answer["truncated"]) == (2, False, False)

    page = await service.http.get(f"{DATASETS}/people/rows?age=gte.21&select=name")
    assert page.json() == [{"name": "ada"}]
