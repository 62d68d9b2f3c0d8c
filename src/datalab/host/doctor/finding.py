"""What one look at a set-up found."""

from enum import StrEnum

from datalab.contracts.model import Contract


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    SKIPPED = "skipped"
    """There is nothing to look at here."""
    WARNING = "warning"
    """The platform works, though not as well or as safely as it could."""
    BROKEN = "broken"
    """Something that the platform needs doesn't work."""


class Finding(Contract):
    """What was looked at, how it is, and what mends it."""

    check: str
    state: State
    detail: str
    remedy: str | None


def ok(check: str, detail: str) -> Finding:
    """It is well."""
    return Finding(check=check, state=State.OK, detail=detail, remedy=None)


def skipped(check: str, detail: str) -> Finding:
    """There was nothing to look at."""
    return Finding(check=check, state=State.SKIPPED, detail=detail, remedy=None)


def warning(check: str, detail: str, remedy: str) -> Finding:
    """It could be better."""
    return Finding(check=check, state=State.WARNING, detail=detail, remedy=remedy)


def broken(check: str, detail: str, remedy: str) -> Finding:
    """It must be mended."""
    return Finding(check=check, state=State.BROKEN, detail=detail, remedy=remedy)
