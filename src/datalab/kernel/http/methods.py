"""The kinds of HTTP's methods (RFC 9110, section 9.2)."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""They change nothing."""
IDEMPOTENT = SAFE | {"PUT", "DELETE"}
"""Asked twice, they have done what asking once does."""
