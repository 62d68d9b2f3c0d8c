"""What the parts of one process share, chosen by the settings: databases, bus, secrets, metrics."""

from functools import cache
from importlib.metadata import version
from typing import Final

from pydantic import SecretStr

from datalab.host.storage import SharedStore, open_store
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.database.database import Database
from datalab.kernel.database.url import DatabaseUrl, SqliteFolder, parse_database_url
from datalab.kernel.events.bus import EventBus
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.http.stopping import Stopping
from datalab.kernel.telemetry.metrics import Metrics

JWT_SECRET: Final = "jwt_secret"  # noqa: S105 - the secret's name


@cache
def platform_version() -> str:
    """The installed distribution's version."""
    return version("datalab-stack")


def database_url(settings: PlatformSettings) -> DatabaseUrl:
    """PostgreSQL when the environment names one, else files under the home."""
    text = settings.database_text()
    return parse_database_url(text.get_secret_value()) if text else SqliteFolder(settings.home / "metadata")


def event_bus(settings: PlatformSettings) -> EventBus:
    """Redis when the environment names one, else this process's memory."""
    url = settings.redis_text()
    if url is None:
        return MemoryBus()
    from datalab.kernel.events.redis import RedisBus

    return RedisBus(url.get_secret_value())


class Resources:
    """Opened once a process; nothing is connected before it is used."""

    def __init__(self, settings: PlatformSettings, stopping: Stopping | None = None) -> None:
        self.settings = settings
        self.stopping = stopping or Stopping()
        self.secrets = LocalSecrets(settings.home)
        self.metrics = Metrics()
        self.bus = event_bus(settings)
        self.version = platform_version()
        self._databases: dict[str, Database] = {}
        self._store: SharedStore | None = None

    def jwt_secret(self) -> SecretStr:
        """``JWT_SECRET``, else the one made on the first run."""
        return self.settings.jwt_secret or self.secrets.read_or_create(JWT_SECRET)

    def database(self, service: str) -> Database:
        """The service's database."""
        if service not in self._databases:
            self._databases[service] = Database(database_url(self.settings), service)
        return self._databases[service]

    def store(self) -> SharedStore | None:
        """The object store that the environment names, ``None`` when folders are used. Raises InvalidInput."""
        if self._store is None:
            self._store = open_store(self.settings.home)
        return self._store

    async def close(self) -> None:
        """Let go of everything that was opened."""
        await self.bus.close()
        for database in self._databases.values():
            await database.close()
        if self._store is not None:
            await self._store.objects.close()
