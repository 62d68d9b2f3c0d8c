"""The HTTP face: parse, call one action, answer."""
