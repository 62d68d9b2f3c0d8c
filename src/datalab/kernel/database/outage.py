"""Which driver errors mean that the database can't be used now."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as CheckoutTimeout

from datalab.contracts.errors import Unavailable
from datalab.kernel.full_disk import is_full, storage_full

RETRY_AFTER_S = 1.0
SQLITE_OUTAGES = ("locked", "busy", "unable to open", "disk i/o", "disk is full")
# 08 connection, 40 deadlock or serialisation, 53 out of resources, 57 shut down or cancelled, 58 system error
POSTGRES_OUTAGES = ("08", "40", "53", "57", "58")
POSTGRES_DISK_FULL = "53100"


@contextmanager
def outage_as_unavailable(service: str) -> Generator[None]:
    """Raise :class:`Unavailable` for errors of the database that trying again may mend; let others pass."""
    try:
        yield
    except CheckoutTimeout as error:
        raise Unavailable(
            f"all connections to the database of {service} are in use; try again shortly", retry_after_s=RETRY_AFTER_S
        ) from error
    except DBAPIError as error:
        if not is_outage(error):
            raise
        if is_full(error) or _state(error) == POSTGRES_DISK_FULL:
            raise storage_full(f"the disk of the database of {service}") from error
        raise Unavailable(
            f"the database of {service} can't be reached or is overloaded; try again shortly",
            retry_after_s=RETRY_AFTER_S,
        ) from error


def is_outage(error: DBAPIError) -> bool:
    """Whether trying again later may succeed."""
    if error.connection_invalidated:
        return True
    cause = error.orig
    if type(cause).__module__.startswith("sqlite3"):
        return type(cause).__name__ == "OperationalError" and _any_in(SQLITE_OUTAGES, str(cause).lower())
    state = _state(error)
    if state is not None:
        return state[:2] in POSTGRES_OUTAGES
    return type(cause).__name__ in {"OperationalError", "ConnectionTimeout"}


def _state(error: DBAPIError) -> str | None:
    state: object = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


def _any_in(needles: tuple[str, ...], text: str) -> bool:
    return any(needle in text for needle in needles)
