"""The main job on real data, in both shapes of the platform."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.shapes import Platform, embedded, separate

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.timeout(600)]


def walk(platform: Platform) -> list[dict[str, object]]:
    done = platform.run("demo", "--json", DATALAB_URL=platform.url, DATALAB_TOKEN=platform.admin_key())
    alive = {name: not process.ended for name, process in platform.processes.items()}
    assert all(alive.values()), alive
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return list(json.loads(done.stdout)["steps"])


@pytest.fixture
def in_one_process(tmp_path: Path) -> Iterator[Platform]:
    with embedded(tmp_path / "home") as platform:
        yield platform


@pytest.fixture
def in_five_processes(tmp_path: Path, postgres_url: str, redis_url: str) -> Iterator[Platform]:
    platform = separate(tmp_path / "home", {"DATABASE_URL": postgres_url, "REDIS_URL": redis_url})
    migrated = platform.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    order = list(platform.processes)
    random.Random(20130101).shuffle(order)
    try:
        yield platform.start(*order)
    finally:
        platform.__exit__(None, None, None)


def test_the_demo_passes_in_one_process_and_again_on_its_own_platform_after_that_was_killed(in_one_process: Platform):
    assert len(walk(in_one_process)) >= 5
    in_one_process.processes["up"].kill()
    # Nobody answers there any more, so the demo starts the platform anew on the same home.
    done = in_one_process.run("demo", "--json", DATALAB_URL=in_one_process.url)
    assert done.returncode == 0, done.stderr[-3000:]
    assert len(json.loads(done.stdout)["steps"]) >= 5


def test_the_demo_passes_in_five_processes_and_again_after_each_was_killed(in_five_processes: Platform):
    assert len(walk(in_five_processes)) >= 5
    for name in in_five_processes.processes:
        in_five_processes.processes[name].kill()
        in_five_processes.start(name)
    assert len(walk(in_five_processes)) >= 5


def test_the_demo_fails_when_it_may_not_write(in_one_process: Platform):
    done = in_one_process.run("demo", "--json", DATALAB_URL=in_one_process.url, DATALAB_TOKEN="dl_wrong")
    assert done.returncode == 1
