"""Redis: reached, new enough, and keeping what it is given."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from redis.exceptions import AuthenticationError, RedisError

from datalab.host.doctor.finding import Finding, broken, ok, skipped, warning
from datalab.host.doctor.setup import Setup
from datalab.kernel.redis_connection import connect

OLDEST = 6
_NAME = "Redis"


async def check(setup: Setup) -> Sequence[Finding]:
    """The server that REDIS_URL names."""
    given = setup.settings.redis_text()
    if given is None:
        return [_none(setup)]
    url = given.get_secret_value()
    try:
        where = f"{urlsplit(url).hostname}:{urlsplit(url).port or 6379}"
        client = connect(url)
    except ValueError as error:
        return [broken(_NAME, f"REDIS_URL can't be read: {error}", "write redis://:password@host:6379/0")]
    try:
        info = dict(await client.info())
    except AuthenticationError as error:
        return [broken(_NAME, f"{where} refuses the password: {error}", "give it as REDIS_PASSWORD, or in REDIS_URL")]
    except (RedisError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        return [broken(_NAME, f"{where} can't be used: {said}", "start Redis, or name where it is as REDIS_URL")]
    finally:
        await client.aclose()
    return [_version(str(info["redis_version"]), where), _eviction(info)]


def _none(setup: Setup) -> Finding:
    if not setup.apart:
        return skipped(_NAME, "not used: events stay within the one process")
    detail = "REDIS_URL is not set: events and audit entries wait, and each process limits rates for itself"
    return warning(_NAME, detail, "name a Redis as REDIS_URL")


def _version(version: str, where: str) -> Finding:
    if int(version.split(".", 1)[0]) < OLDEST:
        return broken(_NAME, f"version {version} at {where} is too old", f"upgrade to Redis {OLDEST} or newer")
    return ok(_NAME, f"version {version} at {where}")


def _eviction(info: dict[str, object]) -> Finding:
    name, policy = "Redis eviction", str(info.get("maxmemory_policy", "unknown"))
    limit = int(str(info.get("maxmemory", 0)))
    if limit and policy.startswith("allkeys"):
        detail = f"{policy} at {limit / 2**20:.0f} MiB: events may be thrown away before they are told"
        return warning(name, detail, "CONFIG SET maxmemory-policy volatile-lru")
    return ok(name, f"{policy}, " + (f"at most {limit / 2**20:.0f} MiB" if limit else "no limit on memory"))
