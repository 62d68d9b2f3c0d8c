"""Markdown of users as HTML that can do nothing: CommonMark and tables, no raw HTML, no pictures, no script in a link."""

from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def html_of(text: str) -> str:
    """The text as HTML."""
    return str(_READER.render(text))
