"""What the service's own process loads."""

import subprocess
import sys

HEAVY = ("alembic", "deltalake", "duckdb", "numpy", "pandas", "polars", "pyarrow")


def test_the_service_loads_no_engine():
    code = f"import sys, datalab.services.data.app; print([name for name in {HEAVY} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
