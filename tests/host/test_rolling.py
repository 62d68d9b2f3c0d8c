"""Instances are told to stop and replaced, one after the other, under load: nothing is lost."""

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.shapes import Platform, separate
from tests.forking.forked import ForkedPlatform
from tests.host.rolling import Load

from datalab.kernel.testing.ports import free_port

pytestmark = [pytest.mark.xdist_group("rolling"), pytest.mark.timeout(480)]
SETTINGS = {
    "DATALAB_LINGER_S": "4",
    "DATALAB_DRAIN_S": "60",
    "DATALAB_KEEP_ALIVE_S": "30",
    "DATALAB_GATEWAY_PROBE_S": "0.5",
}


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """Two gateways and two compute services on one database."""
    one = separate(tmp_path / "home", SETTINGS)
    assert one.run("migrate").returncode == 0
    made = Platform(one.home, one.environment)
    ports = {(name, number): free_port() for name in ("gateway", "compute") for number in (1, 2)}
    made.urls = {f"{name}-{number}": f"http://127.0.0.1:{port}" for (name, number), port in ports.items()}
    where = {
        f"{name.upper()}_SERVICE_URL": f"{made.urls[f'{name}-1']},{made.urls[f'{name}-2']}"
        for name in ("gateway", "compute")
    }
    for (name, number), port in ports.items():
        made.processes[f"{name}-{number}"] = ForkedPlatform(
            ("serve", name, "--port", str(port)),
            environment={**one.processes[name].environment, **where},
            log=tmp_path / f"{name}-{number}.log",
            ready_url=f"http://127.0.0.1:{port}/ready",
        )
    with made as running:
        yield running


async def replaced(process: ForkedPlatform) -> None:
    """Told to stop, gone, and started anew at the same place, as orchestrators do it."""
    assert await asyncio.to_thread(process.stop) == 0, process.last_log()
    await asyncio.to_thread(process.start)


async def test_nothing_is_lost_when_instances_are_replaced(platform: Platform):
    key = await asyncio.to_thread(dataclasses.replace(platform).admin_key)
    gateways = [platform.urls["gateway-1"], platform.urls["gateway-2"]]
    async with Load(gateways, key) as load:
        await load.goes_on()
        for name in ("compute-1", "gateway-1"):
            await replaced(platform.processes[name])
            await load.goes_on()
        await load.end()
        listed = await load.listed()
    assert load.lost == []
    assert sorted(listed) == sorted(load.jobs)
