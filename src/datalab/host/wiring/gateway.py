"""The gateway's parts."""

from collections.abc import Mapping

from pydantic import SecretStr
from starlette.types import ASGIApp

from datalab.console.app import Console
from datalab.contracts.identity import Caller, Role
from datalab.host.resources import Resources
from datalab.host.site import Site
from datalab.kernel.limits.bucket import RateLimiter
from datalab.kernel.limits.memory import MemoryLimiter
from datalab.kernel.limits.shared import SharedLimiter
from datalab.kernel.telemetry.metrics import workers_folder
from datalab.services.gateway.actions.issue import Issuer
from datalab.services.gateway.app import Dependencies, audit_sink, build
from datalab.services.gateway.model.service_secret import ServiceCredentials
from datalab.services.gateway.model.signing import SigningKeys
from datalab.services.gateway.settings import GatewaySettings

__all__ = ["LocalDelegation", "build", "dependencies", "signing_keys"]


def signing_keys(resources: Resources) -> SigningKeys:
    """The keys. Raises InvalidInput when the secret is too short."""
    return SigningKeys(resources.jwt_secret(), resources.settings.jwt_secret_previous)


def dependencies(site: Site, signing: SigningKeys, upstreams: Mapping[str, ASGIApp]) -> Dependencies:
    """What the gateway is given on this site."""
    ground = site.ground("gateway", audit_sink)
    return Dependencies(
        settings=GatewaySettings(),
        parts=ground.parts,
        database=ground.database,
        outbox=ground.outbox,
        bus=site.resources.bus,
        limiter=_limiter(site.resources),
        signing=signing,
        credentials=ServiceCredentials(site.resources.jwt_secret(), site.settings.jwt_secret_previous),
        setup_code=site.resources.secrets,
        upstreams=upstreams,
        console=Console(),
    )


def _limiter(resources: Resources) -> RateLimiter:
    folder, url = workers_folder(), resources.settings.redis_text()
    if url is None:
        return MemoryLimiter() if folder is None else SharedLimiter(folder / "limits")
    from datalab.kernel.limits.redis import RedisLimiter

    return RedisLimiter(url.get_secret_value())


class LocalDelegation:
    """Tokens on behalf of jobs' owners from the gateway of this process."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer

    async def caller_for(self, owner: str, role: Role, scopes: frozenset[str], job_id: str) -> Caller:
        """See :class:`datalab.services.compute.ports.Delegation`."""
        issued = await self._issuer.on_behalf("compute", owner, scopes, at_most=role)
        return Caller(identity=issued.identity, token=SecretStr(issued.token), request_id=job_id)
