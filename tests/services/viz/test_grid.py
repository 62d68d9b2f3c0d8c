"""Tiles on the grid."""

import pytest

from datalab.contracts.errors import InvalidInput
from datalab.contracts.viz import Tile
from datalab.services.viz.model.grid import check_tiles, narrow_size_of, size_of


def test_tiles_side_by_side_and_above_each_other_pass() -> None:
    check_tiles([Tile(chart="a"), Tile(chart="b", column=6), Tile(chart="c", row=4, width=12)])


def test_tile_beyond_the_columns_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"tiles\[0\]: column 8 and width 6 go beyond the 12 columns"):
        check_tiles([Tile(chart="a", column=8)])


def test_overlapping_tile_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"tiles\[1\]: lies over tiles\[0\]"):
        check_tiles([Tile(chart="a"), Tile(chart="b", column=5)])


def test_wide_tile_is_drawn_as_wide_as_the_page() -> None:
    assert size_of(Tile(chart="a", width=12)).width == 1384 - 32


def test_only_wide_tiles_are_drawn_anew_for_telephones() -> None:
    assert narrow_size_of(Tile(chart="a", width=4)) is None
    narrow = narrow_size_of(Tile(chart="a", width=6))
    assert narrow is not None
    assert narrow.width <= 326
