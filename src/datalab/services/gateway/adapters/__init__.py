"""The gateway's tables, its password hashing and its ways to the services, one technology a file."""
