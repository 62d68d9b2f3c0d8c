"""Deployments, given what only the services know: how the gateway derives each service's credential."""

from pathlib import Path

from pydantic import SecretStr

from datalab.deploy.apply.files import PRIVATE, write
from datalab.deploy.environment import completed, missing, parsed, to_text
from datalab.deploy.plan import Plan
from datalab.services.gateway.model.service_secret import service_secret


def complete_environment(path: Path, plan: Plan) -> tuple[str, ...]:
    """Write the deployment's variables, mode 0600; gives the names of the secrets that were made.

    Raises:
        datalab.contracts.errors.InvalidInput: The ``JWT_SECRET`` that is there is shorter than 32 bytes.
    """
    given = parsed(path.read_text()) if path.exists() else {}
    made = missing(given, plan)
    values = completed(given, plan, _credential)
    if values != given:
        write(path, to_text(values), PRIVATE)
    return made


def _credential(jwt_secret: str, service: str) -> str:
    return service_secret(SecretStr(jwt_secret), service).get_secret_value()
