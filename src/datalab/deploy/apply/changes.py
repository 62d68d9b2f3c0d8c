"""What differs between two sets of files."""

import difflib
from collections.abc import Mapping


def changed_lines(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The lines that differ, as a unified diff without context; a file that comes or goes is all of its lines."""
    lines: list[str] = []
    for name in sorted({*before, *after}):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            told = difflib.unified_diff(old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=0)
            lines.extend(told)
    return lines
