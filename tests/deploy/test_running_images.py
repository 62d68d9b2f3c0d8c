"""Our images run the platform: as nobody special, on a read-only root, without a capability, within small limits."""

import secrets
from collections.abc import Generator

import pytest
from pydantic import SecretStr
from tests.deploy.containers import containers, healthy, state
from tests.deploy.engine import DockerFailed, docker
from tests.deploy.images import ensure_ours
from tests.deploy.stack import Stack
from tests.deploy.standins.made import ensure_images

from datalab.catalog import SERVICES
from datalab.client.synchronous import Client
from datalab.contracts.gateway import Setup, SetupClosed
from datalab.contracts.jobs import JobState
from datalab.deploy.topology.images import POSTGRES, REDIS

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800)]

ROWS = "\n".join(f"{n % 7},{(n * 37) % 101},{'high' if (n * 37) % 101 > 50 else 'low'}" for n in range(3000))
BARS = {
    "mark": "bar",
    "encoding": {"x": {"field": "label", "type": "nominal"}, "y": {"field": "n", "type": "quantitative"}},
}
ESCAPES = """
import os, socket
got = []
for path in ("/etc/passwd", "/proc/1/environ", "/app/state"):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path).close()
        got.append(path)
    except OSError:
        pass
try:
    socket.create_connection(("postgres", 5432), 2)
    got.append("network")
except OSError:
    pass
result = {"got": got}
"""


@pytest.fixture(scope="module")
def stack() -> Generator[Stack]:
    ensure_ours()
    ensure_images((POSTGRES.name, REDIS.name))
    with containers() as place:
        running = Stack(place)
        running.start_stores()
        running.migrate()
        running.gateways = [running.serve("gateway", str(number)) for number in (1, 2)]
        running.services = {name: running.serve(name) for name in SERVICES if name != "gateway"}
        running.workers = {name: running.work(name) for name in SERVICES if SERVICES[name].worker}
        for gateway in running.gateways:
            running.ready_after(gateway, "gateway")
        for name, container in running.services.items():
            running.ready_after(container, name)
        yield running


@pytest.fixture(scope="module")
def client(stack: Stack) -> Generator[Client]:
    with Client(stack.url(stack.gateways[0]), stack.minted_key()) as opened:
        yield opened


def test_the_engine_finds_every_service_healthy(stack: Stack):
    for container in (*stack.gateways, *stack.services.values()):
        healthy(container)


def test_they_may_write_nothing_but_their_volumes_and_memory(stack: Stack):
    for container in (*stack.services.values(), *stack.workers.values()):
        for folder in ("/", "/app", "/opt/venv", "/usr/local/bin"):
            with pytest.raises(DockerFailed, match="Read-only file system"):
                stack.place.execute(container, "touch", f"{folder}/written")


def test_they_have_no_privilege(stack: Stack):
    for container in (*stack.gateways, *stack.services.values(), *stack.workers.values()):
        told = dict(line.split(":", 1) for line in stack.place.execute(container, "cat", "/proc/1/status").splitlines())
        assert told["Uid"].split() == ["10001"] * 4
        assert int(told["CapBnd"], 16) == int(told["CapEff"], 16) == 0
        assert told["NoNewPrivs"].strip() == "1"


def test_what_is_asked_is_answered_by_each_services_own_image(client: Client):
    table = f"points_{secrets.token_hex(3)}"
    assert client.upload(table, f"a,b,label\n{ROWS}\n".encode()).rows == 3000
    sql = f"SELECT label, count(*) AS n FROM {table} GROUP BY label ORDER BY label"
    assert [row["label"] for row in client.query(sql).to_dicts()] == ["high", "low"]
    trained = client.wait(client.train(f"{table}_model", dataset=table, target="label"))
    assert trained.state is JobState.SUCCEEDED
    assert client.predict(f"{table}_model", [{"a": 1, "b": 90}]).predictions
    assert client.chart(BARS, sql=sql).content.startswith(b"\x89PNG")
    copied = client.wait(client.submit("sql", {"sql": sql, "into": f"{table}_counts"}))
    assert copied.state is JobState.SUCCEEDED


def test_users_code_is_confined_in_the_workers_container(client: Client):
    done = client.wait(client.submit("python", {"code": ESCAPES}))
    assert done.state is JobState.SUCCEEDED
    assert done.result == {"got": []}


def test_a_setup_code_of_any_gateway_makes_the_first_administrator_and_closes_the_others(stack: Stack):
    codes = [stack.place.execute(each, "cat", "/app/state/secrets/setup_code") for each in stack.gateways]
    first, second = (
        Setup(code=SecretStr(code), name=name, password=SecretStr(secrets.token_urlsafe(16)))
        for code, name in zip(codes, ("first", "second"), strict=True)
    )
    with Client(stack.url(stack.gateways[1])) as other:
        assert other.gateway.set_up(first).name == "first"
        with pytest.raises(SetupClosed):
            other.gateway.set_up(second)


def test_a_service_told_to_stop_ends_well(stack: Stack):
    container = stack.serve("viz", "9")
    stack.ready_after(container, "viz")
    docker("stop", "--time", "90", container)
    assert state(container)["ExitCode"] == 0
    assert not state(container)["OOMKilled"]
