"""Going on after a sign-in: new access tokens from its refresh token."""

import asyncio
import time
from contextlib import suppress
from urllib.parse import urlencode
from uuid import uuid4

from datalab.client.call import Call
from datalab.client.endpoints import Endpoints
from datalab.client.session import Session
from datalab.client.transport import Origin, Transport
from datalab.contracts.errors import Unavailable
from datalab.contracts.gateway import Token

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_EARLY_S = 30.0


class Renewal:
    """The origin of somebody who signed in; of several calls at once, one asks for the new token and the others wait.

    A refresh token is good once, so it is no other client's too.
    """

    def __init__(self, token: Token, session: Session, endpoints: Endpoints) -> None:
        """Begin with what signing in gave."""
        self._ask = Transport(session, endpoints, Origin())
        self._turn = asyncio.Lock()
        self._keep(token)

    @property
    def token(self) -> str:
        """The present access token."""
        return self._token.access_token

    def headers(self) -> dict[str, str]:
        """What is sent with each call."""
        return Origin(self.token).headers()

    async def before_call(self) -> None:
        """Get a new access token when the present one is about to expire. Raises InvalidCredentials."""
        if time.monotonic() >= self._due:
            # While the gateway is away the present one is perhaps still good.
            with suppress(Unavailable):
                await self._renew(self.token)

    async def after_refusal(self, refused: str) -> bool:
        """Whether there is another access token than the one that was refused. Raises InvalidCredentials."""
        await self._renew(refused)
        return self.token != refused

    async def _renew(self, old: str) -> None:
        async with self._turn:
            if self.token == old and self._token.refresh_token is not None:
                self._keep(await self._ask.fetch(_refreshing(self._token.refresh_token), Token))

    def _keep(self, token: Token) -> None:
        self._token = token
        early_s = min(_EARLY_S, token.expires_in / 2)
        self._due = time.monotonic() + token.expires_in - early_s


def _refreshing(token: str) -> Call:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    # The key lets the gateway give a lost answer again, and tell the client that lost it from a thief.
    headers = _FORM | {"Idempotency-Key": str(uuid4())}
    body = urlencode(form).encode()
    return Call("gateway", "POST", "/api/v1/auth/token", json=body, headers=headers, repeatable=True)
