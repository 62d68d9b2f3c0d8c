"""Opening ONNX models: the only module that knows onnxruntime."""

import os
from typing import Any, Protocol

from numpy.typing import NDArray

_ERRORS_ONLY = 3


class Session(Protocol):
    """A model, ready to run in this thread or another."""

    def get_outputs(self) -> list[Any]:
        """The outputs; each has a ``name``."""
        ...

    def run(self, outputs: list[str], inputs: dict[str, Any], /) -> list[NDArray[Any]]:
        """The outputs' values."""
        ...


def open_session(model: bytes) -> Session:
    """One thread that doesn't spin, memory given back after each run.

    Official builds of onnxruntime send usage data to Microsoft; this variable, set before the first import, stops it.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    runtime: Any = onnxruntime
    runtime.set_default_logger_severity(_ERRORS_ONLY)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
