"""Which failures are worth another attempt, and when."""

from datalab.contracts.errors import Category

LONGEST_DELAY_S = 300.0
# What is away comes back in seconds to minutes; what broke inside may be well at once or never.
_STEPS = {
    Category.UNAVAILABLE: (2.0, 3.0),
    Category.FULL: (2.0, 3.0),
    Category.LIMITED: (2.0, 3.0),
    Category.INTERNAL: (0.25, 6.0),
}


def worth_retrying(category: Category) -> bool:
    """Whether the same work may go better later. What is wrong with the request itself stays wrong."""
    return category in _STEPS


def delay_s(category: Category, failures: int, asked_s: float | None = None) -> float:
    """Seconds to wait after the ``failures``-th failure, counted from 1; at least what the refusal asked for."""
    first, factor = _STEPS.get(category, _STEPS[Category.INTERNAL])
    # Past a dozen the delay has long reached its bound, and the power would overflow.
    grown = first * factor ** min(failures - 1, 12)
    return min(max(grown, asked_s or 0.0), LONGEST_DELAY_S)
