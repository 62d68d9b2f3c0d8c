"""The committed OpenAPI documents are those that the services serve."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from datalab.catalog import SERVICES

FOLDER = Path(__file__).parents[2] / "openapi"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The documents as the code makes them, in a process whose environment chooses nothing."""
    folder = tmp_path_factory.mktemp("openapi")
    command = [sys.executable, "-m", "datalab.host.openapi", str(folder)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DATALAB_HOME": str(folder / "home")}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


@pytest.mark.parametrize("service", SERVICES)
def test_a_document_is_current(made: dict[str, dict[str, Any]], service: str):
    assert json.loads((FOLDER / f"{service}.json").read_text()) == made[service], "run `make openapi`"


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_named_and_declares_who_may_call_it(made: dict[str, dict[str, Any]], service: str):
    operations = [operation for item in made[service]["paths"].values() for operation in item.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert not [operation["operationId"] for operation in operations if not operation.get("x-datalab-role")]
    assert not [operation["operationId"] for operation in operations if not operation.get("description")]


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_points_into_the_document(made: dict[str, dict[str, Any]], service: str):
    described = {f"#/components/schemas/{name}" for name in made[service]["components"]["schemas"]}
    assert set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(made[service]))) <= described
