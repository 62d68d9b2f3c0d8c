"""What the services promise each other and the world.

Owns the frozen models, the errors and one Protocol per service. Refuses to import anything else of ours, any
framework but pydantic, and any behaviour beyond checking values.
"""
