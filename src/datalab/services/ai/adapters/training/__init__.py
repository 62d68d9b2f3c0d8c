"""Training, which runs in confined pool processes only.

Owns the way from an Arrow file to verified model files and a card. Refuses to know the registry, the store or a caller.
"""
