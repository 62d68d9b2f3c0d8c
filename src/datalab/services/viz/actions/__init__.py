"""The use cases: drawing, saved charts, dashboards. Refuses to know of HTTP, of SQL tables and of processes."""
