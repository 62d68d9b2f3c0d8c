"""Places where a test can have the process die, as by a power cut, to see that nothing is left half done.

``DATALAB_FAILPOINT=data.upload.after_file`` kills the process the first time it gets there, ``…:3`` the third time.
``DATALAB_FAILPOINT_TRACE=file`` has every write and every failpoint noted in that file, by task and in order, so that a
test can find two writes with no failpoint between them.
"""

import ast
import asyncio
import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

VARIABLE: Final = "DATALAB_FAILPOINT"
TRACE: Final = os.environ.get("DATALAB_FAILPOINT_TRACE")
"""Where to note writes and failpoints, if anywhere."""


def _armed() -> tuple[str, int]:
    name, _, times = os.environ.get(VARIABLE, "").partition(":")
    return name, int(times or 1)


_NAME, _TIMES = _armed()
_visits = count(1)
_tasks: WeakKeyDictionary[asyncio.Task[Any], int] = WeakKeyDictionary()
_numbers = count(1)


def reach(name: str) -> None:
    """Die here by SIGKILL if the environment says so; else do nothing. ``name`` is a literal, unique in the source."""
    if TRACE is not None:
        _note("reach", name)
    if name == _NAME and next(_visits) == _TIMES:
        os.kill(os.getpid(), signal.SIGKILL)


def wrote(what: str) -> None:
    """Note a write that a crash could part from the next one; does nothing unless a trace is asked for."""
    if TRACE is not None:
        _note("wrote", what)


def _note(kind: str, text: str) -> None:
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    number = 0 if task is None else _tasks.setdefault(task, next(_numbers))
    line = f"{os.getpid()}.{number}\t{kind}\t{' '.join(text.split())[:200]}\n"
    with open(str(TRACE), "a", encoding="utf-8") as trace:  # noqa: PTH123 - appended whole, by several processes
        trace.write(line)


def names(source: Path) -> tuple[str, ...]:
    """Every failpoint in the Python files under ``source``, sorted.

    Raises :class:`ValueError` for a name that isn't a literal or that two places share.
    """
    found: dict[str, Path] = {}
    for path in sorted(source.rglob("*.py")):
        for name in _names_in(path):
            if name in found:
                raise ValueError(f"the failpoint {name} is in {found[name]} and in {path}; give each place its own")
            found[name] = path
    return tuple(sorted(found))


def _names_in(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if "reach" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and _is_reach(node.func)):
            continue
        argument = node.args[0] if node.args else None
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise ValueError(f"{path}:{node.lineno}: name the failpoint by a literal")  # noqa: TRY004 # the source is wrong
        yield argument.value


def _is_reach(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "reach"
    return isinstance(function, ast.Attribute) and function.attr == "reach" and _ends_in_failpoint(function.value)


def _ends_in_failpoint(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id == "failpoint"
