"""The registry and the services' health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from datalab.contracts.errors import NotFound, Unavailable
from datalab.contracts.gateway import InstanceState
from datalab.kernel.http.readiness import CheckResult, ReadinessReport
from datalab.kernel.testing.ports import free_port
from datalab.services.gateway.actions.registry import Registry
from datalab.services.gateway.adapters.probes import RemoteProbe
from datalab.services.gateway.ports import Probed

SERVICES = "/api/v1/services"


def report(*, ok: bool = True) -> ReadinessReport:
    check = CheckResult(ok=ok, required=True, latency_ms=1.0, detail="")
    return ReadinessReport(ready=ok, status="ready" if ok else "unready", checks={"database": check})


class Told:
    """An instance that answers what it is told to."""

    def __init__(self, url: str, answer: Probed, service: str = "data") -> None:
        self.service, self.url, self.answer = service, url, answer
        self.asked = 0

    async def ask(self) -> Probed:
        self.asked += 1
        return self.answer


class Named:
    """Instances of a service, as a test sets them."""

    def __init__(self, service: str, known: list[Told]) -> None:
        self.service, self.known = service, known

    async def look(self) -> list[Told]:
        return list(self.known)


READY = Probed(report(), 1.0, "1.2.3")
UNREADY = Probed(report(ok=False), 1.0, "1.2.3", "database: away")
AWAY = Probed(None, None, None, "refused")


def registry_of(*probes: Told) -> Registry:
    registry = Registry(0.01)
    registry.add(Named("data", list(probes)))
    return registry


@asynccontextmanager
async def running(registry: Registry) -> AsyncIterator[None]:
    task = asyncio.create_task(registry.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_every_instance_of_every_service_is_listed_with_state_latency_and_version(world):
    key = await world.host_key()
    async with asyncio.timeout(20):
        while True:
            listed = {one["service"]: one for one in (await world.http.get(SERVICES, headers=key)).json()["items"]}
            if all(one["latency_ms"] for one in listed.values()):
                break
            await asyncio.sleep(0.05)
    assert listed.keys() == {"gateway", "data"}
    assert {one["state"] for one in listed.values()} == {"ready"}
    assert {one["version"] for one in listed.values()} == {"1.2.3"}


async def test_the_health_of_a_service_is_asked_for_now(world):
    answer = await world.http.get("/health/data")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "status": "ready", "checks": {}})
    gateway = (await world.http.get("/health/gateway")).json()
    assert gateway["checks"]["database"]["required"]
    assert not gateway["checks"]["data"]["required"]


async def test_an_unknown_service_is_not_found(world):
    answer = await world.http.get("/health/nobody", headers=await world.host_key())
    assert (answer.status_code, "data" in answer.json()["detail"]) == (404, True)
    with pytest.raises(NotFound):
        await Registry(1).health("nobody")


async def test_an_instance_that_answers_no_more_is_away():
    instance = Told("a", READY)
    registry = registry_of(instance)
    async with running(registry):
        assert await registry.check("data") == "ready"
        instance.answer = AWAY
        asked = instance.asked
        while instance.asked < asked + 2:  # noqa: ASYNC110 # nothing tells of it
            await asyncio.sleep(0.01)
        assert registry.instances()[0].state is InstanceState.AWAY
        with pytest.raises(Unavailable, match="away"):
            await registry.check("data")


async def test_one_ready_instance_of_several_is_enough():
    registry = registry_of(Told("a", AWAY), Told("b", READY))
    health = await registry.health("data")
    assert (health.ready, health.status) == (True, "degraded")
    assert {url: check.ok for url, check in health.checks.items()} == {"a": False, "b": True}


async def test_a_service_without_a_ready_instance_is_unready():
    assert not (await registry_of(Told("a", AWAY), Told("b", UNREADY)).health("data")).ready
    alone = await registry_of(Told("a", AWAY)).health("data")
    assert (alone.ready, alone.checks["reachable"].detail) == (False, "refused")


async def test_a_process_that_is_not_there_is_told_with_the_reason():
    probed = await RemoteProbe("data", f"http://127.0.0.1:{free_port()}").ask()
    assert probed.report is None
    assert "Connect" in (probed.detail or "")
