"""Running the command line in a process of its own, as users do."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = (sys.executable, "-m", "datalab.cli.main")


def datalab(*arguments: str, stdin: str = "", home: Path | None = None, **environment: str):
    """The finished process; ``home`` holds its configuration and state."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DATALAB_")}
    places = {"XDG_CONFIG_HOME": str(home / "config"), "DATALAB_HOME": str(home / "state")} if home else {}
    return subprocess.run(
        (*COMMAND, *arguments),
        input=stdin,
        env={**inherited, **places, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
        cwd=home,
    )
