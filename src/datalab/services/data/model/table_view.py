"""What a worker is told of a table that a statement may read."""

from datalab.contracts.model import Contract


class TableView(Contract):
    """A dataset's version as statements see it.

    ``namespace`` and ``table`` are its name in SQL (``flights`` or ``flights@3``); ``files`` are the Parquet files that
    hold exactly that version's rows. ``conditions``: those that a row must fit, if any; ``variables``: the values that
    they name.
    """

    namespace: str
    table: str
    files: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
