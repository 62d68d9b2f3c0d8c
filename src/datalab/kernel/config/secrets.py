"""Secrets made on the first run and kept in files that only their owner reads."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

SECRET_BYTES = 32


class LocalSecrets:
    """Secrets under ``<home>/secrets``, one file each, mode 0600.

    Several processes may ask for the same one at the same time: whoever writes first wins and all read that.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / "secrets"

    def read(self, name: str) -> SecretStr | None:
        """The secret, or ``None`` when it was never made."""
        path = self._folder / name
        return SecretStr(path.read_text().strip()) if path.is_file() else None

    def read_or_create(self, name: str) -> SecretStr:
        """The secret, made of 32 random bytes when it isn't there."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(SECRET_BYTES))
                file.flush()
                os.fsync(file.fileno())
            self._publish(draft, self._folder / name)
        finally:
            draft.unlink(missing_ok=True)
        return SecretStr((self._folder / name).read_text().strip())

    def remove(self, name: str) -> None:
        """Forget the secret."""
        (self._folder / name).unlink(missing_ok=True)

    @staticmethod
    def _publish(draft: Path, path: Path) -> None:
        try:
            os.link(draft, path)
        except FileExistsError:
            return
