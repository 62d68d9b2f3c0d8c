"""The job table on SQLite and PostgreSQL, and what tells that it changed. Refuses to decide what a job's end means."""
