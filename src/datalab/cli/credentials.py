"""Credentials of platforms that the user signed in to, in a file that only its owner reads."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import typer
from pydantic import Field

from datalab.contracts.model import Contract


class Credential(Contract):
    """An API key of the user's own for one platform; ``key_id`` is what revokes it."""

    token: str
    key_id: str


class Credentials(Contract):
    """The credentials by address; ``current`` is where the user signed in last."""

    current: str | None = None
    platforms: dict[str, Credential] = Field(default_factory=dict[str, Credential])

    def with_login(self, url: str, credential: Credential) -> "Credentials":
        """After signing in at ``url``."""
        return Credentials(current=url, platforms=self.platforms | {url: credential})

    def without(self, url: str) -> "Credentials":
        """After signing out of ``url``."""
        rest = {one: credential for one, credential in self.platforms.items() if one != url}
        return Credentials(current=None if self.current == url else self.current, platforms=rest)


def credentials_path() -> Path:
    """The file in the user's folder for configuration."""
    return Path(typer.get_app_dir("datalab")) / "credentials.json"


def load_credentials() -> Credentials:
    """What was saved; nothing when the file isn't there or can't be read as ours."""
    try:
        found: Any = json.loads(credentials_path().read_text())
        return Credentials.model_validate(found)
    except (FileNotFoundError, ValueError):
        return Credentials()


def save_credentials(credentials: Credentials) -> Path:
    """Write the file, mode 0600, in one step; gives its path."""
    path = credentials_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(credentials.model_dump_json(indent=2))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path
