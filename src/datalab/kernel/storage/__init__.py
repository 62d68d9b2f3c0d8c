"""Bytes under keys. Owns the object store port and its folder adapter; refuses to know what the bytes mean."""
