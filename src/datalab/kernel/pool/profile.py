"""One kind of worker process."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Profile:
    """What children of one kind import, may touch and may use. Kept warm by profile: a child never changes kind."""

    name: str
    """``sql``, ``ingest``, ``render``, ``train``, …"""

    preload: tuple[str, ...] = ()
    """Modules imported while warming, before confinement, so that they may look at files and leave their byte code
    cached. Threads that they start at import stay outside the walls around files (not of those around sockets and
    processes): a library whose own threads open files belongs to ``preload_confined``."""

    preload_confined: tuple[str, ...] = ()
    """Modules imported while warming, after confinement (deltalake: its threads read the paths that a table names)."""

    reads: tuple[Path, ...] = ()
    """Folders that the child may read beyond the interpreter, its packages, the system's libraries, fonts and time zones.
    Missing ones are made."""

    writes: tuple[Path, ...] = ()
    """Folders that it may read and write beside its private scratch folder (its working directory, ``HOME`` and
    ``TMPDIR``, gone with it). Missing ones are made. Modes and owners of files can't be changed: copy by
    ``shutil.copyfile``, not ``copy``."""

    semaphores: bool = False
    """Whether it may make POSIX semaphores, which live in ``/dev/shm`` with other programs' shared memory, unlisted:
    ``multiprocessing.pool.ThreadPool`` needs them, hence joblib's threads (``n_jobs``), which run in turn without."""

    memory_bytes: int = 2 * 2**30
    """Most private memory it may have writable (``RLIMIT_DATA``) and, with ``reserve_bytes``, most address space
    (``RLIMIT_AS``). Both count what is asked for, touched or not, so this is an upper bound of what it can use: a child
    which uses 300 MB easily asks for 1 GB. 8 MB go to every thread's stack."""

    reserve_bytes: int = 0
    """Address space on top that a library reserves without using it: V8 in vl-convert wants 64 GiB, so give it 128."""

    file_bytes: int | None = None
    """Most bytes in one file it writes (``RLIMIT_FSIZE``)."""

    threads: int = 1
    """Threads that numeric libraries start (``OMP_NUM_THREADS`` and its like)."""

    max_tasks: int = 200
    """Calls after which a child is replaced."""

    idle_s: float = 60
    """Seconds without work after which a child is given back."""

    warm: int = 1
    """Children kept ready, once the profile was used, until they idle out: one that was killed is replaced at once."""

    concurrency: int = 2
    """Children at most, hence calls at once; others queue in order."""
