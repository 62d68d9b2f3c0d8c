"""One OpenAPI document of several services'."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

VERBS = ("get", "put", "post", "patch", "delete", "head", "options")
SERVICE_KEY = "x-datalab-service"
_COMPONENTS = "#/components/"
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An access token or an API key"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "datalab_session",
        "description": "A browser's session; what changes something also needs the header X-DataLab-Console: 1",
    },
}

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A service's document, of which the paths under ``prefix`` count; all of them without one."""

    service: str
    prefix: str | None
    document: Document

    def paths(self) -> dict[str, Any]:
        """The paths that are this service's at the gateway."""
        paths: dict[str, Any] = self.document.get("paths", {})
        return {path: item for path, item in paths.items() if self._is_ours(path)}

    def _is_ours(self, path: str) -> bool:
        return self.prefix is None or path == self.prefix or path.startswith(f"{self.prefix}/")


def merged(parts: Sequence[Part], title: str, version: str) -> dict[str, Any]:
    """The parts as one document.

    A component or an operation's id that another part uses for something else gets its service's name in front; of
    several the first part keeps it.
    """
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {}
    bodies: dict[str, str] = {}
    ids: set[str] = set()
    for part in parts:
        renamed = _renamed(part, bodies)
        own = _pointing(part.document.get("components", {}), renamed)
        for section, named in own.items():
            kept = components.setdefault(section, {})
            for name, body in named.items():
                kept[_name_of(renamed.get(_reference(section, name), _reference(section, name)))] = body
        for path, item in _pointing(part.paths(), renamed).items():
            paths[path] = _named(item, part.service, ids)
    components["securitySchemes"] = _SECURITY
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": components,
    }


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, verb and operation, one by one."""
    for path, item in document["paths"].items():
        for verb in VERBS:
            if verb in item:
                yield path, verb, item[verb]


def _renamed(part: Part, bodies: dict[str, str]) -> dict[str, str]:
    """Which references of a part change to what; ``bodies`` is what those of the parts before it stand for."""
    renamed: dict[str, str] = {}
    for reference, body in _closures(part.document).items():
        chosen = reference
        while bodies.setdefault(chosen, body) != body:
            chosen = _reference(_section_of(chosen), part.service.capitalize() + _name_of(chosen))
        if chosen != reference:
            renamed[reference] = chosen
    return renamed


def _closures(document: Document) -> dict[str, str]:
    """Each component's reference, and as text all that it leads to: where the text is the same, so is the meaning."""
    components: dict[str, dict[str, Any]] = document.get("components", {})
    bodies = {_reference(section, name): body for section, named in components.items() for name, body in named.items()}
    uses = {reference: set(_references(body)) & bodies.keys() for reference, body in bodies.items()}
    return {
        reference: json.dumps([bodies[one] for one in (reference, *_reached(reference, uses))], sort_keys=True)
        for reference in bodies
    }


def _reached(start: str, uses: Mapping[str, set[str]]) -> list[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = uses[waiting.pop()] - found
        found |= new
        waiting += new
    return sorted(found)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in cast("dict[str, Any]", value).values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from _references(one)
    elif isinstance(value, str) and value.startswith(_COMPONENTS):
        yield value


def _pointing(value: Any, renamed: Mapping[str, str]) -> Any:
    """The value with its references as they are now."""
    if isinstance(value, dict):
        return {name: _pointing(one, renamed) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_pointing(one, renamed) for one in cast("list[Any]", value)]
    return renamed.get(value, value) if isinstance(value, str) else value


def _named(item: Mapping[str, Any], service: str, ids: set[str]) -> dict[str, Any]:
    named = dict(item)
    for verb in VERBS:
        if verb in item:
            operation = {**item[verb], SERVICE_KEY: service}
            while operation.get("operationId") in ids:
                operation["operationId"] = f"{service}_{operation['operationId']}"
            ids.add(operation.get("operationId", ""))
            named[verb] = operation
    return named


def _reference(section: str, name: str) -> str:
    return f"{_COMPONENTS}{section}/{name}"


def _section_of(reference: str) -> str:
    return reference.removeprefix(_COMPONENTS).partition("/")[0]


def _name_of(reference: str) -> str:
    return reference.removeprefix(_COMPONENTS).partition("/")[2]
