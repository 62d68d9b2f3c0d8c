"""Tiles on the grid of twelve columns."""

from collections.abc import Sequence

from datalab.contracts.errors import FieldError, InvalidInput
from datalab.contracts.viz import Tile
from datalab.services.viz.model.sizing import Size

COLUMNS = 12
ROW = 80
GAP = 16
PAGE_WIDTH = 1384
"""Width of the grid for which charts are drawn; they scale with the page."""

NARROW_BELOW = 600
"""Pages narrower than this stack the tiles and show charts drawn for a telephone."""

_HEADER = 44
_INSET = 32
_NARROW = Size(326, 240)
NARROW_TILE = 4
"""Columns of a tile whose chart needs no other drawing on narrow pages."""


def check_tiles(tiles: Sequence[Tile]) -> None:
    """Let tiles pass that stay on the grid and off each other.

    Raises:
        InvalidInput: Naming each tile that doesn't.
    """
    faults = [fault for index, tile in enumerate(tiles) if (fault := _fault(index, tile, tiles[:index]))]
    if faults:
        raise InvalidInput(f"{faults[0].where}: {faults[0].what}", errors=faults)


def _fault(index: int, tile: Tile, earlier: Sequence[Tile]) -> FieldError | None:
    where = f"tiles[{index}]"
    if tile.column + tile.width > COLUMNS:
        what = f"column {tile.column} and width {tile.width} go beyond the {COLUMNS} columns"
        return FieldError(where=where, what=what)
    for other, there in enumerate(earlier):
        if _overlap(tile, there):
            return FieldError(where=where, what=f"lies over tiles[{other}]; move it by column or row")
    return None


def _overlap(one: Tile, two: Tile) -> bool:
    apart = one.column + one.width <= two.column or two.column + two.width <= one.column
    above = one.row + one.height <= two.row or two.row + two.height <= one.row
    return not (apart or above)


def size_of(tile: Tile) -> Size:
    """The room for the chart in a tile of a page as wide as the design."""
    column = (PAGE_WIDTH - GAP * (COLUMNS - 1)) / COLUMNS
    width = tile.width * column + (tile.width - 1) * GAP
    height = tile.height * ROW + (tile.height - 1) * GAP
    return Size(max(round(width) - _INSET, 60), max(round(height) - _HEADER - _INSET, 40))


def narrow_size_of(tile: Tile) -> Size | None:
    """The room on a telephone, unless the tile is so narrow that its chart serves there too."""
    if tile.width <= NARROW_TILE:
        return None
    return Size(_NARROW.width, min(_NARROW.height, size_of(tile).height))
