"""What is worth watching, as plain data: objectives, recordings, alerts, panels. Queries are PromQL."""
