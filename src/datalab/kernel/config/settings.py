"""Settings that every service shares."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import Field, SecretStr

from datalab.catalog import SERVICES
from datalab.kernel.config.environment import Environment


class PlatformSettings(Environment):
    """The platform's environment. Embedded when neither a database nor Redis is named; see the reference for each name."""

    environment: Annotated[str, Field(validation_alias="ENVIRONMENT")] = "development"
    """What kind of installation this is, for people and logs; nothing behaves differently by it."""
    home: Annotated[Path, Field(validation_alias="DATALAB_HOME")] = Path(".datalab")
    """Folder of everything that is kept here: databases unless servers are named, tables, models, secrets."""
    log_level: Annotated[str, Field(validation_alias="LOG_LEVEL", pattern="(?i)^(debug|info|warning|error)$")] = "info"
    """The least severe log lines that are written."""
    log_format: Annotated[str, Field(validation_alias="DATALAB_LOG_FORMAT", pattern="^(json|console)$")] = "json"
    """Log lines as JSON objects or for a terminal."""

    jwt_secret: Annotated[SecretStr | None, Field(validation_alias="JWT_SECRET")] = None
    """The gateway's signing secret, at least 32 random bytes; made on the first run unless given."""
    jwt_secret_previous: Annotated[SecretStr | None, Field(validation_alias="JWT_SECRET_PREVIOUS")] = None
    """The secret before the present one, while it is being changed: tokens signed by it stay good."""
    service_secret: Annotated[SecretStr | None, Field(validation_alias="DATALAB_SERVICE_SECRET")] = None
    """The credential by which a service or worker asks the gateway for tokens on behalf of jobs."""

    database_url: Annotated[SecretStr | None, Field(validation_alias="DATABASE_URL")] = None
    """PostgreSQL as one URL; without it and POSTGRES_HOST the databases are SQLite files under the home."""
    postgres_host: Annotated[str | None, Field(validation_alias="POSTGRES_HOST")] = None
    """PostgreSQL's host; the other POSTGRES_* variables count only with it."""
    postgres_port: Annotated[int, Field(validation_alias="POSTGRES_PORT")] = 5432
    """PostgreSQL's port."""
    postgres_db: Annotated[str, Field(validation_alias="POSTGRES_DB")] = "datalab"
    """The database, in which each service has a schema."""
    postgres_user: Annotated[str, Field(validation_alias="POSTGRES_USER")] = "datalab"
    """The account in PostgreSQL."""
    postgres_password: Annotated[SecretStr | None, Field(validation_alias="POSTGRES_PASSWORD")] = None
    """The account's password."""
    redis_url: Annotated[SecretStr | None, Field(validation_alias="REDIS_URL")] = None
    """Redis for events and rate limits; without it both stay within one process."""
    redis_password: Annotated[SecretStr | None, Field(validation_alias="REDIS_PASSWORD")] = None
    """Redis's password, for a REDIS_URL that holds none."""

    outbox_days: Annotated[float, Field(validation_alias="DATALAB_OUTBOX_DAYS", gt=0)] = 365
    """Days that events and audit entries wait for a bus that can tell them, such as Redis; then they are given up."""

    gateway_service_url: Annotated[str, Field(validation_alias="GATEWAY_SERVICE_URL")] = "http://127.0.0.1:8000"
    """Where the gateway answers; several instances are separated by commas, as below."""
    data_service_url: Annotated[str, Field(validation_alias="DATA_SERVICE_URL")] = "http://127.0.0.1:8001"
    """Where the data service answers."""
    ai_service_url: Annotated[str, Field(validation_alias="AI_SERVICE_URL")] = "http://127.0.0.1:8002"
    """Where the AI service answers."""
    compute_service_url: Annotated[str, Field(validation_alias="COMPUTE_SERVICE_URL")] = "http://127.0.0.1:8003"
    """Where the compute service answers."""
    viz_service_url: Annotated[str, Field(validation_alias="VIZ_SERVICE_URL")] = "http://127.0.0.1:8004"
    """Where the visualization service answers."""

    worker_processes: Annotated[int | None, Field(validation_alias="WORKER_PROCESSES", ge=1, le=256)] = None
    """Processes of one service that `datalab serve` starts; one unless given."""
    linger_s: Annotated[float, Field(validation_alias="DATALAB_LINGER_S", ge=0)] = 0
    """Seconds that a process told to stop goes on accepting and answering, while `/ready` is 503 and turns others away."""
    metrics_address: Annotated[
        str | None, Field(validation_alias="DATALAB_METRICS_ADDRESS", pattern=r"^[A-Za-z0-9.-]+:[0-9]{1,5}$")
    ] = None
    """Where a worker shows its metrics to Prometheus, such as `127.0.0.1:9001`; nowhere unless given."""
    drain_s: Annotated[float, Field(validation_alias="DATALAB_DRAIN_S", ge=0)] = 40
    """Seconds that running requests are given to finish once the process accepts no more."""
    keep_alive_s: Annotated[int, Field(validation_alias="DATALAB_KEEP_ALIVE_S", ge=5)] = 5
    """Seconds that an idle connection is kept; whoever asks through one, such as a load balancer, lets go of it sooner."""

    def database_text(self) -> SecretStr | None:
        """The database's URL from ``DATABASE_URL`` or ``POSTGRES_*``; ``None`` when the databases are files."""
        if self.database_url is not None or self.postgres_host is None:
            return self.database_url
        password = self.postgres_password.get_secret_value() if self.postgres_password else None
        account = quote(self.postgres_user, safe="") + (f":{quote(password, safe='')}" if password else "")
        return SecretStr(f"postgresql://{account}@{self.postgres_host}:{self.postgres_port}/{self.postgres_db}")

    def redis_text(self) -> SecretStr | None:
        """``REDIS_URL`` with ``REDIS_PASSWORD`` in it unless it holds one; ``None`` without Redis."""
        if self.redis_url is None or self.redis_password is None:
            return self.redis_url
        parts = urlsplit(self.redis_url.get_secret_value())
        if parts.password is not None:
            return self.redis_url
        account, _, place = parts.netloc.rpartition("@")
        password = quote(self.redis_password.get_secret_value(), safe="")
        account = account.removesuffix(":")
        return SecretStr(parts._replace(netloc=f"{account}:{password}@{place}").geturl())

    def service_urls(self, service: str) -> tuple[str, ...]:
        """Where the instances of a service are (comma-separated in its variable)."""
        if service not in SERVICES:
            raise KeyError(service)
        text: str = getattr(self, f"{service}_service_url")
        return tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
