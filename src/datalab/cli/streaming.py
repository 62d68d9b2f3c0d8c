"""Writing an answer as it arrives."""

import sys
from pathlib import Path

from datalab.client.face import Pieces


def write_stream(stream: Pieces, output: Path | None) -> None:
    """Into the file named, which appears once it is whole, or to stdout."""
    if output is None:
        for piece in stream:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as file:
            for piece in stream:
                file.write(piece)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
