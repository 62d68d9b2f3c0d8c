"""PostgreSQL: reached, new enough, migrated, with the right pooler before it and the right time."""

from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg

from datalab.catalog import SERVICES
from datalab.host.doctor.checks.schemas import of_schemas
from datalab.host.doctor.finding import Finding, broken, ok, skipped, warning
from datalab.host.doctor.setup import Setup
from datalab.host.resources import database_url
from datalab.kernel.database.url import PostgresServer

OLDEST = 15
SKEW_S = 2.0
MOST_SKEW_S = 30.0
_CONNECT_S = 5
_NAME = "PostgreSQL"
_POOLED = "pool_mode = transaction in pgbouncer.ini"


async def check(setup: Setup) -> Sequence[Finding]:
    """The server that DATABASE_URL or POSTGRES_* name."""
    url = database_url(setup.settings)
    if not isinstance(url, PostgresServer):
        return [skipped(_NAME, "none is named: the databases are SQLite files")]
    plain = url.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        async with await psycopg.AsyncConnection.connect(
            plain, connect_timeout=_CONNECT_S, prepare_threshold=None, autocommit=True
        ) as connection:
            found = [_version(connection), await _pooler(connection), await _clock(connection)]
    except psycopg.OperationalError as error:
        return [_unreached(url, error)]
    return [*found, *await of_schemas(url, tuple(SERVICES), "datalab migrate")]


def _unreached(url: PostgresServer, error: psycopg.OperationalError) -> Finding:
    where = f"{url.url.host}:{url.url.port or 5432}"
    said = " ".join(str(error).split())[:300]
    lowered = said.lower()
    if "authentication failed" in lowered or "no password supplied" in lowered:
        remedy = "set the password that the account has: DATABASE_URL, or POSTGRES_USER and POSTGRES_PASSWORD"
    elif "does not exist" in lowered:
        remedy = f"create the database: createdb -h {url.url.host} {url.url.database}"
    else:
        remedy = f"start PostgreSQL, or name where it is: is anything listening on {where}?"
    return broken(_NAME, f"{where} can't be used: {said}", remedy)


def _version(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> Finding:
    number = connection.info.server_version
    version = f"{number // 10000}.{number % 10000}"
    if number // 10000 < OLDEST:
        return broken(_NAME, f"version {version} is too old", f"upgrade to PostgreSQL {OLDEST} or newer")
    return ok(_NAME, f"version {version} at {connection.info.host}:{connection.info.port}")


async def _pooler(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> Finding:
    name = "connection pooler"
    try:
        async with connection.transaction():
            row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    except psycopg.Error as error:
        return broken(name, f"a transaction is refused: {' '.join(str(error).split())[:200]}", _POOLED)
    if row is not None and row[0] == connection.info.backend_pid:
        return ok(name, "none between here and the server")
    return ok(name, f"there is one; {_POOLED} is what it needs")


async def _clock(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> Finding:
    name, before = "clock", datetime.now(UTC)
    row = await (await connection.execute("SELECT clock_timestamp()")).fetchone()
    after = datetime.now(UTC)
    theirs = row[0] if row is not None else after
    if not isinstance(theirs, datetime):
        return skipped(name, "the database told no time")
    skew = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    detail, remedy = f"{skew:.1f} s away from the database's", "let both machines follow a time server (chrony, NTP)"
    if skew > MOST_SKEW_S:
        return broken(name, f"{detail}: tokens and leases end too early or too late", remedy)
    return warning(name, detail, remedy) if skew > SKEW_S else ok(name, detail)
