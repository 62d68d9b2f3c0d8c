"""Which failpoint is reached by what, and the walk: killed at each in turn, every start recovering from the last death."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
from tests.e2e.shapes import Platform
from tests.faults.story import (
    Chapter,
    Died,
    Told,
    another_writer,
    charts,
    check,
    glance,
    jobs,
    nothing,
    registry,
    rivals,
    slow_query,
    stop_query,
    training,
    undeletes,
    uploads,
)

from datalab.kernel.testing.processes import StartFailed

REACHED_S = 60.0
"""How long what runs in the background may take to get there."""
LONG_AGO_S = 7 * 86_400


@dataclass(frozen=True)
class Step:
    """Die at ``at`` while ``chapter`` is told."""

    at: str
    chapter: Chapter
    before: Callable[[Path, Mapping[str, str]], None] | None = None
    """Done before the start, told the home and the platform's environment."""


def age_queries(home: Path, environment: Mapping[str, str]) -> None:
    """Have all queries begun long ago."""
    _age(home, environment, "started_at")


def age_queries_seen(home: Path, environment: Mapping[str, str]) -> None:
    """Have all queries' processes told of them long ago."""
    _age(home, environment, "seen_at")


def _age(home: Path, environment: Mapping[str, str], column: str) -> None:
    if "DATABASE_URL" in environment:
        with psycopg.connect(environment["DATABASE_URL"]) as database:
            database.execute(f"UPDATE data.queries SET {column} = '2020-01-01'".encode())
        return
    database = sqlite3.connect(home / "metadata" / "data.db")
    database.execute(f"UPDATE queries SET {column} = '2020-01-01 00:00:00.000000'")
    database.commit()
    database.close()


def orphan(home: Path, _: Mapping[str, str]) -> None:
    """A table's folder that belongs to nobody, left a week ago."""
    folder = home / "data" / "tables" / "00000000-0000-7000-8000-000000000000"
    folder.mkdir(parents=True, exist_ok=True)
    then = time.time() - LONG_AGO_S
    os.utime(folder, (then, then))


def steps(chapter: Chapter, *names: str) -> tuple[Step, ...]:
    """Die at each of these failpoints."""
    return tuple(Step(name, chapter) for name in names)


UPLOADS: tuple[Step, ...] = (
    *steps(nothing, "gateway.setup.after_code"),
    *steps(
        uploads,
        "data.upload.after_spool",
        "data.upload.after_file",
        "data.upload.after_intent",
        "data.upload.after_move",
        "data.upload.after_commit",
    ),
    # Recovery of a dataset that was made but not indexed, then of an append.
    *steps(nothing, "data.reconcile.after_removed"),
    *steps(uploads, "data.append.after_commit"),
    *steps(nothing, "data.reconcile.after_settled"),
    *steps(
        uploads,
        "data.append.after_publish",
        "data.upload.after_publish",
        "data.upload.after_settled",
        "data.publish.after_row",
        "data.publish.after_event",
        "data.index.after_files",
        "data.index.after_version",
        "data.index.after_dataset",
        "data.index.after_removed_files",
        "data.restore.after_commit",
    ),
    *steps(nothing, "data.reconcile.after_indexed"),
    *steps(undeletes, "data.undelete.after_row", "data.undelete.after_event"),
    *steps(
        uploads,
        "data.restore.after_index",
        "data.describe.after_row",
        "data.describe.after_event",
        "data.delete.after_row",
        "data.delete.after_event",
    ),
    *steps(nothing, "data.sweep.after_claimed", "data.sweep.after_expired", "data.sweep.after_forgotten"),
    Step("data.sweep.after_orphan", nothing, before=orphan),
    *steps(another_writer, "data.upload.after_caught_up"),
    *steps(rivals, "data.upload.after_undone"),
    *steps(slow_query, "data.queries.after_end", "data.queries.after_seen", "data.queries.after_begin"),
    *steps(stop_query, "data.queries.after_asked"),
    Step("data.queries.after_lost", nothing, before=age_queries_seen),
    Step("data.queries.after_forgotten", nothing, before=age_queries),
    *steps(
        uploads,
        "events.relay.after_claim",
        "events.relay.after_publish",
        "events.relay.after_removal",
        "audit.flush.after_batch",
        "gateway.audit.after_entries",
    ),
)

TRAINING: tuple[Step, ...] = steps(
    training,
    "ai.files.after_file",
    "ai.train.after_files",
    "ai.register.after_name",
    "ai.register.after_model",
    "ai.register.after_version",
    "ai.alias.before_event",
    "ai.register.after_alias",
    "ai.register.after_event",
    "ai.train.after_registration",
    "ai.files.after_leftover",
    "ai.train.after_cleaning",
)

REGISTRY: tuple[Step, ...] = steps(
    registry,
    "ai.alias.after_row",
    "ai.alias.after_deletion",
    "ai.delete.after_rows",
    "ai.delete.after_event",
    "ai.files.after_deletion",
    "ai.delete.after_commit",
)


def of_service(service: str, chapter: Chapter, names: Sequence[str]) -> tuple[Step, ...]:
    """Die at each failpoint of a service."""
    return steps(chapter, *(name for name in names if name.startswith(f"{service}.")))


def jobs_and_charts(names: Sequence[str]) -> tuple[Step, ...]:
    """Die at each failpoint of those services whose own tests kill them too."""
    return (*of_service("compute", jobs, names), *of_service("viz", charts, names))


@contextmanager
def connected(platform: Platform, key: str) -> Iterator[httpx.Client]:
    """A client that is let in."""
    with httpx.Client(base_url=platform.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        yield client


class Walk:
    """One home in which a platform lives and dies again and again."""

    def __init__(self, platform: Platform, client: httpx.Client) -> None:
        self._process = platform.processes["up"]
        self._unseen: list[Told] = []
        self._told: list[Told] = []
        self.client = client
        self.home = platform.home

    def take(self, walked: Sequence[Step], turn: str = "") -> None:
        """Die at each step in turn, looking after every start at what the lives before left."""
        for number, step in enumerate(walked):
            told = Told(self.client, f"{step.at.replace('.', '_')}_{number}{turn}", self.home)
            self._die(step, told)
            self._told.append(told)
            self._unseen.append(told)

    def _die(self, step: Step, told: Told) -> None:
        if step.before is not None:
            step.before(self.home, self._process.environment)
        self._process.environment["DATALAB_FAILPOINT"] = step.at
        self.home.mkdir(parents=True, exist_ok=True)
        with self._process.log.open("a") as log:
            log.write(f"--- to die at {step.at}\n")
        self._process.launch()
        if self._is_ready():
            self._live(step, told)
        try:
            code = self._process.wait(REACHED_S)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{step.at} was not reached by {step.chapter.__name__}") from None
        assert code == -signal.SIGKILL, f"{step.at}: {self._process.last_log()}"

    def _live(self, step: Step, told: Told) -> None:
        try:
            while self._unseen:
                glance(self._unseen[0])
                self._unseen.pop(0)
            step.chapter(told)
        except Died:
            return

    def _is_ready(self) -> bool:
        try:
            self._process.wait_ready()
        except StartFailed:
            assert self._process.ended, self._process.last_log()
            return False
        return True

    def live_on(self, **environment: str) -> None:
        """Start it once more, to stay."""
        self._process.environment.pop("DATALAB_FAILPOINT", None)
        self._process.environment |= environment
        self._process.start()

    def kill(self) -> None:
        """End it wherever it is."""
        self._process.kill()

    def check(self) -> None:
        """What must hold in the end of every life that was told."""
        for told in self._told:
            check(told)
        self._told.clear()
        self._unseen.clear()
