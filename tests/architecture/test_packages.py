"""Packages say what they own, and hold no code in ``__init__``."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "datalab"
PACKAGES = sorted(path for path in SOURCE.rglob("__init__.py") if path != SOURCE / "__init__.py")


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: str(path.parent.relative_to(SOURCE)))
def test_a_package_holds_a_docstring_and_no_code(path: Path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def test_every_folder_of_modules_is_a_package():
    folders = {path.parent for path in SOURCE.rglob("*.py") if path.parent.name != "migrations"}
    assert not {folder for folder in folders if not (folder / "__init__.py").exists()}


def test_no_function_is_longer_than_forty_lines():
    long = [
        f"{path.relative_to(SOURCE)}:{node.name}"
        for path in SOURCE.rglob("*.py")
        if path.parent.name != "migrations"  # lists of tables, not logic
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > 40
    ]
    assert not long


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines without the docstring and without functions that are defined inside, which are counted on their own."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    inside = sum(
        (one.end_lineno or 0) - one.lineno
        for one in ast.walk(node)
        if one is not node and isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return (node.end_lineno or 0) - first.lineno + 1 - inside
