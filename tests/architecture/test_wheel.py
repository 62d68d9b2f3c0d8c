"""The wheel holds all that running needs."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from datalab.kernel.testing.fixtures import missing

ROOT = Path(__file__).parents[2]
UV = (shutil.which("uv"), ROOT / ".venv" / "bin" / "uv", ROOT / ".cache" / "uv" / "bin" / "uv")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is in a wheel built from this tree."""
    uv = next((str(path) for path in UV if path is not None and Path(path).exists()), None)
    if uv is None:
        missing("no uv: put it on PATH, `make setup` makes one")
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [str(uv), "build", "--wheel", "--quiet", "--out-dir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_every_file_of_the_package_is_in_the_wheel(files: set[str]):
    source = ROOT / "src"
    wanted = {
        str(path.relative_to(source))
        for path in (source / "datalab").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= files
    assert {name for name in wanted if "/migrations/" in name and "_0001_" in name}


def test_the_wheel_holds_nothing_else(files: set[str]):
    assert not {name for name in files if not name.startswith(("datalab/", "datalab_stack-"))}
    assert not {name for name in files if "__pycache__" in name}


def test_the_wheel_brings_the_command(files: set[str]):
    assert [name for name in files if name.endswith("entry_points.txt")]
