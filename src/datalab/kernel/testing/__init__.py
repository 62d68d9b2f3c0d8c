"""What tests of several packages need: real servers, folders of their own, and the fixtures that hand them out.

Owns the PostgreSQL and Redis that tests run against. Refuses to fake either, and is never imported by the platform.
Only ``fixtures`` needs pytest.
"""
