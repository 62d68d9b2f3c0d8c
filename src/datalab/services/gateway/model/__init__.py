"""Rules about accounts, keys and tokens. Owns no state; refuses I/O, frameworks and databases."""
