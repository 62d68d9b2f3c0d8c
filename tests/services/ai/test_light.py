"""The API process stays light: what is heavy is imported in pool processes, or at the first prediction."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("sklearn", "skl2onnx", "skops", "scipy", "pandas", "pyarrow", "onnx", "onnxruntime", "numpy", "alembic")
SCRIPT = f"""
import sys
from pathlib import Path
import datalab.services.ai.app
import datalab.services.ai.jobs
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def test_importing_the_app_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


QUIET = """
from onnx import TensorProto, helper
from datalab.services.ai.adapters.onnx_session import open_session

shape = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in ("rows", "outcome")]
graph = helper.make_graph([helper.make_node("Identity", ["rows"], ["outcome"])], "same", shape[:1], shape[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
print(open_session(model.SerializeToString()).get_outputs()[0].name)
"""


def test_onnxruntime_says_nothing_and_keeps_nothing_about_its_use(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, check=True, env=environment)
    assert (done.stdout.strip(), done.stderr) == ("outcome", "")
    assert list(tmp_path.rglob("*")) == []
