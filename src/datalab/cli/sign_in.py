"""A sign-in that lasts: the password is exchanged for an API key of the user's own, which is kept."""

import contextlib
import socket
from pathlib import Path

from pydantic import SecretStr

from datalab.cli.credentials import Credential, load_credentials, save_credentials
from datalab.client.synchronous import Client
from datalab.contracts.errors import PlatformError
from datalab.contracts.gateway import ApiKeyDraft

_DAY_S = 86400


def sign_in(url: str, name: str, password: SecretStr, days: int) -> Path:
    """Keep a new key for ``url``, in place of one kept before; gives the file.

    Raises:
        InvalidCredentials: Name or password is wrong.
    """
    credentials = load_credentials()
    with Client(url) as client:
        client.sign_in(name, password)
        draft = ApiKeyDraft(
            name=f"datalab login on {socket.gethostname()}"[:128],
            role=client.gateway.me().role,
            expires_in_s=days * _DAY_S,
        )
        key = client.gateway.create_api_key(draft)
        before = credentials.platforms.get(url)
        if before is not None:
            # Revoked, expired or another account's: then there is nothing left to take away.
            with contextlib.suppress(PlatformError):
                client.gateway.delete_api_key(before.key_id)
        # The key is what lasts; nothing else of the sign-in is left lying about.
        client.gateway.log_out()
    return save_credentials(credentials.with_login(url, Credential(token=key.token, key_id=key.id)))


def sign_out(url: str) -> None:
    """Revoke and forget the key kept for ``url``; an unreachable platform's is forgotten all the same."""
    credentials = load_credentials()
    kept = credentials.platforms.get(url)
    if kept is None:
        return
    save_credentials(credentials.without(url))
    with Client(url, kept.token) as client:
        client.gateway.delete_api_key(kept.key_id)
