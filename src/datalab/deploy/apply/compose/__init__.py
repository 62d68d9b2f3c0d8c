"""Bringing a plan to run by Docker Compose: what its containers tell, replacing them one after the other, taking them back."""
