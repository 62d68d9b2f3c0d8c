"""All checks, one after the other, whatever happens to one of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from datalab.contracts.errors import PlatformError
from datalab.contracts.model import Contract
from datalab.host.doctor.checks import (
    confinement,
    console,
    disk,
    extras,
    home,
    machine,
    ports,
    postgres,
    redis,
    running,
    secrets,
    sqlite,
    storage,
    traces,
    variables,
)
from datalab.host.doctor.finding import Finding, State, broken
from datalab.host.doctor.redaction import secrets_of, without
from datalab.host.doctor.setup import Setup

PATIENCE_S = 90.0
Check = Callable[[Setup], Awaitable[Sequence[Finding]]]

CHECKS: dict[str, Check] = {
    "machine": machine.check,
    "extras": extras.check,
    "variables": variables.check,
    "home": home.check,
    "disk": disk.check,
    "secrets": secrets.check,
    "PostgreSQL": postgres.check,
    "SQLite": sqlite.check,
    "Redis": redis.check,
    "storage": storage.check,
    "confined processes": confinement.check,
    "console": console.check,
    "traces": traces.check,
    "ports": ports.check,
    "running": running.check,
}


class Examination(Contract):
    """What all checks found. ``healthy`` unless something is broken."""

    healthy: bool
    findings: tuple[Finding, ...]


async def examine(setup: Setup) -> Examination:
    """Look at everything, and tell no secret of it."""
    secrets_given = secrets_of(setup.variables)
    found = [
        without(secrets_given, finding) for name, check in CHECKS.items() for finding in await _run(name, check, setup)
    ]
    return Examination(healthy=not any(one.state is State.BROKEN for one in found), findings=tuple(found))


async def _run(name: str, check: Check, setup: Setup) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await check(setup)
    except TimeoutError:
        return [broken(name, f"no answer within {PATIENCE_S:g} s", "look at what hangs there")]
    except PlatformError as error:
        return [broken(name, error.detail, "mend this first, then run datalab doctor again")]
    except Exception as error:  # noqa: BLE001 - a check meets whatever is broken; that it fails is a finding
        reason = " ".join(str(error).split())[:300]
        return [
            broken(name, f"can't be looked at: {type(error).__name__}: {reason}", "mend this first, then try again")
        ]
