"""DuckDB over exactly the files that a statement may see; runs in worker processes of the profile ``sql`` only."""
