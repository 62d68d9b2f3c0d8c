"""nginx's configuration language: directives, their words, and the blocks that some of them open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    \s+ | \#[^\n]*
    | (?P<mark>[;{}])
    | (?P<quoted> "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' )
    | (?P<word> (?:\$\{\w+\} | [^\s;{}"'])+ )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive; ``block`` is what stands between its braces."""

    name: str
    words: tuple[str, ...]
    block: tuple["Directive", ...] | None = None

    def __str__(self) -> str:
        return " ".join(self.words)


def directives(text: str) -> tuple[Directive, ...]:
    """A file's directives.

    Raises:
        ValueError: It isn't in the language.
    """
    found, closed = _block(_tokens(text))
    if closed:
        raise ValueError("a block is closed that was never opened")
    return found


def _block(tokens: Iterator[tuple[str, str]]) -> tuple[tuple[Directive, ...], bool]:
    """The directives up to the block's end, and whether a brace ended it."""
    found: list[Directive] = []
    words: list[str] = []
    for mark, word in tokens:
        if mark == "}":
            return tuple(found), True
        if not mark:
            words.append(word)
            continue
        if not words:
            raise ValueError(f"{mark!r} stands alone")
        block, closed = _block(tokens) if mark == "{" else (None, True)
        if not closed:
            raise ValueError(f"the block of {words[0]} has no end")
        found.append(Directive(words[0], tuple(words[1:]), block))
        words = []
    if words:
        raise ValueError(f"{' '.join(words)} has no end")
    return tuple(found), False


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Marks and words; in quotes a mark is none."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"{text[at : at + 40]!r} is no word")
        at = match.end()
        if match["quoted"]:
            yield "", match["quoted"][1:-1]
        elif match["mark"] or match["word"]:
            yield match["mark"] or "", match["word"] or ""
