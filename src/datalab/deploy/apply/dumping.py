"""A dump of the database before its schema changes."""

from datetime import UTC, datetime
from pathlib import Path

from datalab.deploy.apply.docker_compose import DockerCompose
from datalab.deploy.apply.files import PRIVATE

# The container knows the password; here it is never seen.
_DUMP = 'PGPASSWORD="$POSTGRES_PASSWORD" pg_dump --format=custom --username="$POSTGRES_USER" --dbname="$POSTGRES_DB"'


def dump(stack: DockerCompose, folder: Path, version: str) -> Path:
    """Write a dump, whole or not at all; gives its path. Raises CommandFailed."""
    path = folder / f"before-leaving-{version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    folder.mkdir(parents=True, exist_ok=True)
    stack.save(path, "postgres", "sh", "-c", _DUMP)
    path.chmod(PRIVATE)
    return path
