"""What touches the world: the metadata tables, the Delta log, spool files, worker processes."""
