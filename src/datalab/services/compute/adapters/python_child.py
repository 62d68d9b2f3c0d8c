"""Running a user's code, inside a confined process that runs nothing else before or after."""

import linecache
import sys
import traceback
from typing import Any, Final, cast

import orjson

from datalab.kernel.pool.channel import Channel
from datalab.services.compute.model.python import PythonFailed

FILE: Final = "<job>"


def run(arguments: Any, _channel: Channel) -> dict[str, Any]:
    """Execute ``arguments["code"]`` and give what it left in ``result``: an object as it is, anything else as ``value``.

    A callable ``result`` is called first. Raises PythonFailed; what was printed, and the traceback of an error, are
    lines of the log.
    """
    code = str(arguments["code"])
    linecache.cache[FILE] = (len(code), None, code.splitlines(keepends=True), FILE)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(code, FILE, "exec"), namespace)  # noqa: S102 # this is what the process was made for
        result = namespace.get("result")
        answer = result() if callable(result) else result
    except MemoryError:
        raise
    except SystemExit as stop:
        if stop.code not in {None, 0}:
            raise PythonFailed(f"the code ended with sys.exit({stop.code!r})"[:500]) from None
        answer = namespace.get("result")
    except BaseException as error:  # noqa: BLE001 # whatever the code raises is the job's error
        raise PythonFailed(_told(error)) from None
    return _as_object(answer)


def _told(error: BaseException) -> str:
    """The error in a sentence; its traceback, without our own frames, goes to the log."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(frames)] if frames else []
    print("".join([*lines, *traceback.format_exception_only(error)]), file=sys.stderr)  # noqa: T201 # it is the log
    own = [frame.lineno for frame in frames if frame.filename == FILE]
    line = own[-1] if own else getattr(error, "lineno", None)
    where = f" in line {line} of the code" if line else ""
    return f"{type(error).__name__}{where}: {error}"[:1000]


def _as_object(answer: Any) -> dict[str, Any]:
    if answer is None:
        return {}
    whole = cast("dict[str, Any]", answer) if isinstance(answer, dict) else {"value": answer}
    try:
        return orjson.loads(orjson.dumps(whole, option=orjson.OPT_SERIALIZE_NUMPY))
    except (TypeError, ValueError) as error:
        raise PythonFailed(f"what the code left in `result` has no JSON form: {error}") from None
