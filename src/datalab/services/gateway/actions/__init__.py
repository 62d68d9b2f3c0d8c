"""What the gateway does for a caller, a use case a module. Owns the decisions; refuses frameworks and databases."""
