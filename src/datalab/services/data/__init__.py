"""The data service: datasets as versioned Delta tables, rows, and confined read-only SQL.

Owns what a dataset is, its versions and files, uploads, queries and their answers. Refuses to run user SQL or to read
uploaded bytes in its own process (a worker process does), and to write a table but through its Delta log.
"""
