"""Tokens on behalf of jobs' owners, asked for at the gateway with a service's own credential (RFC 8693)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from pydantic import SecretStr

from datalab.client.call import Call
from datalab.client.endpoints import Endpoints
from datalab.client.session import Session
from datalab.client.transport import Origin, Transport
from datalab.contracts.errors import Unavailable
from datalab.contracts.gateway import Token
from datalab.contracts.identity import Caller, Role
from datalab.kernel.auth.verifier import TokenVerifier

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_USER_ID = "urn:datalab:params:oauth:token-type:user-id"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class RemoteDelegation:
    """Asks the gateway over HTTP as ``service``."""

    def __init__(
        self, session: Session, gateways: Sequence[str], service: str, secret: SecretStr | None, verifier: TokenVerifier
    ) -> None:
        self._session = session
        self._endpoints = Endpoints(gateways[0], {"gateway": gateways})
        self._service = service
        self._secret = secret
        self._verifier = verifier

    async def caller_for(self, owner: str, role: Role, scopes: frozenset[str], job_id: str) -> Caller:
        """See :class:`datalab.services.compute.ports.Delegation`."""
        if self._secret is None:
            raise Unavailable("DATALAB_SERVICE_SECRET is not set, so the gateway can't know this worker")
        form = {
            "grant_type": _EXCHANGE,
            "client_id": self._service,
            "client_secret": self._secret.get_secret_value(),
            "subject_token": owner,
            "subject_token_type": _USER_ID,
            "scope": " ".join(sorted(scopes)),
            "role": role.value,
        }
        transport = Transport(self._session, self._endpoints, Origin(request_id=job_id))
        body = urlencode(form).encode()
        call = Call("gateway", "POST", "/api/v1/auth/token", json=body, headers=_FORM, repeatable=True)
        token = await transport.fetch(call, Token)
        identity = await self._verifier.verify(token.access_token)
        return Caller(identity=identity, token=SecretStr(token.access_token), request_id=job_id)
