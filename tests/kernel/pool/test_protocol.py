"""Frames as they are written."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from datalab.kernel.pool.protocol import decode, encode


def test_paths_and_numpys_values_become_plain():
    written = encode({"path": Path("/a"), "number": np.int64(7), "array": np.arange(3), "chance": np.float32(0.5)})
    assert decode(written) == {"path": "/a", "number": 7, "array": [0, 1, 2], "chance": 0.5}


def test_what_has_no_json_form_is_refused():
    with pytest.raises(TypeError, match="object"):
        encode({"value": object()})


def test_a_path_loads_no_numpy_into_the_service():
    code = (
        "import sys; from pathlib import Path; from datalab.kernel.pool.protocol import encode; "
        "print(encode([Path('/a')]), 'numpy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "b'[\"/a\"]' False"
