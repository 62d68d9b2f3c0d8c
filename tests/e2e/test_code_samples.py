"""The programs in the OpenAPI document do what they say, in each language."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.shapes import Platform

from datalab.kernel.testing.fixtures import missing

pytestmark = [pytest.mark.xdist_group("samples"), pytest.mark.timeout(300)]

# In an order in which each finds what it needs.
OPERATIONS = ("get_me", "upload_dataset", "get_dataset", "get_rows", "run_query", "create_user", "get_keys")


@pytest.fixture(scope="module")
def document(platform: Platform) -> dict[str, Any]:
    return httpx.get(f"{platform.url}/openapi.json", timeout=60).json()


def sources(document: dict[str, Any], label: str) -> dict[str, str]:
    return {
        operation["operationId"]: sample["source"]
        for item in document["paths"].values()
        for operation in item.values()
        for sample in operation["x-codeSamples"]
        if sample["label"] == label
    }


def commands(folder: Path) -> dict[str, tuple[list[str], Path]]:
    node, curl = shutil.which("node"), shutil.which("curl")
    if node is None or curl is None:
        missing("node and curl run the programs of their languages")
    return {
        "curl": (["bash"], folder / "sample.sh"),
        "Python": ([sys.executable], folder / "sample.py"),
        "JavaScript": ([str(node)], folder / "sample.mjs"),
    }


@pytest.mark.parametrize("label", ["curl", "Python", "JavaScript"])
def test_the_programs_run(
    platform: Platform, admin: httpx.Client, document: dict[str, Any], tmp_path: Path, label: str
):
    command, file = commands(tmp_path)[label]
    environment = {"DATALAB_URL": platform.url, "DATALAB_TOKEN": str(admin.headers["authorization"]).split()[1]}
    programs = sources(document, label)
    admin.delete("/api/v1/data/datasets/flights")
    for user in admin.get("/api/v1/auth/users").json()["items"]:
        if user["name"] == "grace":
            admin.delete(f"/api/v1/auth/users/{user['id']}")
    for operation in OPERATIONS:
        file.write_text(programs[operation])
        path = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
        done = subprocess.run(
            [*command, str(file)], env=path | environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{operation}: {done.stdout} {done.stderr}"
        assert done.stdout.strip(), operation
