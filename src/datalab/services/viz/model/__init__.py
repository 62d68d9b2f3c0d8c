"""Rules of charts and dashboards without any input or output: what is refused, how rows get in, how pages are written."""
