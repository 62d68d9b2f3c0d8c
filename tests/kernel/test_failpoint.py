import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from datalab.kernel.failpoint import names

SCRIPT = """
from datalab.kernel.failpoint import reach
for turn in range(3):
    reach("other.place")
    print(turn, flush=True)
    reach("here")
"""


def run(failpoint: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATALAB_FAILPOINT": failpoint}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(("failpoint", "turns"), [("here", "0"), ("here:2", "01"), ("here:3", "012")])
def test_the_process_dies_where_it_is_told(failpoint: str, turns: str):
    done = run(failpoint)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.replace("\n", "") == turns


@pytest.mark.parametrize("failpoint", ["", "elsewhere", "here:4"])
def test_otherwise_nothing_happens(failpoint: str):
    done = run(failpoint)
    assert (done.returncode, done.stdout.split()) == (0, ["0", "1", "2"])


def test_names_are_found_in_the_source(tmp_path: Path):
    (tmp_path / "a.py").write_text("reach('b.two')\nother('no')\n")
    (tmp_path / "b.py").write_text("def f():\n    failpoint.reach('a.one')\n    thing.reach('no')\n")
    assert names(tmp_path) == ("a.one", "b.two")


def test_a_shared_name_is_refused(tmp_path: Path):
    (tmp_path / "a.py").write_text("reach('one')\n")
    (tmp_path / "b.py").write_text("reach('one')\n")
    with pytest.raises(ValueError, match="one"):
        names(tmp_path)


def test_a_name_that_is_no_literal_is_refused(tmp_path: Path):
    (tmp_path / "a.py").write_text("reach(name)\n")
    with pytest.raises(ValueError, match="literal"):
        names(tmp_path)


def test_every_failpoint_of_the_platform_has_a_name_of_its_own():
    assert "events.relay.after_publish" in names(Path(__file__).parents[2] / "src" / "datalab")
