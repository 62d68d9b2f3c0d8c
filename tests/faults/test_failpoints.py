"""Killed with -9 at each failpoint and started again: nothing half there, nothing acknowledged lost, one end a job."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.e2e.shapes import embedded
from tests.faults.story import (
    CSV,
    DATA,
    PATIENCE_S,
    Told,
    another_training,
    charts,
    check_models,
    csv,
    jobs,
    registry,
    training,
    uploads,
)
from tests.faults.walk import REGISTRY, TRAINING, UPLOADS, Walk, connected, jobs_and_charts

import datalab
from datalab.kernel.failpoint import names

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parents[2]
NAMES = names(Path(str(datalab.__file__)).parent)
OFTEN = 20
REMEMBERING = "tests.faults.remembered:train_once"
ON_EACH_DATABASE = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("faults-sqlite")),
    pytest.param("postgres", marks=pytest.mark.xdist_group("faults-postgres")),
]
TURNS = [pytest.param(f"_{turn}", marks=pytest.mark.xdist_group(f"turn-{turn}")) for turn in range(OFTEN)]
"""Each may run on any worker."""

ELSEWHERE = {
    "compute.": ("tests/services/compute/test_kills.py", 'names(ROOT / "src" / "datalab" / "services" / "compute")'),
    "viz.": ("tests/services/viz/test_viz_faults.py", "failpoint.names("),
    "gateway.setup.after_account": ("tests/services/gateway/test_gateway_crash.py", "gateway.setup.after_account"),
    "gateway.mint.after_account": ("tests/services/gateway/test_gateway_crash.py", "gateway.mint.after_account"),
}
"""Failpoints where tests of their service kill a smaller process, each once on each database: jobs and charts by the
parts that write them (`make test-faults` kills the whole platform there too), accounts by the commands that make them.
The text is what the test takes its failpoints from."""


@pytest.fixture(params=ON_EACH_DATABASE)
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    quick = {"DATALAB_COMPUTE_LEASE_S": "2", "DATALAB_DATA_DELETED_KEPT_S": "0"}
    if request.param == "sqlite":
        return quick
    return {**quick, "DATABASE_URL": str(request.getfixturevalue("postgres_url"))}


@pytest.fixture
def walk(tmp_path: Path, environment: dict[str, str]) -> Iterator[Walk]:
    platform = embedded(tmp_path / "home", environment)
    platform.processes["up"].before = REMEMBERING
    try:
        with connected(platform, platform.admin_key()) as client:
            yield Walk(platform, client)
    finally:
        platform.processes["up"].kill()


def test_killed_between_the_writes_of_an_upload_nothing_is_half_there(walk: Walk):
    upload_and_die(walk, "")


def test_killed_between_the_writes_of_a_registration_the_model_is_there_once(walk: Walk):
    register_and_die(walk, "")


@pytest.mark.faults
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("turn", TURNS)
def test_killed_between_all_writes_again_and_again_everything_is_whole(walk: Walk, turn: str):
    upload_and_die(walk, turn)
    register_and_die(walk, turn)
    walk.take(jobs_and_charts(NAMES), turn)
    walk.live_on()
    walk.check()


def upload_and_die(walk: Walk, turn: str) -> None:
    walk.take(UPLOADS, turn)
    walk.live_on()
    walk.check()
    until_tidy(walk)
    walk.kill()


def register_and_die(walk: Walk, turn: str) -> None:
    walk.live_on()
    know(walk.client)
    walk.kill()
    walk.take(TRAINING, turn)
    walk.live_on()
    another_training(Told(walk.client, f"another{turn}", walk.home))
    walk.check()
    check_models(walk.client, {"judge", "passing"})
    attempts = {path.parent for path in (walk.home / "models").rglob("*") if path.is_file()}
    assert len(attempts) == 2, f"files of attempts that registered nothing are left: {attempts}"
    walk.kill()
    walk.take(REGISTRY, turn)
    walk.live_on()
    walk.check()
    check_models(walk.client, set())
    walk.kill()


def know(client: httpx.Client) -> None:
    """The dataset that jobs, charts and models are about."""
    answer = client.put(f"{DATA}/datasets/known?mode=replace", content=csv(range(40)), headers=CSV)
    assert answer.is_success, answer.text


def until_tidy(walk: Walk) -> None:
    """No upload is left over, and each table's folder belongs to a dataset."""
    spool, tables = walk.home / "data" / "uploads", walk.home / "data" / "tables"
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        listed = {one["id"] for one in walk.client.get(f"{DATA}/datasets", params={"limit": 1000}).json()["items"]}
        left = {path.name for path in spool.iterdir()}
        folders = {path.name for path in tables.iterdir()}
        if not left and folders == listed:
            return
        time.sleep(0.2)
    raise AssertionError(f"left over: {left}, {folders - listed}; missing: {listed - folders}")


def test_every_failpoint_kills_in_some_test():
    walked = {step.at for step in (*UPLOADS, *TRAINING, *REGISTRY)}
    for name in set(NAMES) - walked:
        place = next((place for prefix, place in ELSEWHERE.items() if name.startswith(prefix)), None)
        assert place is not None, f"{name}: no test dies there; add it to a walk in tests/faults/walk.py"
        path, text = place
        assert text in (ROOT / path).read_text(), f"{name}: {path} kills there no more"
    assert walked <= set(NAMES)


def test_between_each_pair_of_writes_there_is_a_failpoint(walk: Walk, tmp_path: Path):
    trace = tmp_path / "trace"
    walk.live_on(DATALAB_FAILPOINT_TRACE=str(trace))
    know(walk.client)
    told = Told(walk.client, "trace", walk.home)
    for chapter in (uploads, charts, jobs, training, registry):
        chapter(told)
    walk.kill()
    lines = trace.read_text().splitlines()
    for write in WRITES:
        assert any(f"\twrote\t{write}" in line for line in lines), f"{write}: not noted"
    assert not unparted(lines), "\n".join(unparted(lines))


WRITES = (
    "upload ",
    "parsed file ",
    "intent ",
    "table file ",
    "table commit ",
    "INSERT INTO dataset_versions",
    "INSERT INTO outbox",
    "INSERT INTO jobs",
    "INSERT INTO job_events",
    "file models/",
    "INSERT INTO model_versions",
    "INSERT INTO audit",
)
"""What the check must have seen to be worth anything."""


def unparted(lines: list[str]) -> list[str]:
    """Pairs of writes of one task that no failpoint parts."""
    last: dict[str, str] = {}
    found: list[str] = []
    for task, kind, text in (line.split("\t") for line in lines):
        if kind == "wrote" and task in last:
            found.append(f"{last[task]}  |  {text}")
        if kind == "wrote":
            last[task] = text
        else:
            last.pop(task, None)
    return sorted(set(found))


def test_the_check_finds_a_write_without_a_failpoint():
    lines = ["1\twrote\ta", "1\treach\tx", "2\twrote\tother task", "1\twrote\tb", "1\twrote\tc"]
    assert unparted(lines) == ["b  |  c"]
