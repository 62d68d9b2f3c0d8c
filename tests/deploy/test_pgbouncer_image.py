"""The image of PgBouncer sets itself up from its environment, or says what is wrong with that."""

from collections.abc import Generator, Mapping

import psycopg
import pytest
from tests.deploy.containers import Containers, containers, eventually, healthy, log, state
from tests.deploy.engine import DockerFailed, docker
from tests.deploy.images import ensure_ours, name_of
from tests.deploy.standins.made import ensure_images

from datalab.deploy.topology.images import POSTGRES

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800)]

PORT = 6432
AWKWARD = "a\"b 'c' \\d $e"
IN_MEMORY = ("/run/pgbouncer",)


@pytest.fixture(scope="module")
def place() -> Generator[Containers]:
    ensure_ours(["pgbouncer"])
    ensure_images([POSTGRES.name])
    with containers() as made:
        yield made


@pytest.fixture(scope="module")
def pooler(place: Containers) -> str:
    """A PgBouncer before a server whose password is hard to write."""
    account = {"POSTGRES_USER": "datalab", "POSTGRES_DB": "datalab", "POSTGRES_PASSWORD": AWKWARD}
    postgres = place.run("postgres", POSTGRES.name, environment=account, options=())
    eventually(lambda: _answers(place, postgres), postgres)
    environment = {"POSTGRES_HOST": "postgres", "POSTGRES_USER": "datalab", "POSTGRES_PASSWORD": AWKWARD}
    container = place.run(
        "pgbouncer", name_of("pgbouncer"), environment=environment, in_memory=IN_MEMORY, memory="64m", port=PORT
    )
    healthy(container)
    return container


def _answers(place: Containers, postgres: str) -> bool:
    try:
        place.execute(postgres, "pg_isready", "-q", "-h", "127.0.0.1", "-U", "datalab")
    except DockerFailed:
        return False
    return True


def _connect(place: Containers, pooler: str, password: str) -> psycopg.Connection:
    port = place.published(pooler, PORT)
    return psycopg.connect(
        host="127.0.0.1", port=port, user="datalab", dbname="datalab", password=password, prepare_threshold=None
    )


def test_a_password_of_any_signs_goes_through_to_the_server(place: Containers, pooler: str):
    with _connect(place, pooler, AWKWARD) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("datalab",)


def test_another_password_is_refused(place: Containers, pooler: str):
    with pytest.raises(psycopg.OperationalError, match=r"SASL|password"):
        _connect(place, pooler, "another")


def test_the_password_is_in_no_argument_and_in_no_log(pooler: str):
    assert AWKWARD not in docker("top", pooler, "-eo", "pid,args")
    assert AWKWARD not in log(pooler)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"POSTGRES_PASSWORD": "x"}, "POSTGRES_HOST is not set"),
        ({"POSTGRES_PASSWORD": "x", "POSTGRES_HOST": "a b"}, "not a host's name"),
        ({"POSTGRES_HOST": "postgres"}, "set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"),
        ({"POSTGRES_HOST": "postgres", "POSTGRES_PASSWORD_FILE": "/run/none"}, "/run/none, which can't be read"),
        ({"POSTGRES_PASSWORD": "x", "POSTGRES_HOST": "h", "PGBOUNCER_POOL_SIZE": "many"}, "'many', not a number"),
        ({"POSTGRES_PASSWORD": "x", "POSTGRES_HOST": "h", "PGBOUNCER_SERVER_TLS": "on"}, "it is one of disable"),
    ],
)
def test_a_wrong_environment_is_told(place: Containers, environment: Mapping[str, str], told: str):
    container = place.run("wrong", name_of("pgbouncer"), environment=environment, in_memory=IN_MEMORY)
    eventually(lambda: state(container)["Status"] == "exited", container)
    assert state(container)["ExitCode"] == 2
    assert told in log(container)
    place.remove(container)


def test_without_a_folder_in_memory_it_says_so(place: Containers):
    environment = {"POSTGRES_HOST": "postgres", "POSTGRES_PASSWORD": "x"}
    container = place.run("wrong", name_of("pgbouncer"), environment=environment, in_memory=())
    eventually(lambda: state(container)["Status"] == "exited", container)
    assert "/run/pgbouncer can't be written: mount a tmpfs there" in log(container)
    place.remove(container)
