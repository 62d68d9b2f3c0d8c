"""Parts of a stack file: some of its services, with what they refer to."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from datalab.deploy.renderers.swarm import STACK
from datalab.deploy.yaml_text import to_yaml


def part(files: Mapping[str, str], names: Iterable[str]) -> str:
    """A stack file with these services of a release alone, and the files that they read."""
    document, kept = _document(files[STACK]), set(names)
    services = {name: service for name, service in document["services"].items() if name in kept}
    read = {config["source"] for service in services.values() for config in service.get("configs", ())}
    configs = {name: config for name, config in document.get("configs", {}).items() if name in read}
    return to_yaml({**document, "services": services, "configs": configs})


def commanded(files: Mapping[str, str], name: str, command: Sequence[str]) -> str:
    """A stack file with this service of a release alone, and another command than its usual one."""
    document = yaml.safe_load(part(files, [name]))
    document["services"][name]["command"] = list(command)
    return to_yaml(document)


def lasting(files: Mapping[str, str]) -> tuple[str, ...]:
    """The services of a release that don't end, in the order in which they start."""
    services = _document(files[STACK])["services"].items()
    return tuple(name for name, service in services if service["deploy"]["mode"] != "replicated-job")


def config_names_in(files: Mapping[str, str]) -> tuple[str, ...]:
    """The files that a release's services read, by their names in the stack."""
    return tuple(_document(files[STACK]).get("configs", {}))


@lru_cache(maxsize=2)
def _document(text: str) -> Mapping[str, Any]:
    return yaml.safe_load(text)
