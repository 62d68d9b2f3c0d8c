"""pytest fixtures over the real servers; load with ``pytest_plugins = ("datalab.kernel.testing.fixtures",)``."""

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from datalab.kernel.database.url import DatabaseUrl, SqliteFolder, parse_database_url
from datalab.kernel.testing.postgres import WITHOUT_ROWS, WITHOUT_TABLES, LentDatabases, start_postgres
from datalab.kernel.testing.process import ServerMissing, ServerProcess
from datalab.kernel.testing.redis import fresh_redis, start_redis
from datalab.kernel.testing.s3 import start_s3
from datalab.kernel.testing.shared import shared_server

Start = Callable[[int | None], tuple[ServerProcess, str]]


@pytest.fixture
def tmp_home(tmp_path: Path) -> Path:
    """An empty folder to be ``DATALAB_HOME``."""
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the run's PostgreSQL; tests that disturb a server take ``own_postgres`` instead."""
    return os.environ.get("DATALAB_TEST_POSTGRES_URL") or _shared("postgres", tmp_path_factory, start_postgres)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the run's Redis, without a database's number; tests that disturb it take ``own_redis``."""
    return os.environ.get("DATALAB_TEST_REDIS_URL") or _shared("redis", tmp_path_factory, start_redis)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of the run's S3 server; tests that disturb it take ``own_s3``."""
    return os.environ.get("DATALAB_TEST_S3_URL") or _shared("s3", tmp_path_factory, start_s3)


@pytest.fixture(scope="session")
def blank_databases(postgres_server: str) -> Generator[LentDatabases]:
    """PostgreSQL databases without tables that tests of this process have one after another."""
    with LentDatabases(postgres_server, WITHOUT_TABLES) as lent:
        yield lent


@pytest.fixture
def postgres_url(blank_databases: LentDatabases) -> Generator[str]:
    """The URL of a PostgreSQL database without tables."""
    with blank_databases.lend() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> Generator[str]:
    """The URL of a fresh Redis database."""
    with fresh_redis(redis_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrl:
    """A fresh place for tables; the test runs on SQLite and on PostgreSQL."""
    return _place(request, tmp_path, "postgres_url")


@pytest.fixture
def database_url(new_database_url: DatabaseUrl) -> DatabaseUrl:
    """Where a test has its tables; tests that need no new place say so in their ``conftest.py``."""
    return new_database_url


@pytest.fixture(scope="session")
def rowless_databases(postgres_server: str) -> Generator[LentDatabases]:
    """The same, but that tables stay; only rows are gone."""
    with LentDatabases(postgres_server, WITHOUT_ROWS) as lent:
        yield lent


@pytest.fixture
def rowless_postgres_url(rowless_databases: LentDatabases) -> Generator[str]:
    """The URL of one of them."""
    with rowless_databases.lend() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def rowless_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> DatabaseUrl:
    """A place for a service's tables, which may be there from an earlier test, but without rows; on both databases."""
    return _place(request, tmp_path, "rowless_postgres_url")


@pytest.fixture
def own_postgres() -> Generator[tuple[ServerProcess, str]]:
    """A PostgreSQL of the test's own, to kill and restart, and its URL."""
    yield from _own(start_postgres)


@pytest.fixture
def own_redis() -> Generator[tuple[ServerProcess, str]]:
    """A Redis of the test's own, to kill and restart (it forgets), and its URL."""
    yield from _own(start_redis)


@pytest.fixture
def own_s3() -> Generator[tuple[ServerProcess, str]]:
    """An S3 server of the test's own, to kill (it forgets), and its URL."""
    yield from _own(start_s3)


def missing(reason: str) -> None:
    """Skip aloud; in CI, where everything can be installed, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _place(request: pytest.FixtureRequest, tmp_path: Path, postgres: str) -> DatabaseUrl:
    if request.param == "sqlite":
        return SqliteFolder(tmp_path / "databases")
    return parse_database_url(str(request.getfixturevalue(postgres)))


def _own(start: Start) -> Generator[tuple[ServerProcess, str]]:
    try:
        server, url = start(None)
    except ServerMissing as error:
        missing(str(error))
        raise
    yield server, url
    server.stop()


def _shared(name: str, factory: pytest.TempPathFactory, start: Start) -> str:
    base = factory.getbasetemp()
    try:
        return shared_server(name, base.parent if "PYTEST_XDIST_WORKER" in os.environ else base, start)
    except ServerMissing as error:
        missing(str(error))
        raise
