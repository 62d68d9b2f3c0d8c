"""The kind ``python``: users' code."""

from datalab.contracts.errors import InvalidInput


class PythonFailed(InvalidInput):
    """The code of a ``python`` job raised an error, ended its process or left a result that isn't JSON."""

    code, title = "python_failed", "Python code failed"
