"""The tutorial's own words work, in order, on a real platform."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.tutorial import Block, blocks, script
from tests.e2e.shapes import embedded

from datalab.cli.demo.png import look

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "first-steps.md"


def test_blocks_to_run_are_told_from_blocks_to_read(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("a\n\n```bash\nls\n```\n```console\n$ datalab up\n```\n```python\nprint(1)\n```\n")
    assert blocks(page) == [Block("bash", "ls\n", 3), Block("python", "print(1)\n", 9)]


def test_a_failing_block_stops_the_script_and_says_its_line(tmp_path: Path):
    text = script([Block("bash", "export A=1\n", 3), Block("python", "raise SystemExit(3)\n", 9)], "page.md")
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr == "== page.md, line 3\n== page.md, line 9\n"


@pytest.mark.xdist_group("tutorial")
@pytest.mark.timeout(300)
def test_the_first_tutorial_works_as_written(tmp_path: Path):
    with embedded(tmp_path / "home") as platform:
        (work := tmp_path / "work").mkdir()
        places = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "DATALAB_URL": platform.url}
        done = subprocess.run(
            ["bash", "-c", script(blocks(TUTORIAL), TUTORIAL.name)],
            cwd=work,
            env={**os.environ, **platform.environment, **places, "XDG_CONFIG_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert look((work / "rentals.png").read_bytes()).drawn > 0.02
    assert look((work / "scatter.png").read_bytes()).colours > 3
    assert "<svg" in (work / "bicycles.html").read_text()
    assert "there is no dataset 'rentls'" in done.stdout
