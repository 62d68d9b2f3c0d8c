"""Fixtures for all tests."""

import gc
from collections.abc import Generator

import pytest

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


def pytest_unconfigure() -> None:
    """Let all be found at the end, when libraries look for what was left."""
    gc.unfreeze()
