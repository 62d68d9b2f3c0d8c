"""One module a service: its concrete parts, chosen from the settings. Refuses to start anything."""
