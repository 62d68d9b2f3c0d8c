"""Secrets as objects of a swarm: what is in one can't be changed, so that a changed value is another object."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import yaml

from datalab.contracts.errors import InvalidInput
from datalab.deploy.environment import JWT_SECRET, secret_names
from datalab.deploy.plan import Plan
from datalab.deploy.renderers.swarm import secret_object
from datalab.deploy.topology.component import Secret
from datalab.deploy.yaml_text import to_yaml

SECRETS = "docker-stack.secrets.yml"
"""Beside the stack's file: which objects its secrets are now. Not committed, and no secret itself."""
_TOLD = 8


def secret_values(plan: Plan, values: Mapping[str, str]) -> dict[str, str]:
    """What is in each object, by the object's name; ``values`` are the operator's variables.

    Raises:
        InvalidInput: A secret isn't among them.
    """
    if lacking := [name for name in secret_names(plan) if not values.get(name)]:
        raise InvalidInput(f"not in .env: {', '.join(lacking)}; `datalab deploy env` makes what can be made")
    return {_object(plan, secret, values): _text(secret, values) for secret in _secrets(plan)}


def secrets_file(plan: Plan, values: Mapping[str, str]) -> dict[str, str]:
    """The file that names the objects. Raises InvalidInput as :func:`secret_values` does."""
    secret_values(plan, values)
    named = {secret_object(plan, secret): _object(plan, secret, values) for secret in _secrets(plan)}
    objects = {name: {"external": True, "name": made} for name, made in sorted(named.items())}
    return {SECRETS: to_yaml({"version": "3.12", "secrets": objects})}


def secret_names_in(files: Mapping[str, str]) -> tuple[str, ...]:
    """The objects that a release's files name."""
    document: dict[str, Any] = yaml.safe_load(files.get(SECRETS, "secrets: {}"))
    return tuple(each["name"] for each in document["secrets"].values())


def _secrets(plan: Plan) -> set[Secret]:
    return {secret for component in plan.components for secret in component.secrets}


def _object(plan: Plan, secret: Secret, values: Mapping[str, str]) -> str:
    """The name tells whether the value changed, to nobody who hasn't the signing secret."""
    told = hmac.new(values[JWT_SECRET].encode(), f"{secret.source}={values[secret.source]}".encode(), hashlib.sha256)
    return f"{secret_object(plan, secret)}_{told.hexdigest()[:_TOLD]}"


def _text(secret: Secret, values: Mapping[str, str]) -> str:
    value = values[secret.source]
    return json.dumps({secret.file_key: value}) if secret.file_key else value
