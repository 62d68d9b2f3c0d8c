"""Errors keep their class, words and findings when they travel."""

import pickle

import pytest

import datalab.contracts.ai
import datalab.contracts.compute
import datalab.contracts.data
import datalab.contracts.gateway
import datalab.contracts.viz
from datalab.contracts.errors import FieldError, PlatformError, rebuild

ALL = sorted(PlatformError.by_code.items())


@pytest.mark.parametrize(("code", "kind"), ALL, ids=[code for code, _ in ALL])
def test_an_error_is_rebuilt_as_its_own_class(code: str, kind: type[PlatformError]):
    finding = FieldError(where="body.age", what="below 0", got="-1")
    error = rebuild(code, "what happened", (finding,), retry_after_s=2)
    assert type(error) is kind
    assert (error.detail, error.errors, error.retry_after_s) == ("what happened", (finding,), 2)


def test_an_error_survives_pickling():
    error = datalab.contracts.data.DatasetNotFound("flights")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.detail) == (type(error), error.detail)


def test_an_unknown_code_is_a_plain_platform_error():
    assert type(rebuild("from_the_future", "x")) is PlatformError


def test_two_errors_may_not_share_a_code():
    with pytest.raises(TypeError, match="share the code"):
        type("Twin", (PlatformError,), {"code": "dataset_not_found"})
