"""Migrations of the kernel's own tables, a branch that rides along in every service's schema."""
