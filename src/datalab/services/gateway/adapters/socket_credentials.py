"""Who opens a WebSocket: by header, by session, or by a subprotocol where a browser can set no header."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from datalab.contracts.errors import MalformedInput
from datalab.kernel.http.authentication import bearer_of
from datalab.services.gateway.actions.issue import Issued
from datalab.services.gateway.actions.recognise import Recognition
from datalab.services.gateway.adapters.csrf import check_socket
from datalab.services.gateway.adapters.headers import session_secret

TOKEN_PROTOCOL = "datalab.bearer."  # noqa: S105 - what stands before a token
PROTOCOL = "datalab"
"""Offered beside a token, since browsers want one of those that they offer to be chosen, and a token never is."""
_HEADER = b"sec-websocket-protocol"


@dataclass(frozen=True, slots=True)
class Credential:
    """How the caller is recognised, now and again later; ``protocols`` are those offered that hold no token."""

    recognise: Callable[[], Awaitable[Issued]]
    protocols: tuple[str, ...]
    by_protocol: bool = False

    def scope_of(self, scope: Scope) -> Scope:
        """The scope without the token."""
        headers = [(name, value) for name, value in scope["headers"] if name != _HEADER]
        if self.protocols:
            headers.append((_HEADER, ", ".join(self.protocols).encode("latin-1")))
        return {**scope, "headers": headers, "subprotocols": list(self.protocols)}

    def choosing(self, send: Send) -> Send:
        """Where the service chooses no subprotocol, choose ours for the browser."""
        if not (self.by_protocol and PROTOCOL in self.protocols):
            return send

        async def chosen(message: Message) -> None:
            if message["type"] == "websocket.accept" and message.get("subprotocol") is None:
                message = {**message, "subprotocol": PROTOCOL}
            await send(message)

        return chosen


def credential_of(scope: Scope, recognition: Recognition) -> Credential:
    """The credential that a handshake shows.

    Raises:
        Unauthenticated: None.
        MalformedInput: Several.
        CsrfRefused: A session that a page of another origin uses.
    """
    headers = Headers(scope=scope)
    tokens, protocols = _divided(scope["subprotocols"])
    if len(tokens) + ("authorization" in headers) > 1:
        raise MalformedInput("headers: give one credential, by Authorization or by Sec-WebSocket-Protocol")
    if tokens:
        return Credential(partial(recognition.recognise, tokens[0]), protocols, by_protocol=True)
    secret = None if "authorization" in headers else session_secret(scope["headers"], scope["scheme"])
    if secret is None:
        return Credential(partial(recognition.recognise, bearer_of(headers)), protocols)
    check_socket(scope)
    return Credential(partial(recognition.recognise_session, secret), protocols)


def _divided(offered: Sequence[Any]) -> tuple[list[str], tuple[str, ...]]:
    names = [str(one) for one in offered]
    tokens = [one.removeprefix(TOKEN_PROTOCOL) for one in names if one.startswith(TOKEN_PROTOCOL)]
    return tokens, tuple(one for one in names if not one.startswith(TOKEN_PROTOCOL))
