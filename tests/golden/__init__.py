"""What is expected, kept as files: a change of it is seen in review."""
