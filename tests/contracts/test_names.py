"""Dataset names."""

import pytest

from datalab.contracts.data import DatasetName
from datalab.contracts.errors import InvalidInput


def test_a_bare_name_is_in_the_main_namespace():
    assert DatasetName.parse("flights") == DatasetName(namespace="main", table="flights")


def test_a_name_in_another_namespace_keeps_it():
    assert str(DatasetName.parse("team.flights")) == "team.flights"


def test_main_is_left_out_of_the_text():
    assert str(DatasetName.parse("main.flights")) == "flights"


@pytest.mark.parametrize("text", ["", "1a", "a.b.c", "a b", "a-b", "../x", "a" * 64, "a\n", ".", "a.", "é"])
def test_what_is_no_name_is_refused(text: str):
    with pytest.raises(InvalidInput, match="no dataset name"):
        DatasetName.parse(text)
