"""What starting one part loads, as strings in the catalog hide it from the import contracts."""

import subprocess
import sys

import pytest

from datalab.catalog import SERVICES

HEAVY = (
    "alembic",
    "duckdb",
    "pyarrow",
    "deltalake",
    "polars",
    "sklearn",
    "skl2onnx",
    "onnxruntime",
    "numpy",
    "pandas",
    "vl_convert",
)


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_loads_no_sibling_and_nothing_heavy(service: str):
    loaded = loaded_by(f"import datalab.services.{service}.app")
    siblings = {name for name in SERVICES if name != service and f"datalab.services.{name}" in loaded}
    assert (siblings, loaded.intersection(HEAVY)) == (set(), set())


def test_the_package_loads_no_client_until_asked():
    assert not {name for name in loaded_by("import datalab") if name.startswith("datalab.")}


def test_the_command_line_loads_no_service():
    loaded = loaded_by("import datalab.cli.main")
    assert not {
        name for name in loaded if name.startswith(("datalab.services", "datalab.host", "fastapi", "sqlalchemy"))
    }
