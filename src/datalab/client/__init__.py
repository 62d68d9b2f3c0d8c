"""The contracts' Protocols over HTTP.

Owns the asynchronous client, its thin synchronous face and how answers become Arrow, pandas, Polars or dicts.
Refuses to know how a service works inside.
"""
