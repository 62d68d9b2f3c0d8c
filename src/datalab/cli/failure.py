"""What is said when something went wrong, and the exit code for it."""

import sys

from datalab.contracts.errors import PlatformError, Unauthenticated

FAILED = 1


def explain(error: Exception) -> int:
    """One line on stderr and the exit code. What is no known failure is raised again, with its trace."""
    if isinstance(error, PlatformError):
        line = line_of(error)
    elif isinstance(error, OSError):
        line = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    else:
        raise error
    print("datalab: " + " ".join(line.split()), file=sys.stderr)  # noqa: T201 - the terminal is the reader
    return FAILED


def line_of(error: PlatformError) -> str:
    """The error in one line, with its code."""
    more = "".join(f"; {one.where}: {one.what}" for one in error.errors if one.what not in error.detail)
    hint = "; run `datalab login` or set DATALAB_TOKEN" if error.code == Unauthenticated.code else ""
    return f"{error.detail}{more}{hint} [{error.code}]"
