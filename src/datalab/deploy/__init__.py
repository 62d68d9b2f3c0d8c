"""Turns the topology into deployments: plan, render, read back, apply. Refuses effects anywhere but in apply."""
