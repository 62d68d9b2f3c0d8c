"""Which revisions the migration scripts name, read from their text: a service at head never loads Alembic."""

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

KERNEL_SCRIPTS = Path(__file__).parent / "migrations"
SERVICES = Path(__file__).parents[2] / "services"


@dataclass(frozen=True)
class Revisions:
    """All revisions known to the code, and those that nothing follows."""

    known: frozenset[str]
    heads: frozenset[str]
    parents: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]], compare=False)
    """What each follows."""
    breaks_before: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    """The oldest version that works with the schema that a revision makes, where not every earlier one does."""

    def waiting(self, applied: Iterable[str]) -> frozenset[str]:
        """The revisions that are still to be run where ``applied`` are the newest that were."""
        done: set[str] = set()
        following = list(applied)
        while following:
            revision = following.pop()
            done.add(revision)
            following += self.parents.get(revision, frozenset())
        return self.known - done


def script_folders(service: str) -> tuple[Path, ...]:
    """Where a service's migrations and the kernel's, which ride along in every schema, are."""
    return (KERNEL_SCRIPTS, SERVICES / service / "migrations")


def read_revisions(folders: Sequence[Path]) -> Revisions:
    """What the scripts in ``folders`` say. Raises :class:`ValueError` for a script without a ``revision``."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    scripts = [_script(path) for path in paths]
    parents = {script.revision: script.parents for script in scripts}
    followed = {each for every in parents.values() for each in every}
    breaking = {script.revision: script.breaks_before for script in scripts if script.breaks_before}
    return Revisions(frozenset(parents), frozenset(parents) - followed, parents, breaking)


@dataclass(frozen=True)
class _Script:
    revision: str
    parents: frozenset[str]
    breaks_before: str | None


def _script(path: Path) -> _Script:
    values = dict(_constants(ast.parse(path.read_text(encoding="utf-8")).body))
    revision, parents, breaking = values.get("revision"), values.get("down_revision"), values.get("breaks_before")
    if not isinstance(revision, str):
        raise ValueError(f'{path} has no line `revision = "…"`')  # noqa: TRY004 # the file is wrong
    if not isinstance(breaking, str | None):
        raise ValueError(f'{path}: breaks_before is {breaking!r}; it is a version such as "0.3.0"')  # noqa: TRY004 # likewise
    return _Script(revision, frozenset(_names(parents)), breaking)


def _names(parents: object) -> Iterable[str]:
    if parents is None:
        return ()
    return (parents,) if isinstance(parents, str) else map(str, _sequence(parents))


def _constants(body: Iterable[ast.stmt]) -> Iterable[tuple[str, object]]:
    for statement in body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            target, value = statement.target, statement.value
        else:
            continue
        if target.id in {"revision", "down_revision", "breaks_before"}:
            yield target.id, ast.literal_eval(value)


def _sequence(value: object) -> Sequence[object]:
    if isinstance(value, list | tuple):
        return value  # pyright: ignore[reportUnknownVariableType]
    raise ValueError(f"down_revision is {value!r}; it is a string, a tuple of strings or None")
