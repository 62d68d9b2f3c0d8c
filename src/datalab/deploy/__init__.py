"""Turns the topology into deployments: plan, render, apply. Refuses effects anywhere but in apply."""
