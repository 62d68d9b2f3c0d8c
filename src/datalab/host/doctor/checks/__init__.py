"""One module a thing that can be wrong; each gives findings and may raise whatever it meets."""
