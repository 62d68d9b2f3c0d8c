"""The walls around a child, from its warm-up to its end: what holds, and what this host can't give."""

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from datalab.kernel.pool.landlock import ALL_THREADS_SINCE, NETWORK_SINCE, confine_files, landlock_version
from datalab.kernel.pool.linux import PR_SET_NO_NEW_PRIVS, process_control
from datalab.kernel.pool.privileges import drop_capabilities
from datalab.kernel.pool.seccomp import refuse_system_calls, seccomp_offered

SYSTEM_READS: Final = (
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/nix/store",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/timezone",
    "/var/cache/fontconfig",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/filesystems",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/sys/kernel/osrelease",
    "/proc/sys/vm",
    "/proc/uptime",
    "/proc/version",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
    "/sys/fs/cgroup",
    "/sys/kernel/mm/transparent_hugepage",
)
SYSTEM_WRITES: Final = ("/dev/null",)
SHARED_MEMORY: Final = (Path("/dev/shm"),)  # noqa: S108 - where the C library keeps semaphores


@dataclass(frozen=True)
class Confinement:
    """Which walls stand around a child, or could stand on this host. Resource limits stand everywhere."""

    files: bool
    """It opens only what it was granted (Landlock)."""
    network: bool
    """It opens no socket (seccomp)."""
    processes: bool
    """It starts, signals and inspects no process (seccomp)."""
    privileges: bool
    """It has none beyond its user's and can gain none."""
    landlock_version: int
    """0 where there is none; since 4 it refuses TCP too."""
    loose_threads: int
    """Threads that preloaded libraries had started before, for which the wall around files doesn't stand."""
    missing: tuple[str, ...]
    """What doesn't hold, and why, in words."""

    @property
    def complete(self) -> bool:
        """Whether everything holds."""
        return not self.missing

    def as_json(self) -> dict[str, Any]:
        """Plain data, for :meth:`from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The report again."""
        missing = tuple(str(why) for why in data["missing"])
        return cls(**dict[str, Any]({**data, "missing": missing}))


def offered_confinement() -> Confinement:
    """What this host could give to a child; nothing is applied."""
    if sys.platform != "linux":
        return _unconfined(f"{platform.system()} offers only resource limits")
    version, filters = landlock_version(), seccomp_offered()
    missing = [] if version else ["files: this kernel has no Landlock, or it is switched off"]
    if not filters:
        missing.append("system calls: this kernel doesn't filter them, or its processor is unknown to us")
    return Confinement(
        files=version > 0,
        network=filters,
        processes=filters,
        privileges=True,
        landlock_version=version,
        loose_threads=0,
        missing=tuple(missing),
    )


def confine(*, reads: Sequence[Path], writes: Sequence[Path], semaphores: bool) -> Confinement:
    """Confine this process for good, as far as this host can, and say how far."""
    if sys.platform != "linux":
        return _unconfined(f"{platform.system()} offers only resource limits")
    missing: list[str] = []

    def holds(what: str, wall: Callable[[], object]) -> bool:
        try:
            wall()
        except OSError as error:
            missing.append(f"{what}: {error.strerror}")
            return False
        return True

    threads = sum(1 for _ in Path("/proc/self/task").iterdir()) - 1
    privileges = holds("privileges", lambda: process_control(PR_SET_NO_NEW_PRIVS, 1)) and holds(
        "privileges", lambda: drop_capabilities([*reads, *writes], platform.machine())
    )
    version = landlock_version()
    files = holds("files", lambda: _confine_files(reads, writes, SHARED_MEMORY if semaphores else ()))
    filtered = holds("system calls", refuse_system_calls)
    return Confinement(
        files=files,
        network=filtered or (files and version >= NETWORK_SINCE),
        processes=filtered,
        privileges=privileges,
        landlock_version=version,
        loose_threads=0 if version >= ALL_THREADS_SINCE else threads,
        missing=tuple(missing),
    )


def _confine_files(reads: Sequence[Path], writes: Sequence[Path], unlisted: Sequence[Path]) -> None:
    interpreter = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *sys.path} - {""}
    confine_files(
        reads=[*map(Path, interpreter), *map(Path, SYSTEM_READS), *reads],
        writes=[*map(Path, SYSTEM_WRITES), *writes],
        unlisted=unlisted,
    )


def _unconfined(why: str) -> Confinement:
    return Confinement(
        files=False,
        network=False,
        processes=False,
        privileges=False,
        landlock_version=0,
        loose_threads=0,
        missing=(why,),
    )
