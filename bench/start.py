"""Start, idle memory and first answers of the platform beside a bare FastAPI application: ``make bench``.

Each round starts both, one after the other, on the same machine; the figures are medians over the rounds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.memory import tree_pss_mb
from bench.servers import Started, bare_fastapi, platform
from datalab.client.synchronous import Client

ROUNDS = 5
SETTLE_S = 2.0
LIMITS = {"start_s": 4.0, "idle_mb": 450.0, "first_query_s": 2.0, "first_prediction_s": 2.0, "first_chart_s": 2.0}
SPEC = {
    "mark": "bar",
    "encoding": {"x": {"field": "kind", "type": "nominal"}, "y": {"field": "n", "type": "quantitative"}},
}
SQL = "SELECT kind, count(*) AS n FROM bench_points GROUP BY kind ORDER BY kind"


def admin_token(home: Path) -> str:
    """A key minted on the host."""
    command = [sys.executable, "-m", "datalab.cli.main", "token", "create", "--role", "admin", "--json"]
    made = subprocess.run(
        command, env={**os.environ, "DATALAB_HOME": str(home)}, check=True, capture_output=True, text=True
    )
    return str(json.loads(made.stdout)["token"])


def prepare(home: Path) -> str:
    """Put a dataset, a model and a chart's data onto a platform, so that each cold start has something to answer."""
    rows = "\n".join(
        f"{n % 7},{(n * 37) % 101},{'abc'[n % 3]},{'yes' if (n * 37) % 101 > 50 else 'no'}" for n in range(5000)
    )
    with platform(home) as started:
        token = admin_token(home)
        with Client(started.url, token) as client:
            client.upload("bench_points", f"a,b,kind,label\n{rows}\n".encode(), mode="replace")
            client.wait(client.train("bench_model", dataset="bench_points", target="label"))
    return token


def first_answers(started: Started, token: str) -> dict[str, float]:
    """Seconds until the first query, prediction and chart are answered, all asked in turn as soon as it is ready."""
    with Client(started.url, token) as client:
        asked: dict[str, Callable[[], object]] = {
            "first_query_s": lambda: client.query(SQL).to_dicts(),
            "first_prediction_s": lambda: client.predict("bench_model", [{"a": 1, "b": 60, "kind": "a"}]),
            "first_chart_s": lambda: client.chart({**SPEC, "title": str(time.time_ns())}, sql=SQL),
        }
        return {name: _seconds(call) for name, call in asked.items()}


def _seconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def measure(home: Path, scratch: Path, token: str) -> dict[str, float]:
    """One round."""
    with bare_fastapi(scratch) as bare:
        figures = {"bare_start_s": bare.start_s, "bare_idle_mb": tree_pss_mb(bare.pid)}
    with platform(home) as started:
        time.sleep(SETTLE_S)
        figures |= {"start_s": started.start_s, "idle_mb": tree_pss_mb(started.pid)}
    with platform(home) as started:
        figures |= first_answers(started, token)
    return figures


def main() -> int:
    """Print the medians and their ratios; 1 when a limit is passed."""
    with tempfile.TemporaryDirectory() as folder:
        home, scratch = Path(folder, "home"), Path(folder)
        token = prepare(home)
        rounds = [measure(home, scratch, token) for _ in range(ROUNDS)]
    medians = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    for name, value in medians.items():
        limit = f"   (at most {LIMITS[name]:g})" if name in LIMITS else ""
        print(f"{name:20} {value:8.2f}{limit}")
    print(f"{'start / bare':20} {medians['start_s'] / medians['bare_start_s']:8.2f}")
    print(f"{'memory / bare':20} {medians['idle_mb'] / medians['bare_idle_mb']:8.2f}")
    return int(any(medians[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
