"""YAML as we commit it: keys in the order given, long texts unbroken, a first line that says where it comes from."""

from typing import Any

import yaml

HEADER = (
    "# Rendered from the topology by `datalab deploy render`; change datalab.toml or the topology, not this file.\n"
)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base asks for it
        """Write everything out: anchors hide what an instance gets."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - likewise
        """Indent the items of lists, as people do."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)  # pyright: ignore[reportUnknownMemberType]


_Dumper.add_representer(str, _text)


def to_yaml(document: Any) -> str:
    """The document, with the header."""
    return HEADER + yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=10_000, allow_unicode=True)
