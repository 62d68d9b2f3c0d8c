import gc
from collections.abc import Iterator

import pytest

from datalab.kernel.garbage import keep_all, uncollected


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    yield
    gc.enable()


def test_nothing_is_looked_for_meanwhile_and_something_afterwards():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_within_another_it_ends_with_the_outer_one():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_ends_with_an_error():
    with pytest.raises(ValueError, match="import"), uncollected():
        raise ValueError("import")
    assert gc.isenabled()


def test_what_is_kept_is_looked_at_no_more():
    kept = [object()]
    keep_all()
    assert not any(one is kept for one in gc.get_objects())
