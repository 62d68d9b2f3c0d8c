"""What nginx's configuration says, as facts: every directive of it, under what it is about."""

from collections.abc import Iterable, Mapping
from typing import Any

from datalab.catalog import SERVICES
from datalab.deploy.readback.facts import ABOUT_ALL
from datalab.deploy.readback.nginx_syntax import Directive, directives

JsonObject = dict[str, Any]
_COMPONENTS = {each.name: each.deployed_name for each in SERVICES.values()}
_BY_FIRST_WORD = {"add_header", "proxy_set_header"}


def nginx_facts(texts: Mapping[str, str]) -> dict[str, JsonObject]:
    """Facts of a configuration by the name ``""`` and of what it includes, by the paths it names.

    Raises:
        ValueError: A text isn't in nginx's language.
    """
    facts: dict[str, JsonObject] = {name: {} for name in (ABOUT_ALL, *_COMPONENTS.values())}
    for directive in directives(texts[""]):
        if directive.block is None:
            _add(facts[ABOUT_ALL], "main", directive)
        elif directive.name == "http":
            _http(facts, directive.block, texts)
        else:
            facts[ABOUT_ALL] |= _simple(directive.name, directive.block)
    return facts


def _http(facts: dict[str, JsonObject], block: Iterable[Directive], texts: Mapping[str, str]) -> None:
    whole = facts[ABOUT_ALL]
    for directive in block:
        if directive.block is None:
            _add(whole, "http", directive)
        elif directive.name == "upstream" and str(directive) in _COMPONENTS:
            facts[_COMPONENTS[str(directive)]] |= _simple("", _with_included(directive.block, texts))
        elif directive.name == "server":
            _server(facts, directive.block)
        else:
            whole[f"{directive.name} {directive}"] = {each.name: str(each) for each in directive.block}


def _server(facts: dict[str, JsonObject], block: Iterable[Directive]) -> None:
    port = next((each.words[0] for each in block if each.name == "listen"), "?")
    asked: list[str] = []
    for directive in block:
        if directive.block is None:
            _add(facts[ABOUT_ALL], f"on {port}", directive)
            continue
        place = str(directive)
        service = place.rpartition("/health/")[2] if place.startswith("= /health/") else ""
        component = _COMPONENTS.get(service, ABOUT_ALL)
        facts[component] |= _simple(f"{place} on {port}", directive.block)
        asked += [place] if place.startswith("~") else []
    if asked:
        facts[ABOUT_ALL][f"patterns on {port}, the first that fits"] = asked


def _simple(about: str, block: Iterable[Directive]) -> JsonObject:
    told: JsonObject = {}
    for directive in block:
        _add(told, about, directive)
        if directive.block is not None:
            told[f"{about} {directive.name}"] += [f"{each.name} {each}" for each in directive.block]
    return told


def _with_included(block: Iterable[Directive], texts: Mapping[str, str]) -> Iterable[Directive]:
    for directive in block:
        if directive.name == "include" and str(directive) in texts:
            yield from directives(texts[str(directive)])
        else:
            yield directive


def _add(facts: JsonObject, about: str, directive: Directive) -> None:
    """Add a directive's words to those of the same name; a header's name belongs to it."""
    name, words = directive.name, directive.words
    if name in _BY_FIRST_WORD:
        name, words = f"{name} {words[0]}", words[1:]
    facts.setdefault(f"{about} {name}".strip(), []).append(" ".join(words))
