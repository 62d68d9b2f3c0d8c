import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
from redis import Redis

from datalab.kernel.testing.postgres import WITHOUT_ROWS, WITHOUT_TABLES, LentDatabases, fresh_database
from datalab.kernel.testing.process import ServerProcess
from datalab.kernel.testing.redis import fresh_redis, start_durable_redis
from datalab.kernel.testing.shared import shared_server


def test_each_fresh_database_is_empty_and_dropped_afterwards(postgres_server: str):
    with fresh_database(postgres_server) as first, fresh_database(postgres_server) as second:
        assert first != second
        with psycopg.connect(first) as connection:
            connection.execute("CREATE TABLE t (x int)")
        with psycopg.connect(second) as connection:
            assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)
    with psycopg.connect(postgres_server) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_database WHERE datname = %s", (first.rpartition("/")[2],)
        ).fetchone() == (0,)


def test_a_killed_postgres_restarts_with_what_was_committed(own_postgres: tuple[ServerProcess, str]):
    server, url = own_postgres
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE t AS SELECT 7 AS x")
    pid = server.pid
    server.restart()
    assert not psutil.pid_exists(pid)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT x FROM t").fetchone() == (7,)


def test_each_fresh_redis_is_empty(redis_server: str):
    with fresh_redis(redis_server) as first, fresh_redis(redis_server) as second:
        with Redis.from_url(first) as redis:
            redis.set("a", "1")
        with Redis.from_url(second) as redis:
            assert redis.get("a") is None
    with Redis.from_url(first) as redis:
        assert redis.get("a") is None


def test_a_killed_redis_forgets_and_a_durable_one_does_not(own_redis: tuple[ServerProcess, str]):
    durable = start_durable_redis()
    try:
        for server, url in (own_redis, durable):
            with Redis.from_url(url) as redis:
                redis.set("a", "1")
            server.restart()
        with Redis.from_url(own_redis[1]) as redis:
            assert redis.get("a") is None
        with Redis.from_url(durable[1]) as redis:
            assert redis.get("a") == b"1"
    finally:
        durable[0].stop()


def test_a_server_ends_with_its_owner(tmp_path: Path):
    script = (
        "from datalab.kernel.testing.redis import start_redis\n"
        "import os, signal\n"
        "server, url = start_redis()\n"
        "print(server.pid, server.folder, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    pid, _folder = done.stdout.split()
    psutil.wait_procs([psutil.Process(int(pid))] if psutil.pid_exists(int(pid)) else [], timeout=20)
    assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE


def test_the_shared_server_is_started_once(tmp_path: Path):
    started: list[int] = []

    def start(owner: int) -> tuple[ServerProcess, str]:
        started.append(owner)
        return ServerProcess(["true"], tmp_path, ready=lambda: True), "redis://here"

    assert shared_server("thing", tmp_path, start) == "redis://here"
    assert shared_server("thing", tmp_path, start) == "redis://here"
    assert len(started) == 1


def test_a_lent_database_comes_back_with_its_tables_and_nothing_in_them(postgres_server: str):
    with LentDatabases(postgres_server, WITHOUT_ROWS) as lent:
        with lent.lend() as url, lent.lend() as other:
            assert url != other
            left_open = psycopg.connect(other)
            left_open.execute("CREATE TABLE left_open (x int)")
            with psycopg.connect(url) as connection:
                connection.execute("CREATE TABLE parent (id serial PRIMARY KEY)")
                connection.execute("CREATE TABLE child (parent int NOT NULL REFERENCES parent)")
                connection.execute("INSERT INTO parent DEFAULT VALUES")
                connection.execute("INSERT INTO child SELECT id FROM parent")
        left_open.close()
        with lent.lend() as again, psycopg.connect(again) as connection:
            assert again == url
            assert connection.execute("SELECT * FROM child").fetchall() == []
            assert connection.execute("INSERT INTO parent DEFAULT VALUES RETURNING id").fetchone() == (1,)
    with psycopg.connect(postgres_server) as connection:
        left = connection.execute("SELECT datname FROM pg_database").fetchall()
        assert not {url.rpartition("/")[2], other.rpartition("/")[2]} & {name for (name,) in left}


def test_a_lent_database_comes_back_as_if_it_were_new(postgres_server: str):
    with LentDatabases(postgres_server, WITHOUT_TABLES) as lent:
        with lent.lend() as url, psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE parent (id serial PRIMARY KEY)")
            connection.execute("CREATE SCHEMA more")
            connection.execute("CREATE TABLE more.child (parent int NOT NULL REFERENCES public.parent)")
        with lent.lend() as again, psycopg.connect(again) as connection:
            assert again == url
            tables = "SELECT schemaname FROM pg_tables WHERE schemaname IN ('public', 'more')"
            assert connection.execute(tables).fetchall() == []
            assert connection.execute("SELECT to_regnamespace('more')").fetchone() == (None,)
