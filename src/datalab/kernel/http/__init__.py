"""What every service app has in common: problems, request ids, authentication, health, readiness, metrics.

Refuses business rules and any knowledge of one particular service.
"""
