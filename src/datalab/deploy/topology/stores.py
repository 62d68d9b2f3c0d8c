"""What keeps the platform's state: PostgreSQL behind PgBouncer, and Redis."""

from datalab.catalog import SERVICES
from datalab.deploy.topology.component import (
    GIB,
    MIB,
    Amount,
    CommandProbe,
    Component,
    File,
    Mount,
    Need,
    Network,
    OnFailure,
    Port,
    Probe,
    Resources,
    Role,
    Update,
    secret,
)
from datalab.deploy.topology.images import PGBOUNCER, POSTGRES, REDIS

_IN_PLACE = Update(new_first=False, on_failure=OnFailure.PAUSE, drain_s=60)
"""Two of them must never write the same files."""

_OURS = tuple(name for service in SERVICES.values() for name in (service.deployed_name, service.worker) if name)

_ASK_POSTGRES = ("sh", "-c", 'pg_isready -q -U "$POSTGRES_USER" -d "$POSTGRES_DB"')
_ASK_PGBOUNCER = ("pgbouncer-health",)
_FROM_FILE_OR_VARIABLE = '$(cat "$REDIS_PASSWORD_FILE" 2>/dev/null || echo "$REDIS_PASSWORD")'
_ASK_REDIS = ("sh", "-c", f'REDISCLI_AUTH="{_FROM_FILE_OR_VARIABLE}" redis-cli ping | grep -q PONG')
_START_REDIS = (
    "sh",
    "-c",
    f'printf "requirepass %s\\n" "{_FROM_FILE_OR_VARIABLE}" | exec redis-server - --appendonly yes --dir /data',
)
"""The password goes in by the standard input: among the arguments everybody on the host could read it."""


def stores() -> tuple[Component, ...]:
    """PostgreSQL, PgBouncer, Redis."""
    return (_postgres(), _pgbouncer(), _redis())


def _postgres() -> Component:
    return Component(
        name="postgres",
        role=Role.STORE,
        image=POSTGRES,
        command=("postgres", "-c", "password_encryption=scram-sha-256", "-c", "max_connections=200"),
        ports=(Port(5432, "postgres", published=5432),),
        resources=Resources(Amount(2, 2 * GIB), Amount(0, 256 * MIB)),
        networks=frozenset({Network.DATABASE}),
        health=Probe(CommandProbe(_ASK_POSTGRES), interval_s=10, timeout_s=5, retries=5, start_s=30),
        mounts=(Mount("postgres_prod_data", "/var/lib/postgresql/data"),),
        files=(File("infrastructure/sql/init.sql", "/docker-entrypoint-initdb.d/init.sql"),),
        scratch=("/tmp", "/run/postgresql"),  # noqa: S108 - inside the container, in memory
        environment={
            "POSTGRES_DB": "${POSTGRES_DB:-datalab}",
            "POSTGRES_USER": "${POSTGRES_USER:-datalab}",
            "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
        },
        secrets=(secret("POSTGRES_PASSWORD"),),
        update=_IN_PLACE,
        callers=("pgbouncer", "migrate", "postgres-exporter"),
    )


def _pgbouncer() -> Component:
    return Component(
        name="pgbouncer",
        role=Role.STORE,
        image=PGBOUNCER,
        ports=(Port(6432, "postgres"),),
        resources=Resources(Amount(0.5, 128 * MIB)),
        networks=frozenset({Network.DATABASE, Network.PLATFORM}),
        health=Probe(CommandProbe(_ASK_PGBOUNCER), interval_s=10, timeout_s=5, retries=5, start_s=10),
        needs=(Need("postgres"),),
        scratch=("/run/pgbouncer",),
        environment={
            "POSTGRES_HOST": "postgres",
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": "${POSTGRES_USER:-datalab}",
            "PGBOUNCER_POOL_SIZE": "${PGBOUNCER_POOL_SIZE:-40}",
        },
        secrets=(secret("POSTGRES_PASSWORD"),),
        update=Update(drain_s=30),
        callers=_OURS,
    )


def _redis() -> Component:
    return Component(
        name="redis",
        role=Role.STORE,
        image=REDIS,
        command=_START_REDIS,
        ports=(Port(6379, "redis", published=6379),),
        resources=Resources(Amount(0.5, 512 * MIB)),
        networks=frozenset({Network.PLATFORM, Network.MONITORING}),
        health=Probe(CommandProbe(_ASK_REDIS), interval_s=10, timeout_s=5, retries=5, start_s=10),
        mounts=(Mount("redis_data", "/data"),),
        scratch=("/tmp",),  # noqa: S108 - inside the container, in memory
        secrets=(secret("REDIS_PASSWORD"),),
        update=_IN_PLACE,
        callers=(*_OURS, "redis-exporter"),
    )
