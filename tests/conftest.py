"""Fixtures for all tests."""

pytest_plugins = ("datalab.kernel.testing.fixtures",)
