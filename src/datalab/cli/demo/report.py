"""Telling of the steps: on a terminal as they go, for programs as one JSON object at the end."""

import json
import re
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

Figures = dict[str, Any]
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class StepReport:
    """One step as it went: what came of it, in figures, or what was wrong."""

    name: str
    figures: Figures = field(default_factory=dict[str, Any])
    seconds: float = 0.0
    error: str | None = None


class Report:
    """The steps so far. With ``quiet`` nothing is told until the end."""

    def __init__(self, *, quiet: bool) -> None:
        self.steps: list[StepReport] = []
        self._console = Console(quiet=quiet, highlight=False)

    @contextmanager
    def step(self, name: str, title: str) -> Generator[StepReport]:
        """One step. An error in it is kept with it and goes on upwards."""
        one = StepReport(name)
        self.steps.append(one)
        self._console.print(f"\n[bold]{len(self.steps)}. {title}[/bold]")
        begun = time.perf_counter()
        try:
            yield one
        except Exception as error:
            one.error = " ".join(str(error).split())
            raise
        finally:
            one.seconds = round(time.perf_counter() - begun, 2)
        self._console.print(f"   [green]✓[/green] [dim]{one.seconds:.1f} s[/dim]")

    def say(self, line: str) -> None:
        """A line of the step's result."""
        self._console.print(f"   {_printable(line)}", markup=False, soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A small table of the step's result."""
        table = Table(box=None, padding=(0, 2, 0, 3), header_style="dim")
        for index, column in enumerate(columns):
            table.add_column(column, justify="left" if index == 0 else "right")
        for row in rows:
            table.add_row(*map(_cell, row))
        self._console.print(table)

    @contextmanager
    def working(self, what: str) -> Generator[Callable[[str], None]]:
        """While something takes its time: a moving line on a terminal, changed by what is yielded."""
        with self._console.status(f"   {what}", spinner="dots") as status:
            yield lambda text: status.update(f"   {what}: {text}")

    def next_steps(self, lines: Sequence[str]) -> None:
        """Where to go from here."""
        self._console.print("\n[bold]Where to go next[/bold]")
        for line in lines:
            self._console.print(f"   {line}", markup=False, soft_wrap=True)

    def as_json(self, url: str, *, passed: bool) -> str:
        """All of it."""
        steps = [
            {"name": one.name, "passed": one.error is None, "seconds": one.seconds, "figures": one.figures}
            | ({"error": one.error} if one.error is not None else {})
            for one in self.steps
        ]
        return json.dumps({"url": url, "passed": passed, "steps": steps}, default=str)


def _cell(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _printable(line: str) -> str:
    """What others wrote, such as a job's log, without what would move the cursor or colour the terminal."""
    return "".join(one for one in _COLOURS.sub("", line) if one.isprintable())


def complain(line: str) -> None:
    """The one line on stderr that says what failed."""
    print("datalab: " + " ".join(line.split()), file=sys.stderr)  # noqa: T201 - the terminal is the reader
