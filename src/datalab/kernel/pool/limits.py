"""Resource limits of a child: what the kernel enforces everywhere, macOS included (which ignores the one on memory)."""

import resource
from collections.abc import Mapping
from typing import Final

OPEN_FILES: Final = 4096


def limit_resources(*, memory_bytes: int, reserve_bytes: int, file_bytes: int | None) -> None:
    """Bound memory, address space, file size and open files, forbid core dumps; never above what held before."""
    wanted: Mapping[int, int | None] = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_DATA: memory_bytes,
        resource.RLIMIT_AS: memory_bytes + reserve_bytes,
        resource.RLIMIT_FSIZE: file_bytes,
    }
    for which, limit in wanted.items():
        if limit is not None:
            _lower(which, limit)


def _lower(which: int, limit: int) -> None:
    _, hard = resource.getrlimit(which)
    bound = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    try:
        resource.setrlimit(which, (bound, bound))
    except (ValueError, OSError):
        if which not in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
            raise
