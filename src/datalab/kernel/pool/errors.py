"""What can go wrong with a worker process, in words for the caller.

A deadline is :class:`datalab.contracts.errors.DeadlineExceeded`, memory is
:class:`datalab.contracts.errors.MemoryLimitExceeded`; here are the rest.
"""

from datalab.contracts.errors import InternalError, Unavailable


class WorkerDied(InternalError):
    """The process which did the work ended before it answered (a signal, an exit, a crash in a library)."""

    code, title = "worker_died", "The worker died"


class WorkerFailed(InternalError):
    """The work raised something that nobody foresaw; the log holds its traceback."""

    code, title = "worker_failed", "The work failed"


class PoolBusy(Unavailable):
    """Every worker of this kind stayed taken for as long as the caller would wait."""

    code, title = "pool_busy", "All workers are busy"


class PoolClosed(Unavailable):
    """The pool is shutting down, so the work was not begun or not finished."""

    code, title = "pool_closed", "Shutting down"
