"""Which series the rendered queries name."""

import json
import re
from collections.abc import Iterator

import yaml

NAME = re.compile(r"\b(?:datalab_|node_|pg_|redis_|service:)[A-Za-z0-9_:]*|\bup\b|\bALERTS\b")
QUOTED = re.compile(r'"[^"]*"')
PARTS = re.compile(r"_(?:bucket|count|sum)$")


def names_in(query: str) -> set[str]:
    """The series that a query names, without what a label's value happens to look like."""
    return set(NAME.findall(QUOTED.sub('""', query)))


def rules(files: dict[str, str], kind: str) -> dict[str, list[dict[str, str]]]:
    """The rules that record or alert, by name."""
    found: dict[str, list[dict[str, str]]] = {}
    for name, text in files.items():
        if "/rules/" in name:
            for group in yaml.safe_load(text)["groups"]:
                for rule in group["rules"]:
                    if kind in rule:
                        found.setdefault(rule[kind], []).append(rule)
    return found


def dashboards(files: dict[str, str]) -> dict[str, dict[str, object]]:
    """The dashboards by uid."""
    found = [json.loads(text) for name, text in files.items() if name.endswith(".json")]
    return {each["uid"]: each for each in found}


def panel_queries(files: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every panel's name with each of its queries."""
    for uid, dashboard in dashboards(files).items():
        for panel in dashboard["panels"]:  # pyright: ignore[reportGeneralTypeIssues]
            for target in panel.get("targets", ()):
                yield f"{uid}: {panel['title']}", target["expr"]


def all_queries(files: dict[str, str]) -> list[tuple[str, str]]:
    """Every query with what it belongs to."""
    recorded = [(name, rule["expr"]) for name, them in rules(files, "record").items() for rule in them]
    alarms = [(name, rule["expr"]) for name, them in rules(files, "alert").items() for rule in them]
    return [*recorded, *alarms, *panel_queries(files)]
