"""The job table's schema, step by step."""
