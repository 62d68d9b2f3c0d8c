"""Credentials made on the host from the local state, without the network."""

import asyncio
import os
from pathlib import Path

from pydantic import SecretStr

from datalab.contracts.gateway import NewApiKey
from datalab.contracts.identity import Role
from datalab.host.migrating import migrate_all
from datalab.host.resources import Resources, database_url
from datalab.kernel.config.settings import PlatformSettings
from datalab.kernel.database.database import Database
from datalab.services.gateway.local import mint_admin_key
from datalab.services.gateway.model.service_secret import service_secret


def create_admin_key(home: Path | None, role: Role, name: str, expires_in_s: int | None) -> NewApiKey:
    """A key of the host's own account, good at the gateway at once.

    Raises:
        datalab.contracts.errors.Unavailable: The database can't be reached.
    """
    if home is not None:
        os.environ["DATALAB_HOME"] = str(home)
    return asyncio.run(_create(PlatformSettings(), role, name, expires_in_s))


async def _create(settings: PlatformSettings, role: Role, name: str, expires_in_s: int | None) -> NewApiKey:
    await migrate_all(settings, ("gateway",))
    async with Database(database_url(settings), "gateway") as database:
        return await mint_admin_key(database, name=name, role=role, expires_in_s=expires_in_s)


def service_credential(service: str) -> SecretStr:
    """What ``service`` is to be given as ``DATALAB_SERVICE_SECRET``, derived from the gateway's ``JWT_SECRET``.

    Raises:
        datalab.contracts.errors.InvalidInput: ``JWT_SECRET`` is shorter than 32 bytes.
    """
    return service_secret(Resources(PlatformSettings()).jwt_secret(), service)
