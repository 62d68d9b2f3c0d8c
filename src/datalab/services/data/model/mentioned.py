"""Which datasets a statement may mean, found without parsing it: a superset of those that it names."""

import re
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:@\d{1,18})?")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Words of a statement, in lower case; ``versions`` are those written ``word@version``."""

    words: frozenset[str]
    versions: frozenset[tuple[str, int]]


def mentioned_in(sql: str) -> Mentioned:
    """Every word in the statement that could be a table's name."""
    words: set[str] = set()
    versions: set[tuple[str, int]] = set()
    for found in _NAME.finditer(sql):
        word, at, version = found.group().lower().partition("@")
        words.add(word)
        if at:
            versions.add((word, int(version)))
    return Mentioned(frozenset(words), frozenset(versions))
