"""One renderer a target: pure functions from a plan to ``{path: text}``. They don't know each other."""
