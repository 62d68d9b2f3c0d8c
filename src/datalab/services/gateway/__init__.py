"""The gateway: the one door, and who may pass it.

Owns accounts, API keys, the signing key, the registry of instances, the audit trail and the way to the services.
Refuses to know what the services do: it recognises a caller, judges limits, and hands the call on as it came.
"""
