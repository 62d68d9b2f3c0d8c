"""Uploaded bytes to Parquet and to a Delta commit; runs in worker processes of the profile ``ingest`` only."""
