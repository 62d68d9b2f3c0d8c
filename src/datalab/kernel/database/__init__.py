"""A service's own database: SQLite in one file, or a schema of a PostgreSQL; the same statements and migrations on both.

Owns connections, transactions, column types that mean the same on both, the database's clock and migrations.
Refuses to know any service's tables or to share a transaction between services.
"""
