"""Asking each target's own reader what it makes of a file. Nothing here changes anything."""
