"""The secrets that the environment gives: long enough, not guessed, each in its place."""

from collections.abc import Sequence

from pydantic import SecretStr

from datalab.host.doctor.finding import Finding, broken, ok, warning
from datalab.host.doctor.setup import Setup
from datalab.services.gateway.model.signing import SHORTEST_SECRET

_NEW = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
_KNOWN = ("changeme", "change-me", "secret", "password", "example", "your-", "default", "datalab", "12345")
_FEWEST_SIGNS = 10


async def check(setup: Setup) -> Sequence[Finding]:
    """JWT_SECRET, the one before it, and the credential of a service that runs apart."""
    present, previous = setup.settings.jwt_secret, setup.settings.jwt_secret_previous
    found = [
        ok("JWT_SECRET", "not given; the one in the home is used") if present is None else _judge("JWT_SECRET", present)
    ]
    if previous is not None:
        found.append(_previous(present, previous))
    if setup.apart:
        found.append(_credential(setup))
    return found


def _judge(name: str, secret: SecretStr) -> Finding:
    value = secret.get_secret_value()
    size = len(value.encode())
    if size < SHORTEST_SECRET:
        return broken(name, f"{size} bytes; the gateway starts with no less than {SHORTEST_SECRET}", _NEW)
    if any(word in value.lower() for word in _KNOWN) or len(set(value)) < _FEWEST_SIGNS:
        return broken(name, "a value that others try first: whoever guesses it can sign in as anybody", _NEW)
    return ok(name, f"{size} bytes")


def _previous(present: SecretStr | None, previous: SecretStr) -> Finding:
    name = "JWT_SECRET_PREVIOUS"
    if present == previous:
        return warning(name, "the same as JWT_SECRET, so nothing is being changed", f"unset {name}")
    judged = _judge(name, previous)
    if judged.remedy is not None:
        return judged.model_copy(update={"remedy": f"unset {name}: who holds tokens of it signs in again"})
    return warning(name, "tokens of the secret before are still good", f"unset {name} when a day has passed")


def _credential(setup: Setup) -> Finding:
    name = "DATALAB_SERVICE_SECRET"
    if setup.settings.service_secret is not None:
        return ok(name, "given")
    remedy = "datalab token service compute, on the gateway's host, prints the worker's"
    return warning(name, "not given: a worker here can't act for jobs' owners; the gateway needs none", remedy)
