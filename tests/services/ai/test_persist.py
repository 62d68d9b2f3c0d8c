"""Only files that we wrote are opened, and only types that we write."""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.preprocessing import FunctionTransformer
from skops import io

from datalab.services.ai.adapters.training import persist
from datalab.services.ai.adapters.training.persist import ModelFileRefused, read_estimator, write_estimator


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_estimator_comes_back_and_says_the_same(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(200, 3))
    estimator = HistGradientBoostingClassifier(max_iter=3).fit(rows, rows[:, 0] > 0)
    path = tmp_path / "model.skops"
    write_estimator(estimator, path)
    again = read_estimator(path, digest(path))
    assert (again.predict_proba(rows) == estimator.predict_proba(rows)).all()


def test_a_type_that_we_never_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "evil.skops"
    io.dump(FunctionTransformer(func=hashlib.sha256), path)
    with pytest.raises(ModelFileRefused, match="types that are never opened"):
        read_estimator(path, digest(path))


def test_a_file_that_unfolds_into_too_much_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.skops"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("zeros", "w") as entry,
    ):
        for _ in range(persist.MOST_BYTES // 2**24 + 1):
            entry.write(bytes(2**24))
    assert path.stat().st_size < persist.MOST_BYTES / 100
    with pytest.raises(ModelFileRefused, match="unfolds into"):
        read_estimator(path, digest(path))


def test_a_file_that_is_not_the_registered_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.skops"
    path.write_bytes(b"something else")
    with pytest.raises(ModelFileRefused, match="not what was registered"):
        read_estimator(path, "0" * 64)
