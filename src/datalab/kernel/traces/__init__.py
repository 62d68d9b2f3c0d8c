"""Traces: which request or job a piece of work belongs to and how long it took, across processes. Refuses contents and secrets."""
