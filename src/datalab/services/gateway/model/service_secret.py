"""Each service's own credential, derived from ``JWT_SECRET``; knowing one tells nothing of another's, nor of the key."""

import base64
import hmac

from pydantic import SecretStr

from datalab.catalog import SERVICES
from datalab.services.gateway.model.signing import derive


def service_secret(secret: SecretStr, service: str) -> SecretStr:
    """What ``service`` is given as ``DATALAB_SERVICE_SECRET``.

    Raises:
        InvalidInput: ``JWT_SECRET`` is shorter than 32 bytes.
    """
    derived = derive(secret, f"datalab service credential, {service}, 1".encode(), "JWT_SECRET")
    return SecretStr(base64.urlsafe_b64encode(derived).decode().rstrip("="))


class ServiceCredentials:
    """Judges what services present, under the present secret and the previous one."""

    def __init__(self, secret: SecretStr, previous: SecretStr | None = None) -> None:
        self._secrets = tuple(one for one in (secret, previous) if one is not None)

    def accepts(self, service: str, presented: SecretStr) -> bool:
        """Whether this is the service's credential; takes the same time either way."""
        if service not in SERVICES:
            return False
        given = presented.get_secret_value().encode()
        found = [
            hmac.compare_digest(service_secret(one, service).get_secret_value().encode(), given)
            for one in self._secrets
        ]
        return any(found)
