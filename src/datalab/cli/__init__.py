"""Arguments in, text out. Refuses logic that a client of the API could not have."""
