"""Models that we converted ourselves, run in this process by onnxruntime."""

from datalab.services.ai.adapters.serving.batch import Outcomes, Run
from datalab.services.ai.model.inputs import Numbers


def open_onnx(model: bytes, width: int) -> Run:
    """The model, ready to run. Takes a while: call it in a thread. Imports onnxruntime and numpy."""
    import numpy as np

    from datalab.services.ai.adapters.onnx_session import open_session

    session = open_session(model)
    wanted = [session.get_outputs()[-1].name]

    def run(numbers: Numbers, rows: int) -> Outcomes:
        matrix = np.frombuffer(numbers, np.float32).reshape(rows, width)
        return session.run(wanted, {"rows": matrix})[0].reshape(rows, -1).tolist()

    return run
