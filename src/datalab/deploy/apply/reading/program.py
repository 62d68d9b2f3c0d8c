"""Where a target's own program is."""

import os
import shutil

from datalab.contracts.errors import Unavailable

_BESIDE = "/usr/sbin:/sbin"
"""Where a server is though not every account's PATH says so."""


def find_program(name: str) -> str:
    """The path of a server that judges its own configuration. Raises Unavailable when it isn't there."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_BESIDE}")
    if found is None:
        raise Unavailable(f"{name} is not on this machine's PATH: install it to read its configuration")
    return found
