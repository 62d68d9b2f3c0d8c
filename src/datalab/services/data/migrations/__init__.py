"""The data service's tables over time."""
