"""Every operation that the services declare in their OpenAPI documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from datalab.kernel.auth.require import ROLE_KEY

VERBS = ("get", "put", "post", "patch", "delete")
PLACEHOLDERS = {"version": "1", "service": "data", "format": "png"}


@dataclass(frozen=True)
class Operation:
    """One verb on one path of a service, and the role it declares (``None`` when it declares none)."""

    service: str
    verb: str
    template: str
    role: str | None

    @property
    def path(self) -> str:
        """The path with something in place of each parameter."""
        parts = self.template.split("{")
        return parts[0] + "".join(_filled(part) for part in parts[1:])

    def __str__(self) -> str:
        return f"{self.service} {self.verb.upper()} {self.template}"


def _filled(part: str) -> str:
    name, _, rest = part.partition("}")
    return PLACEHOLDERS.get(name.split(":")[0], "nothing_here") + rest


def document_path(service: str) -> str:
    """Where a service describes its own operations; at the gateway ``/openapi.json`` describes everybody's."""
    return "/openapi/gateway.json" if service == "gateway" else "/openapi.json"


def operations(service: str, document: dict[str, Any]) -> Iterator[Operation]:
    """The operations of one document."""
    for template, item in document["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield Operation(service, verb, template, item[verb].get(ROLE_KEY))
