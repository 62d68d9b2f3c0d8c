"""The operator's variables: what a deployment's files refer to, secrets above all."""

import re
import secrets
from collections.abc import Callable, Mapping

from datalab.catalog import SERVICES
from datalab.deploy.plan import Plan

JWT_SECRET = "JWT_SECRET"  # noqa: S105 - its name
SECRET_BYTES = 48
_LINE = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$")
_QUOTED = re.compile(r"""^(["'])(.*)\1$""")

Credential = Callable[[str, str], str]
"""The credential of a service, from the gateway's signing secret and the service's name."""


def secret_names(plan: Plan) -> tuple[str, ...]:
    """The secrets that the plan's components are given, by the operator's names."""
    return tuple(sorted({secret.source for component in plan.components for secret in component.secrets}))


def _made(plan: Plan) -> tuple[str, ...]:
    """Those of them that are nobody else's."""
    return tuple(
        sorted({secret.source for component in plan.components for secret in component.secrets if secret.made})
    )


def parsed(text: str) -> dict[str, str]:
    """The variables of a ``.env`` file."""
    found = (_LINE.match(line) for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {match[1]: _QUOTED.sub(r"\2", match[2]) for match in found if match}


def completed(given: Mapping[str, str], plan: Plan, credential: Credential) -> dict[str, str]:
    """What is given, with everything that is missing made anew; nothing that is there is changed."""
    values = {"DOMAIN": plan.choices.domain, "POSTGRES_DB": "datalab", "POSTGRES_USER": "datalab", **given}
    if not values.get(JWT_SECRET):
        values[JWT_SECRET] = secrets.token_urlsafe(SECRET_BYTES)
    for service in SERVICES:
        name = f"{service.upper()}_SERVICE_SECRET"
        if name in secret_names(plan) and not values.get(name):
            values[name] = credential(values[JWT_SECRET], service)
    for name in _made(plan):
        values[name] = values.get(name) or secrets.token_urlsafe(SECRET_BYTES)
    return values


def missing(given: Mapping[str, str], plan: Plan) -> tuple[str, ...]:
    """The secrets that are not there yet and can be made."""
    return tuple(name for name in _made(plan) if not given.get(name))


def to_text(values: Mapping[str, str]) -> str:
    """The variables as a ``.env`` file."""
    head = "# Secrets and choices of this deployment. Keep it to yourself: it is not committed.\n"
    return head + "".join(f"{name}={value}\n" for name, value in values.items())
