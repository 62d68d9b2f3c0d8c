"""What a worker is told to find out of a table's columns."""

from datalab.contracts.columns import Column
from datalab.contracts.model import Contract
from datalab.contracts.profiles import ColumnProfile
from datalab.services.data.model.statement import EngineLimits
from datalab.services.data.model.table_view import TableView

EXACT_ROWS = 1_000_000
"""Up to so many rows, different values and quantiles are counted; beyond, they are estimated."""


class ProfileRequest(Contract):
    """Look at these columns of the table."""

    view: TableView
    columns: tuple[Column, ...]
    rows: int
    limits: EngineLimits


class Profiled(Contract):
    """What was found, column by column."""

    columns: tuple[ColumnProfile, ...]
