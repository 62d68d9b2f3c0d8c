"""Where a service's tables live, parsed once from the configuration."""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from datalab.contracts.errors import InvalidInput

POSTGRES_NAMES = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True)
class SqliteFolder:
    """Embedded: one file a service, ``<folder>/<service>.db``."""

    folder: Path

    def file(self, service: str) -> Path:
        """The file that holds this service's tables."""
        return self.folder / f"{service}.db"


@dataclass(frozen=True)
class PostgresServer:
    """One PostgreSQL database with a schema a service. Printing it hides the password."""

    url: URL = field()

    def __repr__(self) -> str:
        return f"PostgresServer({self.url.render_as_string(hide_password=True)})"


DatabaseUrl = SqliteFolder | PostgresServer


def parse_database_url(text: str) -> DatabaseUrl:
    """Read ``sqlite:///<folder>`` or ``postgresql://user:password@host:port/database``.

    Raises :class:`InvalidInput` naming what would be right; the text itself isn't repeated, it may hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise InvalidInput(
            "DATABASE_URL can't be read as a URL; write postgresql://user:password@host:5432/database"
        ) from error
    if url.drivername == "sqlite" and url.database:
        return SqliteFolder(Path(url.database))
    if url.drivername in POSTGRES_NAMES and url.database:
        return PostgresServer(url.set(drivername="postgresql+psycopg"))
    raise InvalidInput(
        f"DATABASE_URL names {url.drivername!r}"
        f"{'' if url.database else ' and no database'}; "
        "write postgresql://user:password@host:5432/database or sqlite:///folder"
    )
