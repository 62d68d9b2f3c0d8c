"""What the service accepts and grants."""

from datalab.contracts.model import Contract
from datalab.services.data.model.statement import EngineLimits


class Limits(Contract):
    """Bounds by purpose: one statement, one parse, an upload once it is expanded, a held-back answer, deleted datasets."""

    statement: EngineLimits
    parse: EngineLimits
    expanded_max_bytes: int
    hold_bytes: int
    page_hold_bytes: int
    deleted_kept_s: float
