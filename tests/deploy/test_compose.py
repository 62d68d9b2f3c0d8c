"""The production stack on Compose, for real: it comes up, is updated under load, and takes bad releases back."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress

import aiohttp
import pytest
from tests.deploy.engine import cut_power, is_ours
from tests.deploy.load import PER_SECOND, Load, Told, refused_for_its_rate
from tests.deploy.production import Production

from datalab.kernel.testing.eventually import eventually

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800), pytest.mark.xdist_group("engine")]

FIRST, SECOND = "first", "second"
COMES_BACK_WITHIN_S = 400
OURS = {f"{name}-{kind}" for name in ("data", "ai", "compute", "viz") for kind in ("service", "worker")} | {
    "api-gateway"
}
BAD = {
    "never ready": ("api-gateway", "datalab.host.one_service", "raise SystemExit('a bad release')"),
    "failing": (
        "data-service",
        "datalab.services.data.actions.rows",
        "def _fail(*_, **__): raise RuntimeError('a bad release')\npage_of_rows = _fail",
    ),
    "leaking": (
        "api-gateway",
        "datalab.host.lazy_app",
        (
            "import threading, time\n"
            "kept = []\n"
            "def _leak():\n"
            "    time.sleep(4)\n"
            "    while True: kept.append(bytearray(64 << 20)); time.sleep(0.1)\n"
            "threading.Thread(target=_leak, daemon=True).start()"
        ),
    ),
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    Production.prepare()
    production = Production(tmp_path_factory.mktemp("stack"))
    production.choose(FIRST)
    try:
        production.deploy("up", "compose", "--images", "there")
        yield production
    finally:
        production.end((FIRST, SECOND, *(kind.replace(" ", "-") for kind in BAD)))


def test_the_demo_passes_through_the_edge(stack: Production):
    assert stack.versions().keys() >= OURS
    done = stack.demo()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "6. Chart" in done.stdout


def test_an_update_under_load_loses_no_request(stack: Production):
    told, found = asyncio.run(_update_under_load(stack))
    assert stack.versions() == {key: {SECOND} for key in OURS}
    assert told.failures == []
    assert found == told.rows
    assert told.answers.total() > 60 * PER_SECOND
    assert told.streams > 5


async def _update_under_load(stack: Production) -> tuple[Told, int]:
    authority = stack.authority()
    load = Load(stack.url, [stack.token()], authority)
    sending = asyncio.create_task(load.run())
    await asyncio.sleep(5)
    assert await refused_for_its_rate(stack.url, stack.somebody(), authority)
    stack.choose(SECOND)
    updating = await asyncio.to_thread(stack.deploy, "up", "compose", "--images", "there")
    assert "to be replaced" in updating.stdout
    await asyncio.sleep(5)
    load.stop()
    return await sending, await load.count()


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_release_is_taken_back(stack: Production, kind: str):
    version = kind.replace(" ", "-")
    before = stack.versions()
    stack.choose(version)
    stack.spoil(version, *BAD[kind])
    told = asyncio.run(_update_failing(stack))
    assert told.returncode == 1, told.stdout[-2000:]
    assert re.search(r"runs again", told.stderr)
    assert stack.versions() == before


async def _update_failing(stack: Production):
    load = Load(stack.url, [stack.token()], stack.authority())
    sending = asyncio.create_task(load.run())
    done = await asyncio.to_thread(stack.deploy, "up", "compose", "--images", "there", check=False)
    load.stop()
    await sending
    return done


def test_an_update_is_taken_back_when_asked(stack: Production):
    stack.deploy("rollback", "compose")
    assert stack.versions() == {key: {FIRST} for key in OURS}


def test_a_host_that_loses_its_power_comes_back_by_itself(stack: Production):
    if not is_ours():
        pytest.skip("the engine is somebody else's: it is not killed")
    acknowledged, found = asyncio.run(_cut_under_load(stack))
    assert found >= acknowledged > 1


async def _cut_under_load(stack: Production) -> tuple[int, int]:
    """Rows that were acknowledged before, and that are there once it answers again and every job came to an end."""
    load = Load(stack.url, [stack.token()], stack.authority())
    sending = asyncio.create_task(load.run())
    await asyncio.sleep(15)
    await asyncio.to_thread(cut_power)
    load.stop()
    await sending
    acknowledged = load.told.rows

    async def all_ended() -> bool:
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            return await load.unfinished_jobs() == 0
        return False

    await eventually(all_ended, within_s=COMES_BACK_WITHIN_S)
    return acknowledged, await load.count()


def test_a_rehearsal_says_the_commands_and_changes_nothing(stack: Production):
    before = stack.versions()
    stack.choose(SECOND)
    told = stack.deploy("up", "compose", "--images", "there", "--dry-run").stdout
    assert "docker compose --file docker-compose.prod.yml run --rm --no-deps migrate" in told
    assert stack.versions() == before
