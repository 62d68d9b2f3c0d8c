"""The production stack in a swarm, for real: it comes up, is updated under load, heals, and takes a bad release back."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from tests.deploy.engine import docker
from tests.deploy.load import Load
from tests.deploy.swarm import SwarmProduction, swarm

from datalab.deploy.environment import parsed

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800), pytest.mark.xdist_group("engine")]

FIRST, SECOND, BAD = "swarm-1", "swarm-2", "swarm-never-ready"
PER_SECOND = 15
"""A swarm takes an instance away that its own checks don't get an answer from: two cores must not be busy all the time."""
HEALED_WITHIN_S = 120
OURS = {
    "api-gateway",
    "data-service",
    "ai-service",
    "compute-service",
    "viz-service",
    "data-worker",
    "compute-worker",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SwarmProduction]:
    SwarmProduction.prepare()
    production = SwarmProduction(tmp_path_factory.mktemp("swarm"))
    with swarm():
        try:
            production.choose(FIRST)
            production.deploy("up", "swarm", "--images", "there")
            yield production
        finally:
            production.end((FIRST, SECOND, BAD))


def test_it_runs_as_its_files_say(stack: SwarmProduction):
    assert stack.versions() == {key: {FIRST} for key in OURS}
    assert len(stack.instances("api-gateway")) == 2
    assert stack.deploy("check", "swarm").returncode == 0
    assert stack.deploy("diff", "swarm").stdout == ""


def test_secrets_are_files_and_nowhere_else(stack: SwarmProduction):
    variables = parsed((stack.folder / ".env").read_text())
    secrets = {value for name, value in variables.items() if "SECRET" in name or "PASSWORD" in name}
    assert len(secrets) == 7
    for service in (*OURS, "postgres", "pgbouncer", "redis"):
        assert not any(secret in stack.told(service) for secret in secrets), service
    assert stack.inside("api-gateway", "cat", f"/run/secrets/{stack.name}_jwt_secret") == variables["JWT_SECRET"]


def test_an_update_under_load_loses_no_request(stack: SwarmProduction):
    told = asyncio.run(_update_under_load(stack))
    assert stack.versions() == {key: {SECOND} for key in OURS}
    assert told.failures == []
    assert told.answers.total() > 60 * 20
    assert told.streams > 5
    assert list((stack.folder / "backups").glob(f"before-leaving-{FIRST}-*.dump"))


async def _update_under_load(stack: SwarmProduction):
    load = Load(stack.url, [stack.token()], stack.authority(), PER_SECOND)
    sending = asyncio.create_task(load.run())
    await asyncio.sleep(5)
    stack.choose(SECOND)
    await asyncio.to_thread(stack.deploy, "up", "swarm", "--images", "there")
    await asyncio.sleep(5)
    load.stop()
    told = await sending
    assert await load.count() == told.rows
    return told


def test_an_instance_that_is_killed_is_replaced(stack: SwarmProduction):
    before = stack.containers("api-gateway")
    docker("kill", before[0])
    until = time.monotonic() + HEALED_WITHIN_S
    while len(set(stack.containers("api-gateway")) - set(before)) != 1 or not _all_well(stack):
        assert time.monotonic() < until, stack.instances("api-gateway")
        time.sleep(2)
    assert {each["restarts"] for each in stack.instances("api-gateway")} == {0, 1}


def _all_well(stack: SwarmProduction) -> bool:
    return [each["health"] for each in stack.instances("api-gateway")] == ["healthy", "healthy"]


def test_a_bad_release_is_taken_back_whole(stack: SwarmProduction):
    before = stack.versions()
    stack.choose(BAD)
    stack.spoil(BAD, "data-service", "datalab.host.one_service", "raise SystemExit('a bad release')")
    done = stack.deploy("up", "swarm", "--images", "there", check=False)
    assert done.returncode == 1
    assert "roll data-service" in done.stdout, "the gateway was of the bad release by then"
    assert f"{SECOND} runs again" in done.stderr
    assert stack.versions() == before


def test_an_update_is_taken_back_when_asked(stack: SwarmProduction):
    stack.deploy("rollback", "swarm")
    assert stack.versions() == {key: {FIRST} for key in OURS}


def test_down_and_up_again_keeps_the_data(stack: SwarmProduction):
    load = Load(stack.url, [stack.token()], stack.authority())
    rows = asyncio.run(load.count())
    stack.choose(FIRST)
    stack.deploy("down", "swarm")
    assert docker("ps", "--quiet", "--filter", f"label=com.docker.stack.namespace={stack.name}") == ""
    stack.deploy("up", "swarm", "--images", "there")
    assert rows > 1
    assert asyncio.run(load.count()) == rows


def test_a_component_is_scaled_and_its_log_is_read(stack: SwarmProduction):
    stack.deploy("scale", "swarm", "viz-worker", "1")
    assert [each["health"] for each in stack.instances("viz-worker")] == ["healthy"]
    assert f"{stack.name}_viz-worker" in stack.deploy("logs", "swarm", "viz-worker", "--lines", "5").stdout
    drift = stack.deploy("diff", "swarm", check=False)
    assert drift.returncode == 1
    assert drift.stdout == "! viz-worker: replicas is 1, the topology says 0\n"


def test_a_rehearsal_says_the_commands_and_changes_nothing(stack: SwarmProduction):
    before = stack.versions()
    stack.choose(SECOND)
    told = stack.deploy("up", "swarm", "--images", "there", "--dry-run").stdout
    assert "docker stack deploy --compose-file - --compose-file docker-stack.secrets.yml" in told
    assert stack.versions() == before
