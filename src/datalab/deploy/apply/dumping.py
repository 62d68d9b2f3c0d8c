"""A dump of the database before its schema changes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from datalab.deploy.apply.command import Command, Runner
from datalab.deploy.apply.docker_compose import DockerCompose

# The container knows the password; here it is never seen.
_DUMP = 'PGPASSWORD="$POSTGRES_PASSWORD" pg_dump --format=custom --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"'
_PG_NAMES = {
    "PGHOST": "POSTGRES_HOST",
    "PGPORT": "POSTGRES_PORT",
    "PGUSER": "POSTGRES_USER",
    "PGPASSWORD": "POSTGRES_PASSWORD",
    "PGDATABASE": "POSTGRES_DB",
}
_LONGEST_S = 6 * 3600


def dump(stack: DockerCompose, folder: Path, version: str) -> Path:
    """Write a dump, whole or not at all; gives its path. Raises CommandFailed."""
    path = _path(folder, version)
    stack.save(path, "postgres", "sh", "-c", _DUMP)
    return path


def dump_here(runner: Runner, values: Mapping[str, str], account: str, folder: Path, version: str) -> Path:
    """Write a dump of the database that the operator's variables name, as ``account``; gives its path.

    Raises:
        CommandFailed: The database refuses it.
        Unavailable: There is no ``pg_dump`` here.
    """
    path = _path(folder, version)
    # The password is in its environment: among the arguments everybody on the host could read it.
    environment = {name: values[source] for name, source in _PG_NAMES.items() if values.get(source)}
    command = ("runuser", "-u", account, "--", "pg_dump", "--format=custom", "--no-password")
    runner.change(Command(command, Path("/"), environment, into=path, timeout_s=_LONGEST_S))
    return path


def _path(folder: Path, version: str) -> Path:
    return folder / f"before-leaving-{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
