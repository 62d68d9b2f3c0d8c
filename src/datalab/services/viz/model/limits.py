"""How much a chart may ask for."""

from typing import Final

MAX_ROWS: Final = 5_000
"""Rows that a chart is drawn from, hence marks more or less; past it, aggregate or bin in SQL."""

MAX_DATA_BYTES: Final = 8 * 2**20
"""Bytes of those rows as JSON."""

MAX_DEPTH: Final = 40
MAX_NODES: Final = 150_000
MAX_VIEWS: Final = 100
MAX_TEXT: Final = 4_000
"""Characters of any text in a spec outside its rows."""

MAX_EXPRESSION: Final = 2_000
MAX_BRACKETS: Final = 32
"""How deep brackets may nest in an expression."""

MAX_SIDE: Final = 4_096
"""Width and height of a view, in pixels before scaling."""

MAX_PIXELS: Final = 40_000_000
"""Pixels of a whole image after scaling."""

MAX_INTEGER: Final = 2**63 - 1
MAX_FAULTS: Final = 20

NUMBERS: Final[dict[str, tuple[float, float]]] = {
    "width": (0, MAX_SIDE),
    "height": (0, MAX_SIDE),
    "continuousWidth": (1, MAX_SIDE),
    "continuousHeight": (1, MAX_SIDE),
    "discreteWidth": (1, MAX_SIDE),
    "discreteHeight": (1, MAX_SIDE),
    "padding": (-100, 500),
    "fontSize": (0, 500),
    "size": (0, 1_000_000),
    "strokeWidth": (0, 500),
    "maxbins": (1, 1_000),
    "tickCount": (0, 500),
    "columns": (0, 100),
    "steps": (1, 2_000),
    "minsteps": (1, 2_000),
    "maxsteps": (1, 2_000),
    "spacing": (-500, 500),
}
"""Least and most of the numbers under these keys, wherever they stand."""
