"""Deleted datasets, brought back or swept, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from tests.services.data.conftest import DATASETS, Service

from datalab.contracts.data import DeletedDatasetNotFound, Undelete
from datalab.contracts.errors import PlatformError
from datalab.contracts.identity import Role
from datalab.contracts.model import PageRequest
from datalab.kernel.database.url import DatabaseUrl
from datalab.services.data.actions.reconcile import sweep

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def location(database_url: DatabaseUrl) -> DatabaseUrl:
    return database_url


async def gone(service: Service, *names: str) -> list[str]:
    """Datasets made and deleted; their ids."""
    ids: list[str] = []
    for name in names:
        ids.append((await service.put(name, f"id,of\n1,{name}\n")).json()["id"])
        assert (await service.http.delete(f"{DATASETS}/{name}")).status_code == 204
    return ids


async def listed(service: Service, **page: int | str) -> Sequence[str]:
    answer = await service.http.get(DATASETS, params={"deleted": "true", **page})
    return [one["id"] for one in answer.json()["items"]]


async def test_a_deleted_dataset_comes_back_with_all_its_versions(service: Service):
    await service.put("things", "id\n1\n")
    before = (await service.put("things", "id\n2\n", "?mode=append")).json()
    await service.http.delete(f"{DATASETS}/things")
    answer = await service.http.post(f"{DATASETS}/THINGS/undelete")
    assert (answer.status_code, answer.json()) == (200, before | {"updated_at": answer.json()["updated_at"]})
    assert answer.headers["etag"] == (await service.http.get(f"{DATASETS}/things")).headers["etag"]
    assert await service.rows("SELECT id FROM things ORDER BY id") == [[1], [2]]
    assert await service.rows('SELECT id FROM "things@0"') == [[1]]
    assert await listed(service) == []


async def test_the_list_says_who_when_and_until_when(service: Service):
    before = datetime.now(UTC)
    first, second = await gone(service, "one", "two")
    items = (await service.http.get(f"{DATASETS}?deleted=true")).json()["items"]
    assert [(one["id"], one["name"], one["deleted_by"]) for one in items] == [
        (second, "two", "ada"),
        (first, "one", "ada"),
    ]
    when, until = (datetime.fromisoformat(items[0][key]) for key in ("deleted_at", "kept_until"))
    assert before <= when <= datetime.now(UTC)
    assert until - when == timedelta(days=7)
    page = await service.api().list_deleted(PageRequest(limit=1))
    assert page.next_cursor is not None
    assert await listed(service, limit=1, cursor=page.next_cursor) == [first]


async def test_the_one_deleted_last_comes_back_unless_another_is_named(service: Service):
    first, second = await gone(service, "things", "things")
    assert (await service.http.post(f"{DATASETS}/things/undelete")).json()["id"] == second
    other = await service.http.post(f"{DATASETS}/things/undelete?id={first}&as=Older_things")
    assert (other.json()["id"], other.json()["name"]) == (first, "Older_things")
    assert await service.rows("SELECT of FROM older_things") == [["things"]]


async def test_a_name_that_is_taken_says_what_to_do(service: Service):
    await gone(service, "things")
    await service.put("things", "id\n9\n")
    refused = await service.http.post(f"{DATASETS}/things/undelete")
    assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    assert "as=" in refused.json()["detail"]
    assert (await service.http.post(f"{DATASETS}/things/undelete?as=things2")).status_code == 200


@pytest.mark.parametrize("query", ["?as=1%20bad", "?as=pg_things", "?as=", "?since=1"])
async def test_a_name_that_can_not_be_is_refused(service: Service, query: str):
    await gone(service, "things")
    assert (await service.http.post(f"{DATASETS}/things/undelete{query}")).status_code == 422


async def test_viewers_bring_nothing_back_and_see_no_other_namespace(service: Service):
    (mine, _) = await gone(service, "things", "closed.things")
    viewer = service.headers(Role.VIEWER)
    assert (await service.http.post(f"{DATASETS}/things/undelete", headers=viewer)).status_code == 403
    items = (await service.http.get(f"{DATASETS}?deleted=true", headers=viewer)).json()["items"]
    assert [one["id"] for one in items] == [mine]
    editor = service.headers(Role.EDITOR)
    for path in ("closed.things/undelete", "things/undelete?as=closed.stolen"):
        refused = await service.http.post(f"{DATASETS}/{path}", headers=editor)
        assert refused.status_code in {403, 404}


async def test_what_was_swept_is_gone_for_good(service: Service):
    (dataset_id,) = await gone(service, "things")
    parts = service.actions.parts
    assert (await sweep(parts, kept_s=3600, orphan_s=3600)).swept == ()
    assert (await sweep(parts, kept_s=0, orphan_s=3600)).swept == (dataset_id,)
    assert not parts.tables.folder(dataset_id).exists()
    assert (await service.http.post(f"{DATASETS}/things/undelete")).json()["code"] == "deleted_dataset_not_found"


async def test_what_is_being_swept_can_not_be_brought_back(service: Service):
    (dataset_id,) = await gone(service, "things")
    parts = service.actions.parts
    assert await parts.deleted.claim(datetime.now(UTC)) == [dataset_id]
    assert await listed(service) == []
    with pytest.raises(DeletedDatasetNotFound):
        await service.api().undelete("things", Undelete(id=dataset_id))
    assert (await sweep(parts, kept_s=3600, orphan_s=3600)).swept == (dataset_id,)


async def test_of_many_who_bring_back_one_does(service: Service):
    await gone(service, "things")
    done = await asyncio.gather(
        *(service.api().undelete("things", Undelete(name=f"things{n % 2}")) for n in range(6)), return_exceptions=True
    )
    assert sum(not isinstance(one, BaseException) for one in done) == 1
    assert all(isinstance(one, PlatformError) for one in done if isinstance(one, BaseException))
