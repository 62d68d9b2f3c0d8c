"""The rules of datasets, statements, filters and formats; no I/O, no framework.

Runs in the service's process and in worker processes alike.
"""
