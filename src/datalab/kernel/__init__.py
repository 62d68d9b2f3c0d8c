"""What two or more services need, each under a noun: config, auth, storage, database, events, pool, telemetry, http.

Owns no domain rule and knows no service. Refuses to import services, client, host or cli.
"""
