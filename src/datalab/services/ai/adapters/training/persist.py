"""The original estimator in a skops file: written after training, opened in pool processes only."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any, Final

from datalab.contracts.errors import InternalError

MOST_BYTES: Final = 512 * 2**20
"""Unpacked: a small archive can unfold into all memory there is."""
TRUSTED: Final = ("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",)
"""Types that our own candidates hold, beside those that skops trusts by itself. Never what a file says it needs."""


class ModelFileRefused(InternalError):
    """A model file holds what we never write, or unfolds into too much; it isn't opened."""

    code, title = "model_file_refused", "Model file refused"


def write_estimator(estimator: Any, path: Path) -> None:
    """Write it.

    Raises:
        ModelFileRefused: It couldn't be opened again by :func:`read_estimator`.
    """
    from skops import io

    dump: Any = io.dump
    dump(estimator, path, compression=zipfile.ZIP_DEFLATED)
    _check(path)


def read_estimator(path: Path, sha256: str) -> Any:
    """The estimator again.

    Raises:
        ModelFileRefused: Not the file that was registered, too large when unpacked, or it names a type not on the list.
    """
    from skops import io

    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise ModelFileRefused(f"{path.name} is not what was registered")
    _check(path)
    return io.load(path, trusted=list(TRUSTED))


def _check(path: Path) -> None:
    from skops import io

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ModelFileRefused(f"{path.name} is no model file") from error
    if size > MOST_BYTES:
        raise ModelFileRefused(f"{path.name} unfolds into {size} bytes; {MOST_BYTES} are opened at most")
    untrusted = sorted(set(io.get_untrusted_types(file=path)) - set(TRUSTED))
    if untrusted:
        raise ModelFileRefused(f"{path.name} holds types that are never opened: {', '.join(untrusted)[:500]}")
