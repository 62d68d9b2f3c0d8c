"""Fixtures for all tests."""

import gc
from collections.abc import Generator

import pytest
from tests.forking.nursed import nursed, nursery

pytest_plugins = ("datalab.kernel.testing.fixtures",)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, nor later among them: they stay, and are many."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_xdist_setupnodes() -> None:
    """Have one nursery for all processes that test."""
    nursery()


def pytest_unconfigure() -> None:
    """Let all be found at the end, when libraries look for what was left."""
    gc.unfreeze()


@pytest.fixture(scope="module")
def forked_workers() -> Generator[None]:
    """Has the workers of the module's pools forked, where the test is not about how they start."""
    with nursed():
        yield
