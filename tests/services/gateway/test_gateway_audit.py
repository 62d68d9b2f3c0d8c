"""The audit trail."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from datalab.contracts.gateway import AuditEntry, AuditFilter
from datalab.contracts.identity import Role
from datalab.contracts.ids import new_id
from datalab.kernel.events.event import new_event
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.events.relay import Relay
from datalab.kernel.telemetry.audit import AUDIT_TOPIC
from datalab.kernel.telemetry.audit_outbox import OutboxAuditSink
from datalab.services.gateway.adapters.audit import SqlAuditLog

AUDIT = "/api/v1/audit"


def entry(**changes: Any) -> AuditEntry:
    values = {
        "id": new_id(),
        "at": datetime.now(UTC),
        "service": "data",
        "subject": "u-1",
        "name": "bob",
        "actor": None,
        "action": "PUT put_dataset",
        "resource": "/api/v1/data/datasets/x",
        "outcome": "done",
        "status": 200,
        "address": "127.0.0.1",
        "request_id": "r-1",
    }
    return AuditEntry(**(values | changes))


async def trail(world, headers, **query: Any) -> list[dict[str, Any]]:
    await world.audit.flush()
    answer = await world.http.get(AUDIT, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_calls_of_its_own_are_in_the_trail_with_who_what_and_outcome(world):
    admin = await world.set_up()
    await world.http.get("/api/v1/auth/users", headers=admin)
    seen = [(one["name"], one["action"], one["outcome"]) for one in await trail(world, admin)]
    assert seen[:3] == [
        ("ada", "GET list_users", "done"),
        ("ada", "POST create_token", "done"),
        ("stranger", "POST set_up", "done"),
    ]


async def test_what_the_door_refuses_is_in_the_trail(make_world):
    world = await make_world(DATALAB_RATE_LIMIT="0.001", DATALAB_RATE_LIMIT_BURST="1")
    await world.http.get("/api/v1/data/whoami", headers={"Authorization": "Bearer dl_no"})
    viewer = await world.host_key(Role.VIEWER)
    await world.http.get("/api/v1/data/whoami", headers=viewer)
    await world.http.get("/api/v1/data/whoami", headers=viewer)
    await world.audit.flush()
    kept = await SqlAuditLog(world.database).list(AuditFilter(), None, 10)
    refused = [(one.name, one.status, one.outcome, one.resource) for one in kept]
    path = "/api/v1/data/whoami"
    assert refused == [("host", 429, "refused", path), ("stranger", 401, "refused", path)]


async def test_entries_of_services_come_by_the_bus_and_are_kept_once(world):
    admin = await world.host_key()
    outbox = Outbox(world.database)
    entries = [entry(), entry(name="eve\x00", resource="/x" * 2000)]
    async with Relay(world.database, outbox, world.bus):
        await OutboxAuditSink(world.database, outbox).keep(entries)
        async with asyncio.timeout(20):
            while len(await trail(world, admin, subject="u-1")) < 2:  # noqa: ASYNC110 # it comes by the bus
                await asyncio.sleep(0.05)
    payload = {"entries": [one.model_dump(mode="json") for one in entries]}
    await world.bus.publish([new_event("data", AUDIT_TOPIC, "again", payload)])
    assert {one["id"] for one in await trail(world, admin, subject="u-1")} == {one.id for one in entries}
    assert len(await trail(world, admin, subject="u-1")) == 2


async def test_an_event_that_holds_no_entries_is_left_aside(world):
    await world.bus.publish([new_event("data", AUDIT_TOPIC, "k", {"entries": [{"id": 1}]})])
    assert await trail(world, await world.host_key(), subject="u-1") == []


async def test_the_trail_is_filtered_and_paged_newest_first(world):
    admin = await world.host_key()
    now = datetime.now(UTC)
    old = entry(at=now - timedelta(days=2), outcome="failed")
    rest = [entry(service="ai", outcome="refused"), entry(subject="u-2"), entry()]
    await SqlAuditLog(world.database).keep([old, *rest])
    assert [one["id"] for one in await trail(world, admin, service="ai")] == [rest[0].id]
    assert [one["id"] for one in await trail(world, admin, outcome="failed")] == [old.id]
    assert [one["id"] for one in await trail(world, admin, subject="u-2")] == [rest[1].id]
    since = (now - timedelta(days=1)).isoformat()
    assert [one["id"] for one in await trail(world, admin, subject="u-1", since=since)] == [rest[2].id, rest[0].id]
    query: dict[str, Any] = {"limit": 2, "subject": "u-1"}
    first = (await world.http.get(AUDIT, params=query, headers=admin)).json()
    second = (await world.http.get(AUDIT, params=query | {"cursor": first["next_cursor"]}, headers=admin)).json()
    seen = [one["id"] for one in (*first["items"], *second["items"])]
    assert (seen, second["next_cursor"]) == ([rest[2].id, rest[0].id, old.id], None)


async def test_only_an_administrator_reads_the_trail(world):
    assert (await world.http.get(AUDIT, headers=await world.host_key(Role.EDITOR))).status_code == 403


async def test_entries_past_their_time_are_forgotten(world):
    log = SqlAuditLog(world.database)
    await log.keep([entry(at=datetime.now(UTC) - timedelta(days=400)), entry()])
    assert await log.forget(datetime.now(UTC) - timedelta(days=365)) == 1
