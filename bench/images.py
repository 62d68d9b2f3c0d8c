"""Size, start and idle memory of our container images: ``python -m bench.images``, as root, on an engine of its own.

Each service is started alone beside PostgreSQL, PgBouncer and Redis, confined and limited as deployments do, asked
until it is ready, and measured once it idles; figures are medians over the rounds. Memory is that of all processes of the
container: PSS counts shared pages once, in parts, RSS in each process.
"""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import psutil
from tests.deploy.containers import Containers, containers, eventually, state
from tests.deploy.engine import docker
from tests.deploy.images import TARGETS, ensure_ours, name_of
from tests.deploy.stack import Stack
from tests.deploy.standins.made import ensure_images, is_standin

from datalab.catalog import SERVICES
from datalab.deploy.topology.images import POSTGRES, PYTHON_BASE, REDIS

ROUNDS = 3
SETTLE_S = 5.0
MB = 1e6


@dataclass(frozen=True)
class Idle:
    """One start: seconds until it was ready, and then its memory in MB."""

    start_s: float
    pss_mb: float
    rss_mb: float


def layers(target: str) -> list[tuple[str, int]]:
    """How each layer was made and its bytes, from the base on."""
    told = docker("history", "--no-trunc", "--human=false", "--format", "{{json .}}", name_of(target))
    lines = [json.loads(line) for line in told.splitlines()]
    return [(str(line["CreatedBy"]), int(line["Size"])) for line in reversed(lines)]


def shared_bytes(images: Sequence[Sequence[tuple[str, int]]]) -> int:
    """The bytes of the first layers that all of them have in common."""
    common = takewhile(lambda row: len(set(row)) == 1, zip(*images, strict=False))
    return sum(row[0][1] for row in common)


def size_bytes(image: str) -> int:
    """All of an image, unpacked."""
    return int(docker("image", "inspect", "--format", "{{.Size}}", image))


def idle(place: Containers, container: str, begun: float) -> Idle:
    """Its memory once it has settled; it is taken away then."""
    start_s = time.perf_counter() - begun
    time.sleep(SETTLE_S)
    root = psutil.Process(int(state(container)["Pid"]))
    used = [process.memory_full_info() for process in (root, *root.children(recursive=True))]
    place.remove(container)
    return Idle(start_s, sum(each.pss for each in used) / MB, sum(each.rss for each in used) / MB)


def service(stack: Stack, name: str, **more: str) -> Idle:
    """One start of a service."""
    begun = time.perf_counter()
    container = stack.serve(name, **more)
    stack.ready_after(container, name)
    return idle(stack.place, container, begun)


def worker(stack: Stack, name: str) -> Idle:
    """One start of a worker."""
    begun = time.perf_counter()
    container = stack.work(name)
    eventually(lambda: "worker runs" in docker("logs", container), container)
    return idle(stack.place, container, begun)


def print_row(name: str, rounds: Sequence[Idle]) -> None:
    """The medians."""
    medians = [statistics.median(getattr(each, field) for each in rounds) for field in ("start_s", "pss_mb", "rss_mb")]
    print(f"| `{name}` | {medians[0]:.1f} | {medians[1]:.0f} | {medians[2]:.0f} |", flush=True)


def print_sizes() -> None:
    """What each image takes on disk, and how much of that the services share."""
    of_services = [layers(each.deployed_name) for each in SERVICES.values()]
    base, shared = size_bytes(PYTHON_BASE), shared_bytes(of_services)
    print(f"base {PYTHON_BASE} {'(made here)' if is_standin(PYTHON_BASE) else ''}: {base / MB:.0f} MB")
    print("| image | MB | of these its own |\n|---|---|---|")
    for target in TARGETS:
        whole = size_bytes(name_of(target))
        own = whole - shared if target in {each.deployed_name for each in SERVICES.values()} else None
        print(f"| `{target}` | {whole / MB:.0f} | {'–' if own is None else f'{own / MB:.0f}'} |")


def main() -> int:
    """Print the tables."""
    ensure_ours()
    ensure_images((POSTGRES.name, REDIS.name))
    print(f"Linux {Path('/proc/version').read_text().split()[2]}, {psutil.cpu_count()} CPUs, {ROUNDS} rounds")
    print_sizes()
    with containers() as place:
        stack = Stack(place)
        stack.start_stores()
        stack.migrate()
        print("| process | ready after, s | PSS, MB | RSS, MB |\n|---|---|---|---|")
        for name in SERVICES:
            print_row(SERVICES[name].deployed_name, [service(stack, name) for _ in range(ROUNDS)])
        for name, each in SERVICES.items():
            if each.worker:
                print_row(each.worker, [worker(stack, name) for _ in range(ROUNDS)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
