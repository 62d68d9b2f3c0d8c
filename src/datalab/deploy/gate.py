"""When an instance that was just started isn't well, whoever updates it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """What an instance must pass beside its readiness."""

    observed_s: int = 8
    """How long new instances serve before the next ones are replaced."""
    counted_within_s: int = 60
    """How long an instance may take to tell how many requests failed, on a host that has much to do."""
    few: int = 3
    """Errors that are no sign of anything."""
    errors_per_cent: int = 5
    """Share of failed requests above which a new instance isn't well; the operators' alert says the same."""


GATE = Gate()
