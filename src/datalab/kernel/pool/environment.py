"""The few variables that a child gets: never those of the service, which hold its secrets."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from datalab.kernel.pool.profile import Profile

PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")
THREAD_LIMITS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_MAX_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "POLARS_MAX_THREADS",
    "RAYON_NUM_THREADS",
    "TOKIO_WORKER_THREADS",
)


def child_environment(
    own: Mapping[str, str], profile: Profile, *, scratch: Path, import_path: Sequence[Path]
) -> dict[str, str]:
    """A fresh environment, with nothing of ``own`` but what says where programs and which locale are."""
    passed = {name: own[name] for name in PASSED_ON if name in own}
    limits = dict.fromkeys(THREAD_LIMITS, str(profile.threads))
    private = dict.fromkeys(("HOME", "TMPDIR"), str(scratch))
    fixed = {"MALLOC_ARENA_MAX": "2", "PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1"}
    joblib = {} if profile.semaphores else {"JOBLIB_MULTIPROCESSING": "0"}
    folders = [*map(str, import_path), *filter(None, own.get("PYTHONPATH", "").split(os.pathsep))]
    path = {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, folders))} if folders else {}
    return {**passed, **limits, **private, **fixed, **joblib, **path}
