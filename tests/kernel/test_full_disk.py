"""A full disk is known by whoever tells of it, and nothing else is taken for one."""

import errno
import os

import pytest

from datalab.contracts.errors import NotFound, StorageFull
from datalab.kernel.full_disk import full_as_storage_full, is_full


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
        OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        RuntimeError("IO Error: Could not write file: No space left on device"),
        caused(RuntimeError("it failed"), OSError(errno.ENOSPC, "full")),
    ],
)
def test_whoever_says_that_a_disk_is_full_is_understood(error: Exception):
    assert is_full(error)
    with pytest.raises(StorageFull, match="the disk of uploads is full"), full_as_storage_full("the disk of uploads"):
        raise error


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "no"), NotFound("no such space"), ValueError("full")])
def test_other_errors_pass(error: Exception):
    assert not is_full(error)
    with pytest.raises(type(error)), full_as_storage_full("the disk of uploads"):
        raise error
