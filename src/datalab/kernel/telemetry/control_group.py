"""What the control group that limits this process uses, as Linux tells it in its second version or its first."""

from dataclasses import dataclass
from pathlib import Path

import psutil

_UNLIMITED = 2**62
"""What the first version says of a group without a limit is a page less than 2**63."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of memory in use and at most; seconds of CPU used since the start, and how many CPUs at most."""

    memory: int
    memory_limit: int
    cpu_s: float
    cpus: float


def group_usage(root: Path = Path("/")) -> Usage | None:
    """The use of our control group, page cache that can be dropped left out; ``None`` unless its memory is limited.

    ``root`` is the folder with ``proc`` and ``sys``.
    """
    for usage in (_second_version, _first_version):
        try:
            return usage(root)
        except (OSError, LookupError, ValueError):
            continue
    return None


def _second_version(root: Path) -> Usage:
    folder = _folder(root, "")
    droppable = _fields(folder / "memory.stat")["inactive_file"]
    quota, period = (folder / "cpu.max").read_text().split()
    return Usage(
        memory=max(0, _number(folder / "memory.current") - droppable),
        memory_limit=_number(folder / "memory.max"),
        cpu_s=_fields(folder / "cpu.stat")["usage_usec"] / 1_000_000,
        cpus=_all_cpus() if quota == "max" else int(quota) / int(period),
    )


def _first_version(root: Path) -> Usage:
    memory, cpu = _folder(root, "memory"), _folder(root, "cpu")
    limit, quota = _number(memory / "memory.limit_in_bytes"), _number(cpu / "cpu.cfs_quota_us")
    if limit >= _UNLIMITED:
        raise LookupError("the group has no limit")
    return Usage(
        memory=max(
            0, _number(memory / "memory.usage_in_bytes") - _fields(memory / "memory.stat")["total_inactive_file"]
        ),
        memory_limit=limit,
        cpu_s=_number(_folder(root, "cpuacct") / "cpuacct.usage") / 1_000_000_000,
        cpus=_all_cpus() if quota < 0 else quota / _number(cpu / "cpu.cfs_period_us"),
    )


def _folder(root: Path, controller: str) -> Path:
    """Our group's folder: a container often sees its own group as the uppermost, whatever path it is told."""
    mounted = root / "sys/fs/cgroup" / controller
    lines = [line.split(":", 2) for line in (root / "proc/self/cgroup").read_text().splitlines()]
    (path,) = [path for _, controllers, path in lines if controller in controllers.split(",")]
    own = mounted / path.strip("/")
    return own if own.exists() else mounted


def _number(path: Path) -> int:
    return int(path.read_text())


def _fields(path: Path) -> dict[str, int]:
    return {name: int(value) for name, value in (line.split() for line in path.read_text().splitlines())}


def _all_cpus() -> float:
    return float(psutil.cpu_count() or 1)
