"""The two kinds of database that the platform runs on."""

from enum import StrEnum


class Dialect(StrEnum):
    """Which database answers; the values are SQLAlchemy's names."""

    SQLITE = "sqlite"
    POSTGRES = "postgresql"
