"""Bringing a plan to run in a Docker swarm, by its own rolling updates."""
