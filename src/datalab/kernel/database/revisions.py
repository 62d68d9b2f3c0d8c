"""Which revisions the migration scripts name, read from their text: a service at head never loads Alembic."""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

KERNEL_SCRIPTS = Path(__file__).parent / "migrations"
SERVICES = Path(__file__).parents[2] / "services"


@dataclass(frozen=True)
class Revisions:
    """All revisions known to the code, and those that nothing follows."""

    known: frozenset[str]
    heads: frozenset[str]


def script_folders(service: str) -> tuple[Path, ...]:
    """Where a service's migrations and the kernel's, which ride along in every schema, are."""
    return (KERNEL_SCRIPTS, SERVICES / service / "migrations")


def read_revisions(folders: Sequence[Path]) -> Revisions:
    """What the scripts in ``folders`` say. Raises :class:`ValueError` for a script without a ``revision``."""
    scripts = [_links(path) for folder in folders for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    known = frozenset(revision for revision, _ in scripts)
    followed = {parent for _, parents in scripts for parent in parents}
    return Revisions(known, known - followed)


def _links(path: Path) -> tuple[str, tuple[str, ...]]:
    values = dict(_constants(ast.parse(path.read_text(encoding="utf-8")).body))
    revision, parents = values.get("revision"), values.get("down_revision")
    if not isinstance(revision, str):
        raise ValueError(f'{path} has no line `revision = "…"`')  # noqa: TRY004 # the file is wrong
    if parents is None:
        return revision, ()
    return revision, (parents,) if isinstance(parents, str) else tuple(map(str, _sequence(parents)))


def _constants(body: Iterable[ast.stmt]) -> Iterable[tuple[str, object]]:
    for statement in body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            target, value = statement.target, statement.value
        else:
            continue
        if target.id in {"revision", "down_revision"}:
            yield target.id, ast.literal_eval(value)


def _sequence(value: object) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value  # pyright: ignore[reportUnknownVariableType]
    raise ValueError(f"down_revision is {value!r}; it is a string, a tuple of strings or None")
