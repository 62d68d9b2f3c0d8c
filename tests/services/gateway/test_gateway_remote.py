"""The whole way: a client, the gateway's server, a service's server that verifies with the published keys."""

import httpx

from datalab.contracts.identity import Role
from datalab.kernel.auth.keys import RemoteKeys
from datalab.kernel.testing.ports import free_port
from datalab.services.gateway.adapters.forwarder import Forwarder

WHOAMI = "/api/v1/data/whoami"


async def test_a_call_passes_two_servers_with_its_identity_and_request_id(make_world, served, service_at):
    forward: dict[str, Forwarder] = {}

    async def upstream(scope, receive, send) -> None:
        await forward["data"](scope, receive, send)

    world = await make_world({"data": upstream})
    async with served(world.gateway) as url, served(service_at(RemoteKeys([url]))) as service:
        forward["data"] = Forwarder("data", [service])
        async with httpx.AsyncClient(base_url=url, headers=await world.host_key(Role.VIEWER)) as http:
            answer = await http.get(WHOAMI, headers={"X-Request-ID": "abc-1", "X-Role": "admin"})
            refused = await http.post("/api/v1/data/things", json={})
        seen = answer.json()
        assert (seen["identity"]["name"], seen["identity"]["role"], seen["request_id"]) == ("host", "viewer", "abc-1")
        assert "x-role" not in dict(seen["headers"])
        assert answer.headers["x-request-id"] == "abc-1"
        assert "ratelimit" in answer.headers
        assert refused.status_code == 403
        async with httpx.AsyncClient(base_url=service, headers=await world.host_key()) as http:
            assert (await http.get(WHOAMI)).status_code == 401
        await forward["data"].close()


async def test_the_registry_asks_remote_instances_and_knows_their_version(make_world, served, service_at):
    world = await make_world({"data": Forwarder("data", [f"http://127.0.0.1:{free_port()}"])})
    away = await world.http.get("/health/data")
    assert (away.status_code, away.json()["checks"]["reachable"]["ok"]) == (503, False)
    ready = (await world.http.get("/ready")).json()
    assert (ready["ready"], ready["status"], ready["checks"]["data"]["ok"]) == (True, "degraded", False)
    async with served(service_at(RemoteKeys(["http://127.0.0.1:1"]))) as service:
        other = await make_world({"data": Forwarder("data", [service])})
        assert (await other.http.get("/health/data")).status_code == 200
        listed = (await other.http.get("/api/v1/services", headers=await other.host_key())).json()["items"]
    found = next(one for one in listed if one["service"] == "data")
    assert (found["url"], found["state"], found["version"]) == (service, "ready", "1.2.3")
