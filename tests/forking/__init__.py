"""Platforms, commands and workers of pools that are forked from processes which have imported what they need."""
