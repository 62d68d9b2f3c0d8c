"""The gateway's own paths. Each parses into a contract, calls one action and returns a contract; refuses rules."""
