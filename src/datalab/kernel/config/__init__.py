"""Settings from the environment and secrets kept in files. Refuses to be read at import: settings are made once, by the host."""
