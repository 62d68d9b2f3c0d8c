"""Starting before the database, and losing it."""

from dataclasses import replace
from pathlib import Path

import httpx
from pydantic import SecretStr

from datalab.kernel.auth.keys import StaticKeys
from datalab.kernel.auth.verifier import AccessTokenVerifier
from datalab.kernel.config.secrets import LocalSecrets
from datalab.kernel.database.database import Database
from datalab.kernel.database.migrate import migrate
from datalab.kernel.database.url import DatabaseUrl, parse_database_url
from datalab.kernel.events.memory import MemoryBus
from datalab.kernel.events.outbox import Outbox
from datalab.kernel.limits.memory import MemoryLimiter
from datalab.kernel.testing.app import app_parts
from datalab.services.gateway.app import Dependencies, Gateway, build
from datalab.services.gateway.local import mint_admin_key
from datalab.services.gateway.model.service_secret import ServiceCredentials
from datalab.services.gateway.model.signing import SigningKeys
from datalab.services.gateway.settings import GatewaySettings

JWT_SECRET = SecretStr("a-secret-of-more-than-thirty-two-bytes-for-tests")


def gateway_on(database: Database, home: Path) -> Gateway:
    signing = SigningKeys(JWT_SECRET)
    return build(
        Dependencies(
            settings=GatewaySettings(),
            parts=replace(app_parts(), verifier=AccessTokenVerifier(StaticKeys(signing.public))),
            database=database,
            outbox=Outbox(database),
            bus=MemoryBus(),
            limiter=MemoryLimiter(),
            signing=signing,
            credentials=ServiceCredentials(JWT_SECRET),
            setup_code=LocalSecrets(home),
            upstreams={},
        )
    )


def client_of(gateway: Gateway) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=gateway, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway.test")


async def test_before_the_schema_is_there_it_is_not_ready_and_then_it_is(new_database_url: DatabaseUrl, tmp_path: Path):
    async with Database(new_database_url, "gateway") as database:
        gateway = gateway_on(database, tmp_path)
        lifespan = gateway.own.router.lifespan_context(gateway.own)
        async with lifespan, client_of(gateway) as http:
            assert (await http.get("/health")).status_code == 200
            answer = await http.get("/ready")
            assert (answer.status_code, "migrate" in answer.text) == (503, True)
            await migrate(database)
            assert (await http.get("/ready")).status_code == 200


async def test_a_credential_that_can_not_be_judged_now_is_neither_good_nor_bad(own_postgres, tmp_path: Path):
    server, url = own_postgres
    async with Database(parse_database_url(url), "gateway") as database:
        await migrate(database)
        headers = {"Authorization": f"Bearer {(await mint_admin_key(database)).token}"}
        async with client_of(gateway_on(database, tmp_path)) as http:
            server.kill()
            answer = await http.get("/api/v1/auth/me", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            server.start()
            assert (await http.get("/api/v1/auth/me", headers=headers)).status_code == 200
