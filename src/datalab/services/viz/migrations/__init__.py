"""Migrations of this service's tables."""
