"""The code blocks of a tutorial, and a script that runs them in order as a reader would."""

import re
from dataclasses import dataclass
from pathlib import Path

RUN = ("bash", "python")
_FENCE = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code that a reader is told to run, and the line of the file that it begins on."""

    language: str
    code: str
    line: int


def blocks(path: Path) -> list[Block]:
    """The blocks in ``bash`` and ``python``, in order; those in other languages (``console``, ``text``) are to be read."""
    text = path.read_text()
    return [
        Block(found["language"], found["code"], text.count("\n", 0, found.start()) + 1)
        for found in _FENCE.finditer(text)
        if found["language"] in RUN
    ]


def script(found: list[Block], name: str) -> str:
    """One bash script of all blocks, which stops at the first that fails and has said on which line it stood."""
    parts = ["set -euo pipefail"]
    for block in found:
        parts.append(f'echo "== {name}, line {block.line}" >&2')
        parts.append(block.code if block.language == "bash" else f"python - <<'END_OF_BLOCK'\n{block.code}END_OF_BLOCK")
    return "\n".join(parts) + "\n"
