"""The dashboards are what Grafana's own types say that dashboards are."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.deploy.monitoring.files import rendered
from tests.deploy.monitoring.series import dashboards

from datalab.kernel.testing.fixtures import missing

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(600)]

SCHEMA = "@grafana/schema@12.1.0"
ROOT = Path(__file__).parents[3]
COMPILER = ROOT / "console/node_modules/typescript/bin/tsc"
OPTIONS = {
    "strict": True,
    "noEmit": True,
    "module": "esnext",
    "moduleResolution": "bundler",
    "target": "es2022",
    "skipLibCheck": True,
    "types": [],
}
WRONG: dict[str, Callable[[str], str]] = {
    "a name that isn't known": lambda text: text.replace('"graphTooltip"', '"graphToolTip"', 1),
    "a value that isn't one of the few": lambda text: text.replace(
        '"displayMode": "list"', '"displayMode": "lists"', 1
    ),
    "a number where there is none": lambda text: text.replace('"graphTooltip": 1', '"graphTooltip": 7', 1),
    "a panel's own name": lambda text: text.replace('"unit"', '"units"', 1),
}


def node(*command: str, at: Path) -> subprocess.CompletedProcess[str]:
    """A command of Node.js, which comes with the environment."""
    found = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(command, cwd=at, env=found, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Grafana's types are installed."""
    if not COMPILER.exists():
        missing("no TypeScript: `make console` installs it")
    made = tmp_path_factory.mktemp("schema")
    options = ("--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save")
    done = node("npm", "install", *options, SCHEMA, at=made)
    if done.returncode != 0:
        missing(f"npm can't fetch {SCHEMA}: {done.stderr[-300:]}")
    (made / "types.ts").write_text((Path(__file__).parent / "dashboards.ts").read_text())
    (made / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS, "include": ["*.ts"]}))
    return made


def complaints(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """What the compiler says of each dashboard it doesn't take."""
    paths = {name: folder / f"{name}.ts" for name in texts}
    for name, text in texts.items():
        paths[name].write_text(f'import type {{ File }} from "./types";\nexport const file: File = {text};\n')
    done = node("node", str(COMPILER), "-p", ".", at=folder)
    for path in paths.values():
        path.unlink()
    lines = [line for line in done.stdout.splitlines() if ": error " in line]
    assert bool(lines) == (done.returncode != 0), done.stdout + done.stderr
    return {line.partition(".ts(")[0]: line for line in lines}


def test_every_dashboard_is_one(folder: Path):
    texts = {uid: json.dumps(each, indent=1) for uid, each in dashboards(rendered()).items()}
    assert complaints(folder, texts) == {}


def test_what_is_none_is_refused(folder: Path):
    right = json.dumps(dashboards(rendered())["datalab-viz"], indent=1)
    wrong = {f"wrong{number}": change(right) for number, change in enumerate(WRONG.values())}
    assert all(text != right for text in wrong.values())
    assert set(complaints(folder, wrong)) == set(wrong)
