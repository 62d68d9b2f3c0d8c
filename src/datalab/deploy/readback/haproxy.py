"""What HAProxy's configuration says, as facts: every line of it, under the section it stands in."""

from collections.abc import Iterable
from typing import Any

from datalab.catalog import SERVICES
from datalab.deploy.readback.facts import ABOUT_ALL

JsonObject = dict[str, Any]
_SECTIONS = {
    "global",
    "defaults",
    "frontend",
    "backend",
    "listen",
    "resolvers",
    "peers",
    "userlist",
    "cache",
    "mailers",
}
_COMPONENTS = {f"backend {each.name}": each.deployed_name for each in SERVICES.values()}
_IN_TURN = {"http-request", "http-after-response"}
"""Rules of which each is told by its number: what comes first is judged first."""


def haproxy_facts(text: str) -> dict[str, JsonObject]:
    """Facts of a configuration."""
    facts: dict[str, JsonObject] = {name: {} for name in (ABOUT_ALL, *_COMPONENTS.values())}
    section = "before any section"
    for line in _lines(text):
        word, _, rest = line.partition(" ")
        if word in _SECTIONS:
            section = line
            if section not in _COMPONENTS:
                facts[ABOUT_ALL].setdefault("sections", []).append(section)
            continue
        component = _COMPONENTS.get(section, ABOUT_ALL)
        about = word if section in _COMPONENTS else f"{section}: {word}"
        _add(facts[component], about, rest)
    return facts


def _lines(text: str) -> Iterable[str]:
    for line in text.splitlines():
        bare = line.strip()
        if bare and not bare.startswith("#"):
            yield bare


def _add(facts: JsonObject, about: str, rest: str) -> None:
    if about.rpartition(" ")[2] not in _IN_TURN:
        facts.setdefault(about, []).append(rest)
        return
    number = 1 + sum(aspect.startswith(f"{about} ") for aspect in facts)
    facts[f"{about} {number}"] = rest
