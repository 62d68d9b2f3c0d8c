"""Killed -9 again and again under a mixed load and a supervisor: it comes back by itself, and keeps what it acknowledged.

``DATALAB_FAULTS_KILLS`` (100) says how often each shape is killed, ``DATALAB_FAULTS_SEED`` how the dice fall.
"""

import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from tests.e2e.shapes import Platform, embedded, separate
from tests.faults.ledger import model_faults
from tests.faults.load import HANG_S, Writer
from tests.faults.story import CSV, DATA, csv
from tests.faults.supervised import Supervised

from datalab.kernel.testing.postgres import start_postgres
from datalab.kernel.testing.processes import PlatformProcess
from datalab.kernel.testing.redis import start_durable_redis

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200)]

KILLS = int(os.environ.get("DATALAB_FAULTS_KILLS", "100"))
SEED = int(os.environ.get("DATALAB_FAULTS_SEED", str(random.SystemRandom().randrange(2**31))))
ROUND = 5
"""Kills between two comparisons of the ledgers with the platform."""
WRITERS = 3
MOST_ANSWERS = 12
"""How many answers are given at most between two kills, so that a slow machine is killed at work too."""
MOMENT_S = 0.3
LONGEST_LIFE_S = 60.0
ALL_AT_ONCE = 0.0625
TIDY_S = 120.0
MOST_FAULTS = 100
MOST_SCRATCH = 50
QUICK = {
    "DATALAB_COMPUTE_LEASE_S": "2",
    "DATALAB_DATA_DELETED_KEPT_S": "0",
    "DATALAB_DATA_RECONCILE_S": "3",
    "LOG_LEVEL": "info",
}
WRONG = re.compile(r'"level": ?"(?:error|critical)"|Traceback \(most recent call last\)')
HARMLESS = re.compile(r"Exception during reset or similar.*asyncio\.exceptions\.CancelledError")
"""What SQLAlchemy logs when a caller hangs up while a connection is given back: it throws the connection away."""
TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|dl_[A-Za-z0-9_-]{30,}")


class Campaign:
    """One platform, its writers, and the kills."""

    def __init__(self, supervised: Supervised, seed: int, diary: Path) -> None:
        self._diary = diary
        self._supervised = supervised
        self._platform = supervised.platform
        self._dice = random.Random(seed)
        self._key = self._platform.admin_key()
        self.writers = [Writer(self._platform.url, self._key, number, seed) for number in range(WRITERS)]
        self._client = httpx.Client(
            base_url=self._platform.url, headers={"Authorization": f"Bearer {self._key}"}, timeout=HANG_S
        )
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []

    def run(self, kills: int) -> None:
        """Kill so many times, and compare in between and at the end."""
        answer = self._client.put(f"{DATA}/datasets/known", content=csv(range(40)), headers=CSV)
        assert answer.is_success, answer.text
        while self.counts["kills"] < kills and len(self.faults) < MOST_FAULTS:
            self._round(min(ROUND, kills - self.counts["kills"]))
        self._look_for_remains()
        self._read_logs()

    def told(self) -> str:
        """All counts."""
        counts = sum((writer.ledger.counts for writer in self.writers), self.counts)
        return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
        for writer in self.writers:
            writer.close()

    def _round(self, kills: int) -> None:
        stop = threading.Event()
        working = [threading.Thread(target=writer.work, args=(stop,), daemon=True) for writer in self.writers]
        for one in working:
            one.start()
        try:
            for _ in range(kills):
                self._live()
                self._kill()
        finally:
            stop.set()
            for one in working:
                one.join()
        self._compare()

    def _live(self) -> None:
        """Let it answer a few times, and then let a moment pass."""
        wanted = self._answers() + self._dice.randint(0, MOST_ANSWERS)
        until = time.monotonic() + LONGEST_LIFE_S
        while self._answers() < wanted and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(self._dice.uniform(0, MOMENT_S))

    def _answers(self) -> int:
        return sum(writer.ledger.counts["answers"] for writer in self.writers)

    def _kill(self) -> None:
        names = self._supervised.names
        chosen = names if self._dice.random() < ALL_AT_ONCE else [self._dice.choice(names)]
        self._supervised.kill(chosen)
        self.counts["kills"] += 1
        self.counts[f"kills of {chosen[0] if len(chosen) == 1 else 'all at once'}"] += 1
        self._note(self.told())

    def _compare(self) -> None:
        for writer in self.writers:
            writer.ledger.settle(self._client)
            writer.predicts()
            self.faults += writer.ledger.faults
            writer.ledger.faults.clear()
        self.faults += model_faults(self._client, [writer.model for writer in self.writers])
        self._note(f"compared: {self.told()}; faults: {self.faults}")

    def _note(self, text: str) -> None:
        """Keep for those who look while it runs, or after it was ended."""
        with self._diary.open("a") as diary:
            diary.write(f"{time.strftime('%H:%M:%S')} {text}\n")

    def _look_for_remains(self) -> None:
        """Nothing is left of those that died: no process, no upload, no table without a dataset."""
        until = time.monotonic() + TIDY_S
        while (left := [*self._left_files(), *self._supervised.orphans()]) and time.monotonic() < until:
            time.sleep(0.5)
        self.faults += [f"left over: {one}" for one in left]

    def _left_files(self) -> list[str]:
        home = self._platform.home
        listed = self._client.get(f"{DATA}/datasets", params={"limit": 1000}).json()["items"]
        tables = {path.name for path in (home / "data" / "tables").iterdir()} ^ {one["id"] for one in listed}
        models = {path.parent for path in (home / "models").rglob("*") if path.is_file()}
        names = [writer.model for writer in self.writers]
        answers = [self._client.get(f"/api/v1/ai/models/{name}/versions", params={"limit": 1000}) for name in names]
        versions = sum(len(answer.json()["items"]) for answer in answers if answer.status_code == 200)
        scratch = [path for path in (home / "scratch").rglob("*") if path.is_file()]
        return [
            *(f"upload {path.name}" for path in (home / "data" / "uploads").iterdir()),
            *(f"table {name}" for name in tables),
            *([f"{len(models)} folders of {versions} model versions"] if len(models) != versions else []),
            *([f"{len(scratch)} files in scratch, such as {scratch[0]}"] if len(scratch) > MOST_SCRATCH else []),
        ]

    def _read_logs(self) -> None:
        secrets = {self._key, *(value for key, value in self._platform.environment.items() if "SECRET" in key)}
        for name, process in self._platform.processes.items():
            for line in process.log.read_text(errors="replace").splitlines():
                if any(secret in line for secret in secrets) or TOKEN.search(line):
                    self.faults.append(f"{name} logs a secret: {line[:300]}")
                if HARMLESS.search(line):
                    self.counts["connections thrown away"] += 1
                elif WRONG.search(line):
                    self.counts["lines that tell of errors"] += 1
                    self.faults.append(f"{name} logs: {line[:1500]}")


@contextmanager
def in_one_process(home: Path) -> Iterator[Platform]:
    yield embedded(home, QUICK)


@contextmanager
def in_five_processes(home: Path) -> Iterator[Platform]:
    """Five services and two workers, on servers that aren't killed."""
    with ExitStack() as stack:
        (postgres, database_url), (redis, redis_url) = start_postgres(), start_durable_redis()
        stack.callback(postgres.stop)
        stack.callback(redis.stop)
        platform = separate(home, {**QUICK, "DATABASE_URL": database_url, "REDIS_URL": redis_url})
        environment = platform.processes.pop("worker").environment
        for name, queues in {"worker": "data,viz", "other-worker": "ai,compute,data"}.items():
            log = home / f"{name}.log"
            platform.processes[name] = PlatformProcess(("worker", "--queues", queues), environment=environment, log=log)
        for process in platform.processes.values():
            process.environment["LOG_LEVEL"] = QUICK["LOG_LEVEL"]
        migrated = platform.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        yield platform


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(in_one_process, marks=pytest.mark.xdist_group("campaign-one")),
        pytest.param(in_five_processes, marks=pytest.mark.xdist_group("campaign-five")),
    ],
)
def test_killed_at_any_moment_it_comes_back_and_keeps_what_it_acknowledged(
    shape, tmp_path: Path, record_property: Callable[[str, object], None]
):
    record_property("campaign", f"{shape.__name__}: seed {SEED}")
    with shape(tmp_path / "home") as platform, Supervised(platform, tmp_path / "supervisor") as supervised:
        campaign = Campaign(supervised, SEED, tmp_path / "diary")
        try:
            campaign.run(KILLS)
        finally:
            record_property("campaign", f"{shape.__name__}: {campaign.told()}")
            campaign.close()
    assert not campaign.faults, f"seed {SEED}: {len(campaign.faults)} faults:\n" + "\n".join(campaign.faults[:50])
    assert campaign.counts["kills"] == KILLS
