"""A dump of the database before its schema changes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from datalab.deploy.apply.command import Command, Runner

# The container knows the password; here it is never seen.
_AS_GIVEN = 'PGPASSWORD="$(cat "$POSTGRES_PASSWORD_FILE" 2>/dev/null || echo "$POSTGRES_PASSWORD")"'
_DUMP = f'{_AS_GIVEN} pg_dump --format=custom --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"'
_PG_NAMES = {
    "PGHOST": "POSTGRES_HOST",
    "PGPORT": "POSTGRES_PORT",
    "PGUSER": "POSTGRES_USER",
    "PGPASSWORD": "POSTGRES_PASSWORD",
    "PGDATABASE": "POSTGRES_DB",
}
_LONGEST_S = 6 * 3600


class Stack(Protocol):
    """What runs the database."""

    def save(self, path: Path, service: str, *arguments: str) -> None:
        """Keep in a file what a command inside a service's container prints. Raises CommandFailed."""
        ...


def dump(stack: Stack, folder: Path, version: str) -> Path:
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
