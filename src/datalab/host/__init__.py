"""Chooses the concrete parts and puts the platform together.

Owns wiring, serving, ASGI targets and workers: the only place that knows both a service and the adapters it runs on.
Refuses business rules.
"""
